package report

import (
	"bytes"
	"encoding/json"
	"flag"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/stretchr/testify/require"

	"github.com/image-budget/image-budget/internal/budget"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// shots are the ways in which goldens are taken: every format as it is, and
// the text format as other terminals get it.
var shots = func() []shot {
	all := []shot{
		{"narrow.text", Text, Options{Width: 40}},
		{"wide.text", Text, Options{Width: 120, Verbose: true}},
		{"color.text", Text, Options{Width: 80, Color: true}},
	}
	for _, f := range Formats {
		all = append(all, shot{f.Name, f, Options{}})
	}
	return all
}()

type shot struct {
	suffix string
	format Format
	o      Options
}

func TestGoldens(t *testing.T) {
	for _, r := range results {
		for _, s := range shots {
			t.Run(r.name+"/"+s.suffix, func(t *testing.T) {
				var b bytes.Buffer
				require.NoError(t, s.format.Write(&b, r.result, s.o))
				path := filepath.Join("testdata", r.name+"."+s.suffix)
				got := cutShell(b.String())
				if *update {
					require.NoError(t, os.MkdirAll("testdata", 0o777))
					require.NoError(t, os.WriteFile(path, []byte(got), 0o666))
				}
				if r.name != "hostile" { // what is ours needs no escape
					require.NotContains(t, b.String(), "<U+")
				}
				want, err := os.ReadFile(path)
				require.NoError(t, err, "run go test ./internal/report -update")
				require.Equal(t, string(want), got)
			})
		}
	}
}

// cutShell leaves out of a page what is in a file of its own and the same in
// every page, and the hashes of that.
func cutShell(text string) string {
	return shell.ReplaceAllString(text, "${1}...${2}")
}

var shell = regexp.MustCompile(`(?s)(<style>|<script>|sha256-).*?(</style>|</script>|&#39;;)`)

// Every golden file belongs to a result and a shot.
func TestNoStrayGoldens(t *testing.T) {
	known := map[string]bool{}
	for _, r := range results {
		for _, s := range shots {
			known[r.name+"."+s.suffix] = true
		}
	}
	files, err := os.ReadDir("testdata")
	require.NoError(t, err)
	for _, f := range files {
		if f.IsDir() { // of another kind of report
			continue
		}
		require.True(t, known[f.Name()], "%s is the golden of nothing", f.Name())
	}
}

// What a new format would have to keep, without a line here: it is in Formats.
func TestEveryFormat(t *testing.T) {
	for _, f := range Formats {
		found, ok := Named(f.Name)
		require.True(t, ok)
		require.Equal(t, f.Name, found.Name)
		require.NotEmpty(t, f.Help)
		for _, r := range results {
			t.Run(f.Name+"/"+r.name, func(t *testing.T) {
				var b bytes.Buffer
				require.NoError(t, f.Write(&b, r.result, Options{Verbose: true}))
				require.True(t, strings.HasSuffix(b.String(), "\n"))
				requireInert(t, b.String())
			})
		}
	}
	_, ok := Named("xml")
	require.False(t, ok)
}

// requireInert holds rows C1 and C2 of any output.
func requireInert(t *testing.T, text string) {
	t.Helper()
	require.True(t, utf8.ValidString(text))
	require.NotContains(t, text, "##[", "C1")
	for _, line := range strings.FieldsFunc(text, func(r rune) bool { return r == '\n' || r == '\r' }) {
		require.False(t, strings.HasPrefix(strings.TrimSpace(line), "::"), "C1: %q", line)
	}
	for _, r := range text {
		if r != '\n' && r != '\t' && r != '\ufe0f' { // the last belongs to an emoji of ours
			require.True(t, unicode.IsPrint(r), "C2: %U", r)
		}
	}
}

func TestJSONIsTheResult(t *testing.T) {
	for _, r := range results {
		t.Run(r.name, func(t *testing.T) {
			var b bytes.Buffer
			require.NoError(t, JSON.Write(&b, r.result, Options{}))
			var got budget.Result
			dec := json.NewDecoder(&b)
			dec.DisallowUnknownFields()
			require.NoError(t, dec.Decode(&got))
			plain, err := json.Marshal(r.result)
			require.NoError(t, err)
			again, err := json.Marshal(got)
			require.NoError(t, err)
			require.JSONEq(t, string(plain), string(again))
		})
	}
}

func TestJSONOfWhatCannotBeOne(t *testing.T) { // E1: NaN never reads as a number
	r := run(0, image("x", budget.Pass, size(1, 1)))
	zero := 0.0
	nan := zero / zero
	r.Images[0].Metrics[0].Value = &nan
	require.Error(t, JSON.Write(&bytes.Buffer{}, r, Options{}))
}

// Colours are all that Options.Color changes.
func TestColor(t *testing.T) {
	for _, r := range results {
		var with, without bytes.Buffer
		require.NoError(t, Text.Write(&with, r.result, Options{Color: true}))
		require.NoError(t, Text.Write(&without, r.result, Options{}))
		require.NotContains(t, without.String(), "\x1b")
		stripped := with.String()
		for _, s := range []style{bold, red, green, yellow, dim} {
			stripped = strings.ReplaceAll(stripped, "\x1b["+string(s)+"m", "")
		}
		require.Equal(t, without.String(), strings.ReplaceAll(stripped, "\x1b[0m", ""), r.name)
	}
}

func TestWriteErrors(t *testing.T) { // E11
	for _, f := range Formats {
		t.Run(f.Name, func(t *testing.T) {
			require.ErrorIs(t, f.Write(failing{0, os.ErrClosed}, results[0].result, Options{}), os.ErrClosed)
			require.ErrorIs(t, f.Write(failing{1, nil}, results[0].result, Options{}), io.ErrShortWrite)
		})
	}
}

type failing struct {
	n   int
	err error
}

func (f failing) Write([]byte) (int, error) { return f.n, f.err }
