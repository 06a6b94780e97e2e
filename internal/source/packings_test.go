package source_test

import (
	"archive/tar"
	"bytes"
	"io"
	"net/http"
	"net/http/httptest"
	"strconv"
	"testing"

	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/types"
	"github.com/klauspost/compress/zstd"
	"github.com/stretchr/testify/require"

	"github.com/image-budget/image-budget/internal/budget"
	"github.com/image-budget/image-budget/internal/image"
	"github.com/image-budget/image-budget/internal/image/imagetest"
	"github.com/image-budget/image-budget/internal/inventory"
	"github.com/image-budget/image-budget/internal/layer"
	"github.com/image-budget/image-budget/internal/source"
)

// oracle is the bytes and the number of the regular files in an uncompressed tar, as
// archive/tar alone has them.
func oracle(t *testing.T, plain []byte) (content, files int64) {
	t.Helper()
	r := tar.NewReader(bytes.NewReader(plain))
	for {
		header, err := r.Next()
		if err == io.EOF {
			return content, files
		}
		require.NoError(t, err)
		if header.Typeflag == tar.TypeReg {
			n, err := io.Copy(io.Discard, r)
			require.NoError(t, err)
			content += n
			files++
		}
	}
}

// A18: however a layer is packed and whatever its media type says of that, its size,
// its diff ID and what it holds are those of the tar, and its blob is as it came.
func TestEveryPackingFromEverySource(t *testing.T) {
	entries := []imagetest.Entry{imagetest.File("app/main", imagetest.Noise(1, 70_000)), imagetest.File("app/zeros", string(make([]byte, 300_000))), imagetest.File("empty", "")}
	plain := imagetest.Tar(t, entries...)
	starBlob, starPlain := imagetest.Stargz(t, entries...)
	encoder, err := zstd.NewWriter(nil)
	require.NoError(t, err)
	squeezed := encoder.EncodeAll(plain, nil)
	members := append(imagetest.Gzip(t, plain[:1000]), append(imagetest.Gzip(t, nil), imagetest.Gzip(t, plain[1000:])...)...)
	for _, c := range []struct {
		name        string
		blob, plain []byte
		mediaType   types.MediaType
		compression image.Compression
	}{
		{"plain", plain, plain, types.OCIUncompressedLayer, image.Uncompressed},
		{"gzip", imagetest.Gzip(t, plain), plain, types.OCILayer, image.Gzip},
		{"gzip of Docker", imagetest.Gzip(t, plain), plain, types.DockerLayer, image.Gzip},
		{"gzip of three members", members, plain, types.OCILayer, image.Gzip},
		{"zstd", squeezed, plain, types.OCILayerZStd, image.Zstd},
		{"zstd of three frames", append(bytes.Clone(squeezed), imagetest.ZstdWindow(make([]byte, 600), 17, 2)...), append(bytes.Clone(plain), make([]byte, 600+256<<10)...), types.OCILayerZStd, image.Zstd},
		{"eStargz", starBlob, starPlain, types.OCILayer, image.Gzip},
		{"plain that is called gzip", plain, plain, types.OCILayer, image.Uncompressed},
		{"gzip that is called plain", imagetest.Gzip(t, plain), plain, types.OCIUncompressedLayer, image.Gzip},
		{"gzip that is called zstd", imagetest.Gzip(t, plain), plain, types.OCILayerZStd, image.Gzip},
		{"zstd that is called gzip", squeezed, plain, types.OCILayer, image.Zstd},
	} {
		content, files := oracle(t, c.plain)
		img := imagetest.ImageOf(t, imagetest.Linux, &imagetest.Packed{Blob: c.blob, Diff: imagetest.DiffID(t, c.plain), Type: c.mediaType})
		dir := imagetest.Layout(t, imagetest.Index(t, img))
		for from, b := range map[string]budget.Budget{
			"registry": pullBudget(serve(t, img)), "OCI layout": ociBudget(dir),
			"OCI archive": archiveBudget(imagetest.Archive(t, imagetest.LayoutMembers(t, dir))),
		} {
			for _, contentsOnly := range []bool{false, true} {
				t.Run(c.name+"/"+from+"/"+strconv.FormatBool(contentsOnly), func(t *testing.T) {
					at := machine(t)
					at.Index = contentsOnly
					got, err := source.Open(t.Context(), b, at)
					require.NoError(t, err)
					one := got.Layers[0]
					require.Equal(t, imagetest.DiffID(t, c.plain).String(), one.DiffID.String())
					require.Equal(t, content, one.Content)
					require.Equal(t, files, one.Files)
					require.EqualValues(t, len(c.plain), one.Unpacked)
					if c.compression != image.Uncompressed || from == "registry" {
						require.EqualValues(t, len(c.blob), one.Size, "what goes over the wire")
						require.Equal(t, c.compression, one.Compression)
					}
					found, err := inventory.Take(got, layer.Contents(t.Context(), at.Store, got), inventory.Options{Files: 3})
					require.NoError(t, err)
					require.Equal(t, content, found.Layers[0].Unowned)
					require.Equal(t, "app/zeros", found.Files[0].Path)
				})
			}
		}
	}
}

// A18: a registry that names a coding for a blob as it is changes nothing; one that
// packs it once more on the wire has sent another blob.
func TestContentEncoding(t *testing.T) {
	img := rich(t)
	coded := func(change func([]byte) []byte) func(http.Handler) http.Handler {
		return blobs(func(w http.ResponseWriter, r *http.Request, next http.Handler) {
			rec := httptest.NewRecorder()
			next.ServeHTTP(rec, r)
			body := rec.Body.Bytes()
			if bytes.HasPrefix(body, []byte{0x1f, 0x8b}) {
				body = change(body)
				w.Header().Set("Content-Encoding", "gzip")
			}
			w.Header().Set("Content-Length", strconv.Itoa(len(body)))
			w.Write(body)
		})
	}
	as := func(b []byte) []byte { return b }
	want := numbers(open(t, pullBudget(serve(t, img))))
	require.Equal(t, want, numbers(open(t, pullBudget(serve(t, img, coded(as))))))

	twice := func(b []byte) []byte { return imagetest.Gzip(t, b) }
	require.ErrorContains(t, openFault(t, pullBudget(serve(t, img, coded(twice)))), "reading layer ")
}

// B1-B3, B7-B9, B11, B13: hostile images from every source, in full and for their
// contents only. What can be measured is stacked into one.
func TestHostileImagesFromEverySource(t *testing.T) {
	stacked := imagetest.Hostile{Name: "all that can be measured"}
	all := []imagetest.Hostile{}
	for _, h := range append(imagetest.Breakouts(t, t.TempDir()+"/canary"), imagetest.LyingLayers(t)...) {
		if h.Fault != "" {
			all = append(all, h)
			continue
		}
		stacked.Layers, stacked.Content = append(stacked.Layers, h.Layers...), stacked.Content+h.Content
	}
	for _, h := range append(all, stacked) {
		img := imagetest.Image(t, imagetest.Linux, h.Layers...)
		for from, b := range hostileForms(t, img) {
			for _, contentsOnly := range []bool{false, true} {
				t.Run(h.Name+"/"+from+"/"+strconv.FormatBool(contentsOnly), func(t *testing.T) {
					at := machine(t)
					at.Index = contentsOnly
					got, err := source.Open(t.Context(), b, at)
					if h.Fault != "" {
						require.ErrorContains(t, err, h.Fault)
						return
					}
					require.NoError(t, err)
					require.Equal(t, h.Content, numbers(got)["size"])
				})
			}
		}
	}
}

func hostileForms(t *testing.T, img v1.Image) map[string]budget.Budget {
	return map[string]budget.Budget{
		"registry": pullBudget(serve(t, img)), "OCI layout": ociBudget(imagetest.Layout(t, imagetest.Index(t, img))),
		"docker archive": archiveBudget(imagetest.Archive(t, imagetest.DockerMembers(t, "app:1", img))),
	}
}
