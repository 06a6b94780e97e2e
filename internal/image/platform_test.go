package image

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestParsePlatform(t *testing.T) {
	for _, good := range []string{"linux/amd64", "linux/arm64/v8", "windows/amd64"} {
		p, err := ParsePlatform(good)
		require.NoError(t, err)
		require.Equal(t, good, p.String())
	}
	for _, bad := range []string{"", "linux", "linux/", "/amd64", "linux/arm/v7/x", "Linux/amd64", "linux/amd 64"} {
		_, err := ParsePlatform(bad)
		require.ErrorContains(t, err, "such as linux/amd64", bad)
	}
	require.Empty(t, Platform{}.String())
}

func TestPlatformMatches(t *testing.T) {
	for _, c := range []struct {
		want, have string
		match      bool
	}{
		{"linux/amd64", "linux/amd64", true},
		{"linux/amd64", "linux/arm64", false},
		{"linux/amd64", "windows/amd64", false},
		{"linux/arm64", "linux/arm64/v8", true},
		{"linux/arm64/v8", "linux/arm64", true},
		{"linux/arm/v7", "linux/arm/v6", false},
		{"linux/arm/v7", "linux/arm", false},
	} {
		want, err := ParsePlatform(c.want)
		require.NoError(t, err)
		have, err := ParsePlatform(c.have)
		require.NoError(t, err)
		require.Equal(t, c.match, want.Matches(have), "%s on %s", c.want, c.have)
	}
}
