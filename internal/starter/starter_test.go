package starter

import (
	"flag"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/require"
	"golang.org/x/tools/txtar"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// TestProjects holds what is found in small repositories, one a txtar file, against
// the lines of its comment that begin with "> ".
func TestProjects(t *testing.T) {
	files, err := filepath.Glob("testdata/projects/*.txtar")
	require.NoError(t, err)
	require.Greater(t, len(files), 20)
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txtar"), func(t *testing.T) {
			archive, err := txtar.ParseFile(file)
			require.NoError(t, err)
			found := Find(filesOf(archive), "shop")
			var want, got []string
			for line := range strings.Lines(string(archive.Comment)) {
				if text, ok := strings.CutPrefix(line, "> "); ok {
					want = append(want, strings.TrimSuffix(text, "\n"))
				}
			}
			for _, img := range found.Images {
				got = append(got, shown(img))
			}
			for _, note := range found.Notes {
				got = append(got, "note: "+note)
			}
			require.Equal(t, want, got)
		})
	}
}

// shown is all that is found of an image.
func shown(img Image) string {
	if img.Idle {
		return fmt.Sprintf("%s %s in %s: idle", img.Name, img.Dockerfile, img.Context)
	}
	return fmt.Sprintf("%s %s in %s: %s, port %d by %s, %s%s by %s", img.Name, img.Dockerfile, img.Context, img.Framework,
		img.Port.Number, img.Port.By, img.Health.Scheme, img.Health.Path, img.Health.By)
}

func filesOf(archive *txtar.Archive) fs.FS {
	files := fstest.MapFS{}
	for _, f := range archive.Files {
		files[f.Name] = &fstest.MapFile{Data: f.Data, Mode: 0o644}
	}
	return files
}

// TestBounds: a repository of any size is looked at in a time that it does not set.
func TestBounds(t *testing.T) {
	files := fstest.MapFS{"z/Dockerfile": {Data: []byte("FROM scratch\n")}}
	for i := range mostSources + 10 {
		files[fmt.Sprintf("a/%d.py", i)] = &fstest.MapFile{}
	}
	for i := range mostDockerfiles + 10 {
		files[fmt.Sprintf("many/%d/Dockerfile", i)] = &fstest.MapFile{Data: []byte("FROM scratch\n")}
	}
	files["huge/Dockerfile"] = &fstest.MapFile{Data: make([]byte, largestFile+1)}
	found := Find(files, "shop")
	require.Len(t, found.Images, mostDockerfiles-1)
	require.Equal(t, "z", found.Images[0].Name)
	require.Equal(t, []string{
		"looked at the first 2000 source files alone: name a smaller folder",
		"looked at the first 500 Dockerfiles alone: name a smaller folder",
		"left out huge/Dockerfile: reading it: it is no regular file of at most 1048576 bytes",
	}, found.Notes)
}

// TestPipes: nothing waits for a pipe's writer.
func TestPipes(t *testing.T) {
	for _, name := range []string{"Makefile", "api/Dockerfile", "api/app.py"} {
		r, folder := repository(t, map[string]string{"Dockerfile": service, "api/readme": ""})
		require.NoError(t, syscall.Mkfifo(filepath.Join(folder, name), 0o600))
		p, err := r.Find()
		require.NoError(t, err)
		require.Len(t, p.Images, 1)
		_, err = r.Files(p, "")
		require.Equal(t, name == "Makefile", err != nil, name)
	}
}

// repository is one with those files, in a folder of its own.
func repository(t *testing.T, files map[string]string) (*Repository, string) {
	t.Helper()
	folder := filepath.Join(t.TempDir(), "shop")
	require.NoError(t, os.Mkdir(folder, 0o755))
	for name, text := range files {
		at := filepath.Join(folder, name)
		require.NoError(t, os.MkdirAll(filepath.Dir(at), 0o755))
		require.NoError(t, os.WriteFile(at, []byte(text), 0o644))
	}
	return open(t, folder, "budgets"), folder
}

func open(t *testing.T, folder, dir string) *Repository {
	t.Helper()
	r, err := Open(folder, dir)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, r.Close()) })
	return r
}

// written starts the repository without building, and returns what was written and
// what was kept.
func written(t *testing.T, r *Repository) (wrote, kept []string, hints []string) {
	t.Helper()
	p, err := r.Find()
	require.NoError(t, err)
	files, err := r.Files(p, "0.1.0-dev")
	require.NoError(t, err)
	wrote, err = r.Write(files)
	require.NoError(t, err)
	for _, f := range files {
		if f.Kept {
			kept = append(kept, f.Path)
		}
		if f.Hint != "" {
			hints = append(hints, f.Path+": "+f.Hint)
		}
	}
	return wrote, kept, hints
}
