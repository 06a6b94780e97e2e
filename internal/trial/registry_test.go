package trial

import (
	"crypto/rand"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-containerregistry/pkg/name"
	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/remote"
	ocispec "github.com/opencontainers/image-spec/specs-go/v1"
	"github.com/stretchr/testify/require"

	"github.com/image-budget/image-budget/internal/budget"
	"github.com/image-budget/image-budget/internal/image"
)

// serving starts a registry that offers img as repo:1.
func serving(t *testing.T, img *image.Image, blobs Blobs, repo string) (*httptest.Server, *registry, *offer, *served) {
	t.Helper()
	copied, err := salted(img, rand.Reader)
	require.NoError(t, err)
	o, err := newOffer(repo, "1", copied, blobs, newLink(budget.Link{}), func(err error) { t.Log(err) })
	require.NoError(t, err)
	r := &registry{}
	r.show(o)
	server := httptest.NewServer(r)
	t.Cleanup(server.Close)
	return server, r, o, copied
}

// A22: a client that trusts nothing finds every digest and size right.
func TestRegistryServesAValidImage(t *testing.T) {
	img, blobs := newImage(t, ocispec.ImageConfig{},
		contents{image.Gzip, []file{{"a", noise(300_000)}}},
		contents{image.Uncompressed, []file{{"b", []byte("b")}}},
		contents{image.Gzip, nil},
	)
	server, r, o, copied := serving(t, img, blobs, "abc/app")
	ref, err := name.ParseReference(strings.TrimPrefix(server.URL, "http://") + "/abc/app:1")
	require.NoError(t, err)
	pulled, err := remote.Image(ref)
	require.NoError(t, err)
	require.Zero(t, o.transferred(copied))
	config, err := pulled.ConfigFile()
	require.NoError(t, err)
	layers, err := pulled.Layers()
	require.NoError(t, err)
	require.Len(t, layers, 3)
	for i, layer := range layers {
		content, err := layer.Uncompressed() // the client checks the digest of what it reads
		require.NoError(t, err)
		diffID, _, err := v1.SHA256(content)
		require.NoError(t, err)
		require.NoError(t, content.Close())
		require.Equal(t, config.RootFS.DiffIDs[i], diffID)
	}
	require.Equal(t, copied.layerBytes(), o.transferred(copied))
	require.False(t, o.count.end().IsZero())

	r.withdraw(o)
	_, err = remote.Image(ref)
	require.ErrorContains(t, err, "404", "nothing is served after the trial")
}

func TestRegistryRefusesEverythingElse(t *testing.T) {
	img, blobs := newImage(t, ocispec.ImageConfig{}, contents{image.Gzip, nil})
	require.NoError(t, os.WriteFile(filepath.Join(string(blobs), "canary"), []byte("canary"), 0o600))
	server, _, _, copied := serving(t, img, blobs, "abc/app")
	salted := copied.layers[0].Digest.String()
	for _, tc := range []struct {
		method, path string
		want         int
	}{
		{"GET", "/v2/", 200},
		{"GET", "/v2/abc/app/manifests/1", 200},
		{"GET", "/v2/abc/app/blobs/" + salted, 200},
		{"GET", "/v2/abc/app/manifests/2", 404},
		{"GET", "/v2/abc/other/blobs/" + salted, 404},
		{"GET", "/v2/abc/app/blobs/" + img.Layers[0].Digest.String(), 404}, // the unsalted layer
		{"GET", "/v2/abc/app/blobs/../../../canary", 404},
		{"GET", "/v2/abc/app/blobs/%2e%2e%2fcanary", 404},
		{"GET", "/v2/_catalog", 404},
		{"GET", "/", 404},
		{"PUT", "/v2/abc/app/manifests/1", 405},
		{"POST", "/v2/abc/app/blobs/uploads/", 405},
		{"DELETE", "/v2/abc/app/manifests/1", 405},
	} {
		t.Run(tc.method+" "+tc.path, func(t *testing.T) {
			req, err := http.NewRequest(tc.method, server.URL+tc.path, nil)
			require.NoError(t, err)
			answer, err := http.DefaultTransport.RoundTrip(req)
			require.NoError(t, err)
			require.NoError(t, answer.Body.Close())
			require.Equal(t, tc.want, answer.StatusCode)
		})
	}
}

func TestRegistryRanges(t *testing.T) {
	img, blobs := newImage(t, ocispec.ImageConfig{}, contents{image.Gzip, []file{{"a", noise(1000)}}})
	server, _, _, copied := serving(t, img, blobs, "abc/app")
	layer := copied.layers[0]
	whole, size := read(t, layer, blobs), layer.Size
	for _, tc := range []struct {
		asked    string
		from, to int64 // half open; 0, 0 when it is refused
	}{
		{"bytes=0-9", 0, 10},
		{"bytes=100-", 100, size},
		{fmt.Sprintf("bytes=%d-", size-600), size - 600, size}, // across the end of the original
		{fmt.Sprintf("bytes=5-%d", size+1000), 5, size},
		{fmt.Sprintf("bytes=%d-", size), 0, 0},
		{"bytes=-5", 0, 0},
		{"bytes=9-0-1", 0, 0},
		{"lines=1-2", 0, 0},
	} {
		t.Run(tc.asked, func(t *testing.T) {
			req, err := http.NewRequest(http.MethodGet, server.URL+"/v2/abc/app/blobs/"+layer.Digest.String(), nil)
			require.NoError(t, err)
			req.Header.Set("Range", tc.asked)
			answer, err := http.DefaultClient.Do(req)
			require.NoError(t, err)
			body, err := io.ReadAll(answer.Body)
			require.NoError(t, err)
			require.NoError(t, answer.Body.Close())
			if tc.to == 0 {
				require.Equal(t, http.StatusRequestedRangeNotSatisfiable, answer.StatusCode)
				return
			}
			require.Equal(t, http.StatusPartialContent, answer.StatusCode)
			require.Equal(t, fmt.Sprintf("bytes %d-%d/%d", tc.from, tc.to-1, size), answer.Header.Get("Content-Range"))
			require.Equal(t, whole[tc.from:tc.to], body)
		})
	}
}

// A blob that is shorter on disk than the store says is a broken transfer, not
// a short one.
func TestRegistryTruncatedBlob(t *testing.T) {
	img, blobs := newImage(t, ocispec.ImageConfig{}, contents{image.Gzip, []file{{"a", noise(100_000)}}})
	server, _, _, copied := serving(t, img, blobs, "abc/app")
	require.NoError(t, os.Truncate(filepath.Join(string(blobs), img.Layers[0].Digest.Encoded()), 50_000))
	answer, err := http.Get(server.URL + "/v2/abc/app/blobs/" + copied.layers[0].Digest.String())
	require.NoError(t, err)
	_, err = io.ReadAll(answer.Body)
	require.ErrorIs(t, err, io.ErrUnexpectedEOF)
	require.NoError(t, answer.Body.Close())
}

// The end of a trial ends a transfer that is still under way.
func TestWithdrawEndsRequests(t *testing.T) {
	img, blobs := newImage(t, ocispec.ImageConfig{}, contents{image.Gzip, []file{{"a", noise(1 << 20)}}})
	copied, err := salted(img, rand.Reader)
	require.NoError(t, err)
	o, err := newOffer("abc/app", "1", copied, blobs, newLink(budget.Link{Bandwidth: 8000}), func(error) {}) // a second for each 1000 bytes
	require.NoError(t, err)
	r := &registry{}
	r.show(o)
	server := httptest.NewServer(r)
	t.Cleanup(server.Close)
	answer, err := http.Get(server.URL + "/v2/abc/app/manifests/1")
	require.NoError(t, err)
	require.NoError(t, answer.Body.Close())

	ended := make(chan error, 1)
	go func() {
		answer, err := http.Get(server.URL + "/v2/abc/app/blobs/" + copied.layers[0].Digest.String())
		if err == nil {
			_, err = io.ReadAll(answer.Body)
			_ = answer.Body.Close()
		}
		ended <- err
	}()
	require.Eventually(t, func() bool { return o.transferred(copied) > 0 }, timeLimit, pollEvery)
	r.withdraw(o)
	require.Error(t, <-ended)
}
