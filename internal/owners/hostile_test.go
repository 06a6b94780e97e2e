package owners

import (
	"fmt"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// TestSymlinks holds what a list says against what the tar has.
func TestSymlinks(t *testing.T) {
	s := newSymlinks(map[string]string{
		"lib": "usr/lib", "usr/lib/alias": "opt/x", "opt/x/deep": "srv", "data": "", "a": "b", "b": "a", "grow": "grow/grow", "": "x",
	})
	for name, want := range map[string]string{
		"/lib/libc.so":        "usr/lib/libc.so",
		"lib":                 "lib", // the symlink itself
		"lib/alias/deep/file": "srv/file",
		"./lib//alias/../z":   "usr/lib/z",
		"data/x":              "x",
		"libx/y":              "libx/y",
		"/.":                  "",
		"/":                   "",
		"":                    "",
	} {
		got, err := s.place(name)
		require.NoError(t, err, name)
		require.Equal(t, want, got, name)
	}
	for _, bad := range []string{"a/x", "grow/x", "../x", "x/../../y", "..", "a\nb", strings.Repeat("x", maxPath+1)} {
		_, err := s.place(bad)
		require.Error(t, err, bad)
	}
}

// TestHostileImages: whatever is in the files, the time is linear in them and
// the memory bounded. With ten megabytes and a million files, the slowest takes
// some seconds.
func TestHostileImages(t *testing.T) {
	const size = 2 << 20
	const record, status, list, apk = "s/a-1.dist-info/RECORD", "var/lib/dpkg/status", "var/lib/dpkg/info/a.list", "lib/apk/db/installed"
	fill := func(text string) string { return strings.Repeat(text, size/len(text)) }
	var many, stanzas, folders strings.Builder
	for i := range 200_000 {
		fmt.Fprintf(&many, "a/%d/x.py,,\n", i)
		if i < 60_000 {
			fmt.Fprintf(&stanzas, "Package: p\nStatus: install ok installed\nArchitecture: %d\n\n", i)
			fmt.Fprintf(&folders, "%d/%d/%d/x\n", i, i, i)
		}
	}
	for name, files := range map[string]image{
		"one line":              {record: fill("a"), status: "Package: " + fill("a"), list: fill("/a"), apk: "P:" + fill("a")},
		"commas":                {record: fill(","), "s/a-1.dist-info/METADATA": fill("Name:")},
		"quotes":                {record: fill(`"`), "s/b-1.dist-info/RECORD": fill("\"\n"), "s/b-1.dist-info/top_level.txt": fill("a\n")},
		"empty lines":           {record: fill("\n"), status: fill("\n"), list: fill("\n"), apk: fill("\n")},
		"many files":            {record: many.String()},
		"folders":               {record: folders.String()},
		"top level":             {"s/a-1.dist-info/top_level.txt": folders.String()},
		"deep paths":            {record: fill(strings.Repeat("a/", 2000) + "\n"), list: fill("/" + strings.Repeat("a/", 2000) + "\n")},
		"many architectures":    {status: stanzas.String(), list: fill("/usr/bin/a\n")},
		"tiny packages":         {apk: fill("P:a\n\n"), status: fill("Package: a\n\n")},
		"conda of empty paths":  {"conda-meta/a.json": `{"name":"a","files":[` + fill(`"",`) + `""]}`},
		"nested JSON":           {"node_modules/a/package.json": fill("["), "conda-meta/a.json": fill(`{"files":`)},
		"JSON of many members":  {"node_modules/a/package.json": `{` + fill(`"name":"a",`) + `"name":"b"}`},
		"cyclic links of depth": {list: fill("/l/l/l/l/l/l/l/l\n"), status: stanza("a", "1")},
	} {
		t.Run(name, func(t *testing.T) {
			texts := map[string][]byte{}
			for path, text := range files {
				texts[path] = []byte(text)
			}
			before, start := allocated(), time.Now()
			o := Read(texts, map[string]string{"l": "l/l"})
			took := time.Since(start)
			grown := int64(allocated()) - int64(before)
			t.Logf("%s, and %d MB", took.Round(time.Millisecond), grown>>20)
			require.Less(t, took, 15*time.Second)
			require.Less(t, grown, int64(100<<20))
			require.LessOrEqual(t, len(o.Problems()), maxProblems+1)
			o.Of(strings.Repeat("a/", 10_000))
			runtime.KeepAlive(texts)
		})
	}
}

func allocated() uint64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}

func TestProblemsAreBounded(t *testing.T) {
	var p Owners
	for i := range maxProblems + 7 {
		p.problems.add(fmt.Sprint(i, strings.Repeat("é", maxProblemText)), "\xff")
		p.problems.add(fmt.Sprint(i, strings.Repeat("é", maxProblemText)), "\xff")
	}
	all := p.Problems()
	require.Len(t, all, maxProblems+1)
	require.LessOrEqual(t, len(all[0].Path), maxProblemText+len("\uFFFD…"))
	require.Equal(t, "\uFFFD", all[0].Reason)
	require.Contains(t, all[maxProblems].Reason, "more")
}
