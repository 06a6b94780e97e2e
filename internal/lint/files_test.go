package lint

import (
	"os"
	"path/filepath"
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"
)

// folder holds empty files of those names; names that end in a slash are folders.
func folder(t *testing.T, names ...string) string {
	t.Helper()
	dir := t.TempDir()
	for _, name := range names {
		path := filepath.Join(dir, name)
		if name[len(name)-1] == '/' {
			require.NoError(t, os.Mkdir(path, 0o777))
			continue
		}
		require.NoError(t, os.WriteFile(path, nil, 0o666))
	}
	return dir
}

func TestFilesOfAFolder(t *testing.T) {
	dir := folder(t, "Dockerfile", "Dockerfile.gpu", "Dockerfile.gpu.dockerignore", "worker.Dockerfile", "Containerfile",
		".dockerignore", "dockerfile.txt", "MyDockerfile", "Dockerfile.d/", "below/")
	require.NoError(t, os.WriteFile(filepath.Join(dir, "below", "Dockerfile"), nil, 0o666))
	files, err := Files(dir)
	require.NoError(t, err)
	var names []string
	for _, file := range files {
		names = append(names, filepath.Base(file))
	}
	require.Equal(t, []string{"Containerfile", "Dockerfile", "Dockerfile.gpu", "worker.Dockerfile"}, names)
}

func TestFilesOfAFile(t *testing.T) {
	path := filepath.Join(folder(t, "any name"), "any name")
	files, err := Files(path)
	require.NoError(t, err)
	require.Equal(t, []string{path}, files)
}

func TestFilesThatAreNone(t *testing.T) {
	pipe := filepath.Join(t.TempDir(), "Dockerfile")
	require.NoError(t, syscall.Mkfifo(pipe, 0o666))
	broken := t.TempDir()
	require.NoError(t, os.Symlink("nowhere", filepath.Join(broken, "Dockerfile")))
	for _, c := range []struct{ name, path, problem string }{
		{"nothing there", filepath.Join(t.TempDir(), "x"), "no such file"},
		{"an empty folder", folder(t, "below/"), "there is no Dockerfile in folder"},
		{"a pipe", pipe, "is not a regular file"},
		{"a pipe in a folder", filepath.Dir(pipe), "is not a regular file"},
		{"a link to nothing", broken, "no such file"},
		{"below a file", filepath.Join(folder(t, "Dockerfile"), "Dockerfile", "x"), "not a directory"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := Files(c.path)
			var fault *PathError
			require.ErrorAs(t, err, &fault)
			require.ErrorContains(t, err, c.problem)
		})
	}
}
