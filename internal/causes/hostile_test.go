package causes

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/image-budget/image-budget/internal/growth"
	"github.com/image-budget/image-budget/internal/inventory"
)

// C2, C3: what is in the names of an image changes no number of causes and takes no
// word out of them; the reports escape it.
func TestHostileNames(t *testing.T) {
	shape := func(instruction, pkg, version, path string) (lines []string) {
		before := made(inventory.Layer{Instruction: "ADD rootfs", Size: 10, Compressed: 10, Unowned: 10})
		now := with(made(inventory.Layer{Instruction: "ADD rootfs", Size: 10, Compressed: 10, Unowned: 10},
			inventory.Layer{Instruction: instruction, Size: 500e6, Compressed: 90e6, Unowned: 100e6,
				Largest: []inventory.File{{Path: path, Size: 90e6, Layer: 1}}}),
			inventory.Package{Key: pkg, Version: version, Size: 400e6, Layer: 1})
		return Of(over("size", "compressed_size", "layers", "pull_time"), growth.Between(before, now), now)
	}
	plain := shape("RUN x", "python:x", "1", "x")
	require.NotEmpty(t, plain)
	for _, text := range []string{
		"\x1b[31m\a\b\u009b\u202e", "::error::x", "##[add-mask]", "`|<!-- x --><img src=x>![](http://x)@team", "\xff\xfe",
		"%s%d%!", "; ", " -> ", strings.Repeat("long", 1250),
	} {
		lines := shape(text, "python:"+text, text, text)
		require.Len(t, lines, len(plain), "%q", text)
		for i, line := range lines {
			about, _, _ := strings.Cut(plain[i], " ")
			require.True(t, strings.HasPrefix(line, about), "%q", line)
			require.NotContains(t, line, "%!(", "%q", text)
			require.NotContains(t, line, "\n")
		}
		require.Contains(t, lines[0], strings.Join(strings.Fields("python:"+text+" "+text), " "))
		require.Contains(t, lines[0], "/"+text)
	}
}
