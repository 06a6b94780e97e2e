package source_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/empty"
	"github.com/google/go-containerregistry/pkg/v1/mutate"
	"github.com/opencontainers/go-digest"
	"github.com/stretchr/testify/require"

	"github.com/image-budget/image-budget/internal/image/imagetest"
	"github.com/image-budget/image-budget/internal/source"
)

func asInput(err error, input **source.InputError) bool { return errors.As(err, input) }

// tampered is a layout folder of the rich image whose manifest was changed as
// text; its own digest and size are right again.
func tampered(t *testing.T, change func(manifest map[string]any)) string {
	t.Helper()
	img := rich(t)
	dir := imagetest.Layout(t, imagetest.Index(t, img))
	old := digestOf(t, img)
	var manifest map[string]any
	text, err := img.RawManifest()
	require.NoError(t, err)
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.UseNumber()
	require.NoError(t, decoder.Decode(&manifest))
	change(manifest)
	changed, err := json.Marshal(manifest)
	require.NoError(t, err)
	d := digest.FromBytes(changed)
	require.NoError(t, os.WriteFile(filepath.Join(dir, "blobs", "sha256", d.Encoded()), changed, 0o644))
	index := filepath.Join(dir, "index.json")
	text, err = os.ReadFile(index)
	require.NoError(t, err)
	size, err := img.Size()
	require.NoError(t, err)
	replaced := strings.NewReplacer(old, d.String(), fmt.Sprintf(`"size":%d`, size), fmt.Sprintf(`"size":%d`, len(changed)),
		fmt.Sprintf(`"size": %d`, size), fmt.Sprintf(`"size": %d`, len(changed))).Replace(string(text))
	require.NoError(t, os.WriteFile(index, []byte(replaced), 0o644))
	return dir
}

func firstLayer(manifest map[string]any) map[string]any {
	return manifest["layers"].([]any)[0].(map[string]any)
}

// A2, A3, A10, A13, A17: what a manifest may claim.
func TestTamperedManifests(t *testing.T) {
	size := func(value any) func(map[string]any) {
		return func(m map[string]any) { firstLayer(m)["size"] = value }
	}
	cases := []struct {
		name   string
		change func(map[string]any)
		want   string
	}{
		{"A2 ten bytes more", func(m map[string]any) { l := firstLayer(m); l["size"] = number(l["size"]) + 10 }, "were declared"},
		{"A2 ten bytes fewer", func(m map[string]any) { l := firstLayer(m); l["size"] = number(l["size"]) - 10 }, "were declared"},
		{"A3 one byte", size(1), "1 were declared"},
		{"A3 negative", size(-5), "declares a size of -5 bytes"},
		{"A3 minus one", size(-1), "declares a size of -1 bytes"},
		{"A3 absent", func(m map[string]any) { delete(firstLayer(m), "size") }, "declares no size"},
		{"A3 null", size(nil), "declares no size"},
		{"A3 more than 2^53", size(int64(1)<<53 + 1), "declares a size of 9007199254740993"},
		{"A3 more than an int64", size(json.Number("1e30")), "cannot unmarshal number"},
		{"A3 a sum that wraps", func(m map[string]any) {
			one := firstLayer(m)
			one["size"] = int64(1) << 53
			layers := make([]any, 1025)
			for i := range layers {
				layers[i] = one
			}
			m["layers"] = layers
		}, "add up to more"},
		{"A10 foreign layer", func(m map[string]any) { firstLayer(m)["urls"] = []string{"http://169.254.169.254/"} }, "is a foreign layer"},
		{"A10 foreign media type", func(m map[string]any) {
			firstLayer(m)["mediaType"] = "application/vnd.docker.image.rootfs.foreign.diff.tar.gzip"
		}, "is a foreign layer"},
		{"A13 config of 9 MiB", func(m map[string]any) { m["config"].(map[string]any)["size"] = 9 << 20 }, "were declared"},
		{"A17 artifact", func(m map[string]any) {
			m["config"].(map[string]any)["mediaType"] = "application/vnd.cncf.helm.config.v1+json"
		}, "is an artifact and not an image"},
		{"A17 schema 1", func(m map[string]any) { m["schemaVersion"] = 1 }, "schema 1"},
		{"no schema", func(m map[string]any) { delete(m, "schemaVersion") }, "schemaVersion is 0"},
		{"index and manifest at once", func(m map[string]any) { m["manifests"] = []any{} }, "an index and a manifest at once"},
		{"a digest that is a path", func(m map[string]any) { firstLayer(m)["digest"] = "sha256:../../../../etc/passwd" }, "invalid"},
		{"another algorithm", func(m map[string]any) { firstLayer(m)["digest"] = digest.SHA512.FromString("x").String() }, "only sha256"},
		{"A19 a layer too few", func(m map[string]any) { m["layers"] = m["layers"].([]any)[:1] }, "lists 2 diff IDs, but there are 1 layers"},
		{"A19 layers swapped", func(m map[string]any) {
			all := m["layers"].([]any)
			all[0], all[1] = all[1], all[0]
		}, "layer 1 of 2"},
		{"A19 config digest", func(m map[string]any) {
			m["config"].(map[string]any)["digest"] = firstLayer(m)["digest"]
			m["config"].(map[string]any)["size"] = firstLayer(m)["size"]
		}, " config sha256:"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			dir := tampered(t, c.change)
			require.ErrorContains(t, openFault(t, ociBudget(dir)), c.want)
			if strings.HasPrefix(c.name, "a digest that is") {
				return
			}
			archive := imagetest.Archive(t, imagetest.LayoutMembers(t, dir))
			require.ErrorContains(t, openFault(t, archiveBudget(archive)), c.want)
		})
	}
}

func number(v any) int64 {
	n, _ := v.(json.Number).Int64()
	return n
}

// A1, A19: a blob's content is not what its name says, of the manifest, the
// config or a layer.
func TestTamperedBlobs(t *testing.T) {
	img := rich(t)
	config, err := img.ConfigName()
	require.NoError(t, err)
	layers, err := img.Layers()
	require.NoError(t, err)
	second, err := layers[1].Digest()
	require.NoError(t, err)
	for what, hash := range map[string]string{"manifest": digestOf(t, img), "config": config.String(), "layer": second.String()} {
		t.Run(what, func(t *testing.T) {
			dir := imagetest.Layout(t, imagetest.Index(t, img))
			path := filepath.Join(dir, "blobs", "sha256", strings.TrimPrefix(hash, "sha256:"))
			body, err := os.ReadFile(path)
			require.NoError(t, err)
			body[len(body)-3] ^= 1 // in a gzip's trailer too
			require.NoError(t, os.WriteFile(path, body, 0o644))
			err = openFault(t, ociBudget(dir))
			require.ErrorContains(t, err, hash)
			require.Error(t, openFault(t, archiveBudget(imagetest.Archive(t, imagetest.LayoutMembers(t, dir)))))
			require.NoError(t, os.Remove(path))
			require.ErrorContains(t, openFault(t, ociBudget(dir)), hash)
		})
	}
}

// A19: diff IDs that are not those of the layers, in a config whose own digest
// is right.
func TestDiffIDs(t *testing.T) {
	img := rich(t)
	config, err := img.ConfigFile()
	require.NoError(t, err)
	wrong := config.DeepCopy()
	wrong.RootFS.DiffIDs[1] = v1.Hash{Algorithm: "sha256", Hex: strings.Repeat("ab", 32)}
	lying, err := mutate.ConfigFile(img, wrong)
	require.NoError(t, err)
	require.NotEqual(t, digestOf(t, img), digestOf(t, lying))
	for form, b := range everyForm(t, imagetest.Index(t, lying)) {
		t.Run(form, func(t *testing.T) {
			err := openFault(t, b)
			require.ErrorContains(t, err, "layer 2 of 2")
			require.ErrorContains(t, err, strings.Repeat("ab", 32))
		})
	}
	t.Run("docker archive", func(t *testing.T) {
		require.ErrorContains(t, openFault(t, archiveBudget(imagetest.Archive(t, imagetest.DockerMembers(t, "app:1", lying)))), "layer 2 of 2")
	})
}

// Faults of a docker archive.
func TestTamperedDockerArchive(t *testing.T) {
	find := func(members []imagetest.Member, suffix string) *imagetest.Member {
		for i := range members {
			if strings.HasSuffix(members[i].Name, suffix) {
				return &members[i]
			}
		}
		return nil
	}
	cases := []struct {
		name   string
		change func([]imagetest.Member)
		want   string
	}{
		{"A19 config digest", func(m []imagetest.Member) { m[0].Body = append(m[0].Body, ' ') }, "its content has digest"},
		{"no config", func(m []imagetest.Member) { m[0].Name = "other.json" }, "it is not there"},
		{"a layer that is gone", func(m []imagetest.Member) { find(m, "layer.tar").Name = "elsewhere/layer.tar" }, "layer 1 of 2"},
		{"a layer that is text", func(m []imagetest.Member) { find(m, "layer.tar").Body = []byte("text") }, "layer 1 of 2"},
		{"B8 a layer that was cut", func(m []imagetest.Member) { l := find(m, "layer.tar"); l.Body = l.Body[:2000] }, "unexpected EOF"},
		{"a link round and round", func(m []imagetest.Member) {
			l := find(m, "layer.tar")
			l.Link, l.Body = "layer.tar", nil
		}, "it is not there"},
		{"A13 manifest of 5 MiB", func(m []imagetest.Member) { find(m, "manifest.json").Body = bytes.Repeat([]byte(" "), 5<<20) }, "no more than 4194304 are read"},
		{"A13 config of 9 MiB", func(m []imagetest.Member) { m[0].Body = bytes.Repeat([]byte(" "), 9<<20) }, "no more than 8388608 are read"},
		{"manifest that is none", func(m []imagetest.Member) { find(m, "manifest.json").Body = []byte("{}") }, "parsing manifest.json"},
		{"manifest of nothing", func(m []imagetest.Member) { find(m, "manifest.json").Body = []byte("[]") }, "names no image"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			members := imagetest.DockerMembers(t, "app:1", rich(t))
			c.change(members)
			require.ErrorContains(t, openFault(t, archiveBudget(imagetest.Archive(t, members))), c.want)
		})
	}
	t.Run("cut short", func(t *testing.T) {
		whole := imagetest.ArchiveBytes(t, imagetest.DockerMembers(t, "app:1", rich(t)))
		for _, body := range [][]byte{whole[:len(whole)/2], imagetest.Gzip(t, whole)[:20_000]} {
			path := filepath.Join(t.TempDir(), "cut.tar")
			require.NoError(t, os.WriteFile(path, body, 0o644))
			require.ErrorContains(t, openFault(t, archiveBudget(path)), "unexpected EOF")
		}
	})
}

// What an archive holds beside the image does not matter, whatever it is.
func TestOtherMembersDoNotMatter(t *testing.T) {
	members := append(imagetest.DockerMembers(t, "app:1", rich(t)),
		imagetest.Member{Name: "broken.tar", Body: []byte("\x1f\x8bnot gzip at all")},
		imagetest.Member{Name: "../../outside", Body: []byte("text")},
		imagetest.Member{Name: "blobs/sha256/" + strings.Repeat("0", 64), Body: imagetest.Tar(t, imagetest.File("a", "b"))},
	)
	_, content := imagetest.Rich(t)
	require.Equal(t, content, numbers(open(t, archiveBudget(imagetest.Archive(t, members))))["size"])
}

func TestEmptyIndex(t *testing.T) {
	require.ErrorContains(t, openFault(t, ociBudget(imagetest.Layout(t, empty.Index))), "no image")
}
