package waste

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// files reads files that stand in lines: a path, and in any order its owner and
// its size where they matter.
func files(t *testing.T, lines string) []File {
	var all []File
	for line := range strings.Lines(lines) {
		words := strings.Fields(line)
		if len(words) == 0 {
			continue
		}
		f := File{Path: words[0], Size: 20_000}
		for _, word := range words[1:] {
			if strings.Contains(word, ":") {
				f.Package = word
				continue
			}
			size, err := strconv.ParseInt(word, 10, 64)
			require.NoError(t, err, line)
			f.Size = size
		}
		require.NotEqual(t, '/', f.Path[0], line)
		all = append(all, f)
	}
	return all
}

// cases are what a category has to take, and what looks like it and is not of it,
// whether of another one or of none.
type cases struct {
	category   *Category
	hits, miss string
}

var everyCase = []cases{
	cachesCases, versionControlCases, developmentCases, acceleratorCases, toolchainCases,
	assetsCases, testsCases, documentationCases, modelsCases,
}

func TestOf(t *testing.T) {
	done := map[*Category]bool{}
	for _, c := range everyCase {
		done[c.category] = true
		t.Run(c.category.Name, func(t *testing.T) {
			hits, misses := files(t, c.hits), files(t, c.miss)
			require.GreaterOrEqual(t, len(hits), 5)
			require.GreaterOrEqual(t, len(misses), 3)
			for _, f := range hits {
				require.Equal(t, c.category.Name, nameOf(f), "%+v", f)
			}
			for _, f := range misses {
				require.NotEqual(t, c.category.Name, nameOf(f), "%+v", f)
			}
		})
	}
	for _, c := range Categories {
		require.Equal(t, c.matches != nil, done[c], "%s has cases, or is found by the caller", c.Name)
	}
}

func nameOf(f File) string {
	if c, ok := Of(f); ok {
		return c.Name
	}
	return "none"
}

var sentence = regexp.MustCompile(`^[A-Z].*[A-Za-z/*]\.$`)

func TestCategories(t *testing.T) {
	seen := map[string]bool{}
	for _, c := range Categories {
		require.Regexp(t, `^[a-z_]+$`, c.Name)
		require.False(t, seen[c.Name], c.Name)
		seen[c.Name] = true
		require.NotEmpty(t, c.Title)
		for _, text := range []string{c.Why, c.Fix} {
			require.Regexp(t, sentence, text, c.Name)
			require.NotRegexp(t, `[a-z]\. [A-Z]`, text, "%s: one sentence", c.Name)
		}
		found, ok := Named(c.Name)
		require.True(t, ok)
		require.Same(t, c, found)
	}
	_, ok := Named("luggage")
	require.False(t, ok)
}

// FuzzOf: whatever a tar says that a file is called, it is judged.
func FuzzOf(f *testing.F) {
	for _, path := range strings.Fields(`a .git/ .. / // a//b __pycache__/.pyc __pycache__/x.pyc .pyc site-packages/ node_modules/@ node_modules/@a/b
		lib/python3 lib/python3. usr/local/cuda opt/conda/pkgs/ models--/x variables/variables.data-0 .gz x.csv.gz usr/lib/locale/ usr/bin/-linux-- bin/gcc-`) {
		f.Add(path, "", int64(1))
	}
	for _, c := range everyCase {
		for line := range strings.Lines(c.hits) {
			if words := strings.Fields(line); len(words) > 0 {
				f.Add(words[0], "deb:python3-", int64(1<<30))
			}
		}
	}
	f.Fuzz(func(t *testing.T, path, owner string, size int64) {
		file := File{Path: path, Package: owner, Size: size}
		first, ok := Of(file)
		require.Equal(t, ok, first != nil)
		again, _ := Of(file)
		require.Same(t, first, again)
		if source, ok := CompiledFrom(path); ok {
			require.NotEmpty(t, source)
			require.Less(t, len(source), len(path)+2)
		}
	})
}

func BenchmarkOf(b *testing.B) {
	var all []File
	for i := range 1000 {
		all = append(all, File{Path: fmt.Sprintf("app/.venv/lib/python3.12/site-packages/torch/nn/modules/m%d.py", i), Package: "python:torch", Size: 5000})
	}
	for b.Loop() {
		for _, f := range all {
			Of(f)
		}
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*len(all)), "ns/file")
}
