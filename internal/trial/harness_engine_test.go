package trial

import (
	"crypto/rand"
	"os/exec"
	"slices"
	"testing"
	"time"

	ocispec "github.com/opencontainers/image-spec/specs-go/v1"
	"github.com/stretchr/testify/require"

	"github.com/image-budget/image-budget/internal/budget"
	"github.com/image-budget/image-budget/internal/image"
	"github.com/image-budget/image-budget/internal/session"
	"github.com/image-budget/image-budget/internal/stats"
)

// BenchmarkHarness holds what a pull trial says against pulls of equally salted
// copies from the same registry that are timed from outside: through the
// engine's API, and by Docker's own command line where there is one, which
// takes a moment itself. A B B A, so that what drifts falls on both alike.
func BenchmarkHarness(b *testing.B) {
	const rounds = 20 // of two pairs
	layers := make([]contents, 5)
	for i := range layers {
		layers[i] = contents{image.Gzip, []file{{"half", slices.Concat(noise(50_000_000), make([]byte, 50_000_000))}}}
	}
	img, blobs := newImage(b, ocispec.ImageConfig{}, layers...)
	for _, outside := range []struct {
		name string
		pull func(bench *Bench, ref string) error
	}{
		{"API", func(bench *Bench, ref string) error { return bench.Engine.Pull(b.Context(), ref, img.Platform) }},
		{"docker", func(_ *Bench, ref string) error { return exec.Command("docker", "pull", "-q", ref).Run() }},
	} {
		b.Run(outside.name, func(b *testing.B) {
			if _, err := exec.LookPath("docker"); err != nil && outside.name == "docker" {
				b.Skip("there is no docker command line")
			}
			bench := real(b, blobs)
			for b.Loop() {
				s := stats.Samples{Paired: true}
				trial := func() {
					sample, err := bench.Pull(b.Context(), img)
					require.NoError(b, err)
					s.Candidate = append(s.Candidate, sample.Total.Seconds())
				}
				plain := func() {
					took := bench.pullPlainly(b, img, func(ref string) error { return outside.pull(bench, ref) })
					s.Baseline = append(s.Baseline, took.Seconds())
				}
				first, second := trial, plain
				for range rounds {
					inTurn(b, func() { first(); second(); second(); first() })
					first, second = second, first
				}
				ratio, pairs := median(s.Candidate)/median(s.Baseline), stats.Rule{}.Describe(s)
				b.ReportMetric(ratio, "trial/"+outside.name)
				b.Logf("trial %.3f s, %s %.3f s, medians of %d: ratio %.4f, of pairs %.4f (%.4f to %.4f)", median(s.Candidate),
					outside.name, median(s.Baseline), 2*rounds, ratio, pairs.Ratio, pairs.Low, pairs.High)
			}
		})
	}
}

// pullPlainly times the pull of a fresh copy from the registry, and removes it.
func (b *Bench) pullPlainly(t *testing.B, img *image.Image, pull func(ref string) error) time.Duration {
	require.NoError(t, b.listen(t.Context()))
	copied, err := salted(img, rand.Reader)
	require.NoError(t, err)
	repo, tag := b.repository(img)
	o, err := newOffer(repo, tag, copied, b.Blobs, newLink(budget.Link{}), func(err error) { t.Error(err) })
	require.NoError(t, err)
	ref := b.host + "/" + repo + ":" + tag
	require.NoError(t, b.Session.Will(session.Image, ref))
	b.registry.show(o)
	begun := time.Now()
	err = pull(ref)
	took := time.Since(begun)
	b.registry.withdraw(o)
	require.NoError(t, err)
	require.Equal(t, copied.layerBytes(), o.transferred(copied))
	require.NoError(t, b.removeImage(t.Context(), ref))
	return took
}

func median(samples []float64) float64 {
	sorted := slices.Sorted(slices.Values(samples))
	n := len(sorted)
	return (sorted[(n-1)/2] + sorted[n/2]) / 2
}
