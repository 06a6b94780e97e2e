package imagetest

import (
	"archive/tar"
	"encoding/json"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"testing"

	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/empty"
	"github.com/google/go-containerregistry/pkg/v1/layout"
	"github.com/google/go-containerregistry/pkg/v1/mutate"
	"github.com/stretchr/testify/require"
)

// Index is an image index of images for their own platforms.
func Index(t testing.TB, images ...v1.Image) v1.ImageIndex {
	t.Helper()
	index := v1.ImageIndex(empty.Index)
	for _, img := range images {
		config, err := img.ConfigFile()
		require.NoError(t, err)
		index = mutate.AppendManifests(index, mutate.IndexAddendum{
			Add: img, Descriptor: v1.Descriptor{Platform: &v1.Platform{
				OS: config.OS, Architecture: config.Architecture, Variant: config.Variant,
			}},
		})
	}
	return index
}

// Layout writes an OCI layout folder whose index.json is the given index.
func Layout(t testing.TB, index v1.ImageIndex) string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "layout")
	_, err := layout.Write(dir, index)
	require.NoError(t, err)
	return dir
}

// Member is one member of an archive: a file, or a symlink when Link is set.
type Member struct {
	Name, Link string
	Body       []byte
}

// LayoutMembers are the files of a layout folder, in the order of their names.
func LayoutMembers(t testing.TB, dir string) []Member {
	t.Helper()
	var members []Member
	err := filepath.WalkDir(dir, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		body, err := os.ReadFile(path)
		require.NoError(t, err)
		name, err := filepath.Rel(dir, path)
		require.NoError(t, err)
		members = append(members, Member{Name: filepath.ToSlash(name), Body: body})
		return nil
	})
	require.NoError(t, err)
	return members
}

// DockerMembers are what docker save wrote up to Engine 24: layers unpacked in
// folders of their own, a symlink for a layer that comes twice, manifest.json
// after all of them.
func DockerMembers(t testing.TB, tag string, img v1.Image) []Member {
	t.Helper()
	config, err := img.RawConfigFile()
	require.NoError(t, err)
	configName, err := img.ConfigName()
	require.NoError(t, err)
	layers, err := img.Layers()
	require.NoError(t, err)
	members := []Member{{Name: configName.Hex + ".json", Body: config}}
	var paths []string
	seen := map[v1.Hash]string{}
	for i, layer := range layers {
		id := fmt.Sprintf("%064x", i+1)
		path := id + "/layer.tar"
		paths = append(paths, path)
		members = append(members, Member{Name: id + "/VERSION", Body: []byte("1.0")}, Member{Name: id + "/json", Body: []byte(`{"id":"` + id + `"}`)})
		diffID, err := layer.DiffID()
		require.NoError(t, err)
		if first, twice := seen[diffID]; twice {
			members = append(members, Member{Name: path, Link: "../" + first})
			continue
		}
		seen[diffID] = path
		plain, err := layer.Uncompressed()
		require.NoError(t, err)
		body, err := io.ReadAll(plain)
		require.NoError(t, err)
		members = append(members, Member{Name: path, Body: body})
	}
	manifest, err := json.Marshal([]map[string]any{{"Config": configName.Hex + ".json", "RepoTags": []string{tag}, "Layers": paths}})
	require.NoError(t, err)
	return append(members, Member{Name: "manifest.json", Body: manifest}, Member{Name: "repositories", Body: []byte("{}")})
}

// Reversed is the members in the opposite order.
func Reversed(members []Member) []Member {
	members = slices.Clone(members)
	slices.Reverse(members)
	return members
}

// Archive writes members as a tar.
func Archive(t testing.TB, members []Member) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "image.tar")
	require.NoError(t, os.WriteFile(path, ArchiveBytes(t, members), 0o644))
	return path
}

// ArchiveBytes is the tar that Archive writes.
func ArchiveBytes(t testing.TB, members []Member) []byte {
	t.Helper()
	entries := make([]Entry, len(members))
	for i, m := range members {
		entries[i] = File(m.Name, string(m.Body))
		if m.Link != "" {
			entries[i] = Entry{Header: tar.Header{Typeflag: tar.TypeSymlink, Name: m.Name, Linkname: m.Link, Mode: 0o777}}
		}
	}
	return Tar(t, entries...)
}
