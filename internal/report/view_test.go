package report

import (
	"bytes"
	"encoding/json"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// looks are the ways in which goldens of a view are taken: as it is, and the text
// as other terminals get it.
func looks(view string) map[string]Options {
	if view != "text" {
		return map[string]Options{view: {}}
	}
	return map[string]Options{"text": {}, "narrow.text": {Width: 40}, "wide.text": {Width: 120}, "color.text": {Color: true}}
}

// goldenTop is how many of each kind goldens list, so that some are left over.
const goldenTop = 3

// requireGoldens holds every view of one thing against its golden file, which is
// testdata/<kind>/<name>.<look>, and against what all of them have to keep.
func requireGoldens[T any](t *testing.T, all views[T], kind, name string, of T) {
	t.Helper()
	for _, v := range all {
		for look, o := range looks(v.Name) {
			t.Run(name+"/"+look, func(t *testing.T) {
				var b bytes.Buffer
				require.NoError(t, v.Write(&b, of, goldenTop, o))
				text := b.String()
				require.True(t, strings.HasSuffix(text, "\n"))
				switch {
				case v.Name == "github":
					requireAnnotations(t, text)
				case !o.Color:
					requireInert(t, text)
				}
				if !strings.HasPrefix(name, "hostile") { // what is ours needs no escape
					require.NotContains(t, text, "<U+")
				}
				text = cutShell(text)
				path := filepath.Join("testdata", kind, name+"."+look)
				if *update {
					require.NoError(t, os.MkdirAll(filepath.Dir(path), 0o777))
					require.NoError(t, os.WriteFile(path, []byte(text), 0o666))
				}
				want, err := os.ReadFile(path)
				require.NoError(t, err, "run go test ./internal/report -update")
				require.Equal(t, string(want), text)
				require.ErrorIs(t, v.Write(failing{0, os.ErrClosed}, of, goldenTop, o), os.ErrClosed)
				require.ErrorIs(t, v.Write(failing{1, nil}, of, goldenTop, o), io.ErrShortWrite)
			})
		}
		require.NotEmpty(t, v.Help)
		for _, top := range []int{-1, 0, 1, 1 << 30} {
			require.NoError(t, v.Write(io.Discard, of, top, Options{Width: 1}), "the top %d", top)
		}
	}
	requireKept(t, all, of)
}

// requireKept holds what the formats for programs and for comments have to keep.
func requireKept[T any](t *testing.T, all views[T], of T) {
	t.Helper()
	write := func(name string) string {
		var b bytes.Buffer
		write, ok := all.named(name)
		require.True(t, ok)
		require.NoError(t, write(&b, of, goldenTop, Options{}))
		return b.String()
	}
	var envelope struct{ Version int }
	require.NoError(t, json.Unmarshal([]byte(write("json")), &envelope))
	require.Equal(t, 1, envelope.Version)
	if _, ok := all.named("markdown"); ok {
		requireInertMarkdown(t, write("markdown"))
	}
}

// requireInertMarkdown holds row C3: every row of a table has as many cells as its
// head, and outside of code there is nothing that came from outside.
func requireInertMarkdown(t *testing.T, text string) {
	t.Helper()
	require.NotContains(t, text, "<!--")
	require.Equal(t, strings.Count(text, "<details>"), strings.Count(text, "\n</details>"))
	columns := 0
	for _, line := range outsideFences(text) {
		if !strings.HasPrefix(line, "|") {
			columns = 0
		} else if columns == 0 {
			columns = strings.Count(line, "|")
		}
		require.True(t, columns == 0 || columns == strings.Count(line, "|"), line)
		rest := line
		for codeSpan.MatchString(rest) {
			rest = strings.Replace(rest, codeSpan.FindStringSubmatch(rest)[1], "", 1)
		}
		for _, alive := range []string{"`", "@", "![", "](", "http", "<img", "<b>", "evil", "#1", "team", "__"} {
			require.NotContains(t, rest, alive, "from %q", line)
		}
	}
}

// requireNoStrays: every golden file belongs to a kind of thing and a look.
func requireNoStrays[T any](t *testing.T, all views[T], kind string, of map[string]T) {
	t.Helper()
	var known []string
	for name := range of {
		for _, v := range all {
			for look := range maps.Keys(looks(v.Name)) {
				known = append(known, name+"."+look)
			}
		}
	}
	files, err := os.ReadDir(filepath.Join("testdata", kind))
	require.NoError(t, err)
	for _, f := range files {
		require.True(t, slices.Contains(known, f.Name()), "%s is the golden of nothing", f.Name())
	}
}
