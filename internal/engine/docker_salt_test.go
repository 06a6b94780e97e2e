package engine

import (
	"context"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
	"github.com/tonistiigi/fsutil"
	"github.com/tonistiigi/fsutil/types"
)

// sent is what BuildKit is told of a context, and what it reads of its files.
func sent(t *testing.T, folder fsutil.FS) (stats map[string]*types.Stat, contents map[string]string) {
	t.Helper()
	stats, contents = map[string]*types.Stat{}, map[string]string{}
	require.NoError(t, folder.Walk(context.Background(), "", func(path string, entry fs.DirEntry, err error) error {
		require.NoError(t, err)
		known, err := entry.Info()
		require.NoError(t, err)
		stats[path] = known.Sys().(*types.Stat)
		if known.Mode().IsRegular() {
			file, err := folder.Open(path)
			require.NoError(t, err)
			content, err := io.ReadAll(file)
			require.NoError(t, err)
			require.NoError(t, file.Close())
			contents[path] = string(content)
			require.EqualValues(t, len(content), stats[path].Size, path)
		}
		return nil
	}))
	return stats, contents
}

func TestSalted(t *testing.T) {
	dir := t.TempDir()
	require.NoError(t, os.Mkdir(filepath.Join(dir, "app"), 0o755))
	require.NoError(t, os.WriteFile(filepath.Join(dir, "app/main.py"), []byte("print()"), 0o640))
	require.NoError(t, os.Link(filepath.Join(dir, "app/main.py"), filepath.Join(dir, "a-link")))
	require.NoError(t, os.Symlink("/etc/passwd", filepath.Join(dir, "passwd")))
	plain, err := fsutil.NewFS(dir)
	require.NoError(t, err)
	was, before := sent(t, plain)

	is, now := sent(t, newSalted(plain, Salt{Path: "./app/main.py", Text: []byte("\n \n")}))
	require.Equal(t, "print()\n \n", now["app/main.py"])
	require.NotEqual(t, was["app/main.py"].ModTime, is["app/main.py"].ModTime)
	require.Empty(t, is["app/main.py"].Linkname, "its other name has another content now")
	require.Equal(t, was["app/main.py"].Mode, is["app/main.py"].Mode)
	for _, same := range []string{"app", "a-link", "passwd"} {
		require.Equal(t, was[same], is[same])
		require.Equal(t, before[same], now[same])
	}
	_, after := sent(t, plain)
	require.Equal(t, before, after, "the context on this disk")
	require.Equal(t, "/etc/passwd", is["passwd"].Linkname, "D18: the link is sent, and never what it leads to")
	require.NotContains(t, now, "passwd")

	other, _ := sent(t, newSalted(plain, Salt{Path: "app/main.py", Text: []byte("\n  \n")}))
	require.NotEqual(t, is["app/main.py"].Size, other["app/main.py"].Size)

	require.Error(t, newSalted(plain, Salt{Path: "app"}).Walk(t.Context(), "", func(_ string, _ fs.DirEntry, err error) error { return err }))
	require.Error(t, Salt{Path: "../main.py"}.within())
	require.Error(t, Salt{Path: "/etc/passwd"}.within())
	require.NoError(t, Salt{Path: "app/main.py"}.within())
}
