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
// copies from the same registry that are timed from outside: by Docker's own
// command line, which takes a moment itself, where there is one, and through
// the engine's API. A B C C B A, so that what drifts falls on all alike.
func BenchmarkHarness(b *testing.B) {
	const rounds = 30 // the most that the statistics take
	half := func() []byte { return slices.Concat(noise(30_000_000), make([]byte, 30_000_000)) }
	img, blobs := newImage(b, ocispec.ImageConfig{}, contents{image.Gzip, []file{{"a", half()}}},
		contents{image.Gzip, []file{{"b", half()}}}, contents{image.Gzip, []file{{"c", half()}}})
	bench := real(b, blobs)
	arms := []struct {
		name string
		pull func() time.Duration
	}{
		{"trial", func() time.Duration {
			sample, err := bench.Pull(b.Context(), img)
			require.NoError(b, err)
			return sample.Total
		}},
		{"API", func() time.Duration {
			return bench.pullPlainly(b, img, func(ref string) error { return bench.Engine.Pull(b.Context(), ref, img.Platform) })
		}},
		{"docker", func() time.Duration {
			return bench.pullPlainly(b, img, func(ref string) error { return exec.Command("docker", "pull", "-q", ref).Run() })
		}},
	}
	if _, err := exec.LookPath("docker"); err != nil {
		arms = arms[:2]
	}
	for b.Loop() {
		took := make([][]float64, len(arms))
		for round := range rounds + 1 {
			inTurn(b, func() {
				for i := range arms {
					if round%2 == 1 {
						i = len(arms) - 1 - i
					}
					if one := arms[i].pull(); round > 0 {
						took[i] = append(took[i], one.Seconds())
					}
				}
			})
		}
		for i, arm := range arms {
			b.Logf("%-6s: median %.3f s of %d", arm.name, median(took[i]), rounds)
			if i == 0 {
				continue
			}
			b.ReportMetric(median(took[0])/median(took[i]), "trial/"+arm.name)
			paired := stats.Rule{}.Describe(stats.Samples{Baseline: took[i], Candidate: took[0], Paired: true})
			b.Logf("trial/%s: ratio of medians %.4f, of pairs %.4f (%.4f to %.4f)", arm.name, median(took[0])/median(took[i]), paired.Ratio, paired.Low, paired.High)
		}
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
