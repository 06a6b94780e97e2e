package doctor

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// oldestRuntimes are the first releases in which the known ways out of a
// container are closed, by the major version they belong to: runc
// CVE-2025-31133 and its like, containerd CVE-2026-47262.
var oldestRuntimes = []struct {
	name   string
	major  int
	oldest [3]int
}{
	{"runc", 1, [3]int{1, 2, 8}},
	{"containerd", 1, [3]int{1, 7, 33}},
	{"containerd", 2, [3]int{2, 2, 5}},
}

// runtimeVersions only warns: distributions mend old versions without a new
// number.
var runtimeVersions = Check{
	Name: "runtime",
	Run: func(_ context.Context, m Machine) Finding {
		if m.about == nil {
			return Finding{}
		}
		var known, old []string
		for _, r := range oldestRuntimes {
			text := m.about.Parts[r.name]
			have, ok := parseVersion(text)
			if !ok || have[0] != r.major {
				continue
			}
			known = append(known, r.name+" "+text)
			if slices.Compare(have[:], r.oldest[:]) < 0 {
				old = append(old, fmt.Sprintf("%s %s is older than %d.%d.%d", r.name, text, r.oldest[0], r.oldest[1], r.oldest[2]))
			}
		}
		switch {
		case len(known) == 0:
			return Finding{}
		case len(old) > 0:
			return Finding{
				Level: Warn,
				Text:  strings.Join(old, ", ") + ": a hostile image may break out of its container",
				Fix:   "update the engine unless your distribution has mended this version, or check on machines that are thrown away",
			}
		}
		return Finding{Level: OK, Text: strings.Join(known, ", ")}
	},
}

// parseVersion reads the three numbers that "v1.6.20~ds1" begins with.
func parseVersion(text string) (v [3]int, ok bool) {
	parts := strings.SplitN(strings.TrimPrefix(text, "v"), ".", 3)
	if len(parts) != 3 {
		return v, false
	}
	if end := strings.IndexFunc(parts[2], func(r rune) bool { return r < '0' || r > '9' }); end >= 0 {
		parts[2] = parts[2][:end]
	}
	for i, part := range parts {
		n, err := strconv.Atoi(part)
		if err != nil {
			return v, false
		}
		v[i] = n
	}
	return v, true
}

// engineWarnings passes on what the engine itself says of its host: most often
// a limit that a container would not be held to.
var engineWarnings = Check{
	Name: "engine says",
	Run: func(_ context.Context, m Machine) Finding {
		if m.about == nil || len(m.about.Warnings) == 0 {
			return Finding{}
		}
		return Finding{
			Level: Warn,
			Text:  strings.ReplaceAll(strings.Join(m.about.Warnings, "; "), "WARNING: ", ""),
			Fix:   "see the engine's documentation for each; a limit that the kernel does not hold is not held in a trial",
		}
	},
}
