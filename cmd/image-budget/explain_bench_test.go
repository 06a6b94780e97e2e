package main

import (
	"archive/tar"
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// dive is the tool beside which explain is measured.
const dive = "github.com/wagoodman/dive@v0.13.1"

// explained is how large the archive is, in bytes.
const explained = 4_100_000_000

// BenchmarkExplain is explain of a docker archive of 4.1 GB of this machine's own
// files, with nothing in its cache and then with the layers known, beside dive's CI
// run on it. They take turns; the ratios are of their medians.
func BenchmarkExplain(b *testing.B) {
	bin, dir := binary(b), b.TempDir()
	install := exec.Command("go", "install", dive)
	install.Env = append(os.Environ(), "GOBIN="+dir)
	out, err := install.CombinedOutput()
	require.NoErrorf(b, err, "%s", out)
	archive := filepath.Join(dir, "image.tar")
	saveFiles(b, archive, "/usr", explained)
	for b.Loop() {
		took := map[string][]float64{}
		var most int64
		run := func(name, cache string, args ...string) {
			c := exec.Command(args[0], args[1:]...)
			c.Env = append(os.Environ(), "CI=true", "XDG_CACHE_HOME="+cache)
			start := time.Now()
			out, err := c.CombinedOutput()
			require.NoErrorf(b, err, "%s", out)
			took[name] = append(took[name], time.Since(start).Seconds())
			if name != "dive" {
				most = max(most, c.ProcessState.SysUsage().(*syscall.Rusage).Maxrss)
			}
		}
		for range 5 {
			cache := b.TempDir()
			run("first", cache, bin, "explain", "docker-archive:"+archive, "--quiet")
			run("dive", cache, filepath.Join(dir, "dive"), "--source", "docker-archive", archive)
			run("again", cache, bin, "explain", "docker-archive:"+archive, "--quiet")
		}
		for name, all := range took {
			slices.Sort(all)
			b.ReportMetric(all[len(all)/2], "s-"+name)
		}
		b.ReportMetric(took["first"][2]/took["dive"][2], "of-dive-first")
		b.ReportMetric(took["again"][2]/took["dive"][2], "of-dive-again")
		b.ReportMetric(float64(most)/1024, "MiB")
	}
}

// saveFiles writes a docker archive of six layers with the files below a folder,
// over and over, until it has so many bytes.
func saveFiles(b *testing.B, path, folder string, size int64) {
	b.Helper()
	const layers = 6
	files := regularFiles(b, folder)
	archive, err := os.Create(path)
	require.NoError(b, err)
	defer archive.Close()
	w := tar.NewWriter(archive)
	var diffIDs, members []string
	next := 0
	for n := range layers {
		layer, err := os.Create(filepath.Join(b.TempDir(), "layer.tar"))
		require.NoError(b, err)
		hash := sha256.New()
		next = fill(b, io.MultiWriter(layer, hash), files, next, size/layers)
		length, err := layer.Seek(0, io.SeekCurrent)
		require.NoError(b, err)
		_, err = layer.Seek(0, io.SeekStart)
		require.NoError(b, err)
		name := fmt.Sprintf("%d/layer.tar", n)
		require.NoError(b, w.WriteHeader(&tar.Header{Name: name, Size: length, Mode: 0o644}))
		_, err = io.Copy(w, layer)
		require.NoError(b, err)
		require.NoError(b, layer.Close())
		require.NoError(b, os.Remove(layer.Name()))
		diffIDs, members = append(diffIDs, "sha256:"+hex.EncodeToString(hash.Sum(nil))), append(members, name)
	}
	addJSON(b, w, "config.json", map[string]any{
		"architecture": "amd64", "os": "linux", "rootfs": map[string]any{"type": "layers", "diff_ids": diffIDs},
	})
	addJSON(b, w, "manifest.json", []map[string]any{{"Config": "config.json", "RepoTags": []string{"bench:1"}, "Layers": members}})
	require.NoError(b, w.Close())
}

// file is one of this machine's.
type file struct {
	path string
	size int64
}

func regularFiles(b *testing.B, folder string) (all []file) {
	b.Helper()
	require.NoError(b, filepath.WalkDir(folder, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || !entry.Type().IsRegular() {
			return err
		}
		stat, err := entry.Info()
		if err == nil && stat.Size() > 0 {
			all = append(all, file{path, stat.Size()})
		}
		return err
	}))
	require.NotEmpty(b, all)
	return all
}

// fill writes a tar of files from next on until it has so many bytes, and returns
// the number of the file after the last. A file that comes again has another
// folder, and so is none that hides the first.
func fill(b *testing.B, to io.Writer, files []file, next int, size int64) int {
	b.Helper()
	w := tar.NewWriter(to)
	for written := int64(0); written < size; next++ {
		f := files[next%len(files)]
		from, err := os.Open(f.path)
		require.NoError(b, err)
		name := filepath.Join(fmt.Sprint(next/len(files)), f.path)
		require.NoError(b, w.WriteHeader(&tar.Header{Name: name, Size: f.size, Mode: 0o644}))
		_, err = io.CopyN(w, from, f.size)
		require.NoError(b, err)
		require.NoError(b, from.Close())
		written += f.size
	}
	require.NoError(b, w.Close())
	return next
}

func addJSON(b *testing.B, w *tar.Writer, name string, content any) {
	b.Helper()
	text, err := json.Marshal(content)
	require.NoError(b, err)
	require.NoError(b, w.WriteHeader(&tar.Header{Name: name, Size: int64(len(text)), Mode: 0o644}))
	_, err = io.Copy(w, bytes.NewReader(text))
	require.NoError(b, err)
}
