package trial

import (
	"crypto/rand"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	ocispec "github.com/opencontainers/image-spec/specs-go/v1"
	"github.com/stretchr/testify/require"

	"github.com/image-budget/image-budget/internal/budget"
	"github.com/image-budget/image-budget/internal/image"
)

// BenchmarkRate is the bandwidth that is reached where one was asked for: by a
// plain HTTP client of the embedded registry, and in the download phase of the
// engine's pulls, which also holds the few requests before the first byte.
func BenchmarkRate(b *testing.B) {
	const times = 5
	for _, c := range []struct{ mbit, megabytes int }{{50, 40}, {200, 120}, {1000, 400}} {
		b.Run(fmt.Sprintf("%dMbit", c.mbit), func(b *testing.B) {
			link := budget.Link{Bandwidth: budget.Bandwidth(c.mbit) * 1_000_000}
			img, blobs := newImage(b, ocispec.ImageConfig{}, contents{image.Uncompressed, []file{{"noise", noise(c.megabytes * 1_000_000)}}})
			bench := real(b, blobs)
			bench.Link = link
			for b.Loop() {
				var client, pull []time.Duration
				for range times {
					inTurn(b, func() {
						client = append(client, download(b, img, blobs, link))
						sample, err := bench.Pull(b.Context(), img)
						require.NoError(b, err)
						pull = append(pull, sample.Phases[0])
					})
				}
				asked := float64(img.Layers[0].Size) * 8 / float64(link.Bandwidth)
				off := func(d []time.Duration) float64 { return 100 * (asked/budget.Median(d).Seconds() - 1) }
				b.ReportMetric(off(client), "%-off-client")
				b.ReportMetric(off(pull), "%-off-pull")
				b.Logf("%d MB at %d Mbit/s: client %s, pull's download %s, asked %.3f s", c.megabytes, c.mbit, client, pull, asked)
			}
		})
	}
}

// download gets the image's first layer from an embedded registry of its own.
func download(b *testing.B, img *image.Image, blobs Blobs, over budget.Link) time.Duration {
	server, layer := offering(b, img, blobs, over)
	defer server.Close()
	begun := time.Now()
	n := fetch(b, server.URL+"/v2/abc/app/blobs/"+layer.Digest.String())
	took := time.Since(begun)
	require.Equal(b, layer.Size, n)
	return took
}

// offering serves a salted copy of the image over a link.
func offering(b *testing.B, img *image.Image, blobs Blobs, over budget.Link) (*httptest.Server, blob) {
	copied, err := salted(img, rand.Reader)
	require.NoError(b, err)
	o, err := newOffer("abc/app", "1", copied, blobs, newLink(over), func(err error) { b.Error(err) })
	require.NoError(b, err)
	r := &registry{}
	r.show(o)
	return httptest.NewServer(r), copied.layers[0]
}

func fetch(b *testing.B, url string) int64 {
	answer, err := http.Get(url)
	require.NoError(b, err)
	defer answer.Body.Close()
	require.Equal(b, http.StatusOK, answer.StatusCode)
	n, err := io.Copy(io.Discard, answer.Body)
	require.NoError(b, err)
	return n
}

// BenchmarkLatency is what a request takes longer over a link with a latency,
// as a plain HTTP client sees it.
func BenchmarkLatency(b *testing.B) {
	const times = 41
	img, blobs := newImage(b, ocispec.ImageConfig{}, contents{image.Gzip, nil})
	for b.Loop() {
		var none time.Duration
		for _, asked := range []time.Duration{0, 10 * time.Millisecond, 50 * time.Millisecond} {
			server, _ := offering(b, img, blobs, budget.Link{Latency: asked})
			var took []time.Duration
			for range times {
				begun := time.Now()
				fetch(b, server.URL+"/v2/abc/app/manifests/1")
				took = append(took, time.Since(begun))
			}
			server.Close()
			if asked == 0 {
				none = budget.Median(took)
				continue
			}
			b.ReportMetric(milliseconds(budget.Median(took)-none), fmt.Sprintf("ms-at-%s", asked))
		}
	}
}
