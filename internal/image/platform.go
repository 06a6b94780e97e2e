package image

import (
	"fmt"
	"strings"
)

// Platform is an operating system, an architecture and a variant of it, as in
// the OCI image index.
type Platform struct {
	OS, Architecture, Variant string
}

// ParsePlatform reads "os/architecture" or "os/architecture/variant".
func ParsePlatform(s string) (Platform, error) {
	parts := strings.Split(s, "/")
	if len(parts) < 2 || len(parts) > 3 {
		return Platform{}, fmt.Errorf("%q is not a platform: write os/architecture or os/architecture/variant, such as linux/amd64", s)
	}
	for _, part := range parts {
		if part == "" || strings.ContainsFunc(part, notPlatformRune) {
			return Platform{}, fmt.Errorf("%q is not a platform: write os/architecture or os/architecture/variant, such as linux/amd64", s)
		}
	}
	p := Platform{OS: parts[0], Architecture: parts[1]}
	if len(parts) == 3 {
		p.Variant = parts[2]
	}
	return p, nil
}

func notPlatformRune(r rune) bool {
	return (r < 'a' || r > 'z') && (r < '0' || r > '9') && r != '_'
}

// String is the form that ParsePlatform reads; empty for the zero Platform.
func (p Platform) String() string {
	if p == (Platform{}) {
		return ""
	}
	s := p.OS + "/" + p.Architecture
	if p.Variant != "" {
		s += "/" + p.Variant
	}
	return s
}

// Matches reports whether an image of platform have may be used where p is
// wanted. arm64 is always v8; a variant that is not asked for does not count.
func (p Platform) Matches(have Platform) bool {
	if p.OS != have.OS || p.Architecture != have.Architecture {
		return false
	}
	return p.Variant == "" || p.Variant == have.Variant || (p.Architecture == "arm64" && p.Variant == "v8" && have.Variant == "")
}
