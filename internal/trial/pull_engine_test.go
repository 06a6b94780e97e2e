package trial

import (
	"testing"
	"time"

	ocispec "github.com/opencontainers/image-spec/specs-go/v1"
	"github.com/stretchr/testify/require"

	"github.com/image-budget/image-budget/internal/budget"
	"github.com/image-budget/image-budget/internal/image"
	"github.com/image-budget/image-budget/internal/metric"
)

// A second cold pull of an image that the engine holds already takes as long
// as the first, and the download what the link says.
func TestEnginePullIsCold(t *testing.T) {
	const size = 20_000_000
	img, blobs := serviceImage(t, contents{image.Gzip, []file{{"noise", noise(size)}}})
	bench := real(t, blobs)
	bench.Link = budget.Link{Bandwidth: 80_000_000}
	_, err := bench.held(t.Context(), img)
	require.NoError(t, err)
	before := seenByDocker(t, "images", "--all", "--quiet", "--filter", "reference=*/"+bench.Session.Nonce()+"/*")

	var samples []metric.Sample
	for range 3 {
		sample, err := bench.Pull(t.Context(), img)
		require.NoError(t, err)
		t.Logf("pull %s: download %s, extract %s", sample.Total, sample.Phases[0], sample.Phases[1])
		samples = append(samples, sample)
	}
	bytes := img.Layers[0].Size + img.Layers[1].Size
	atLeast := time.Duration(float64(bytes) * 8 / 80e6 * float64(time.Second))
	for _, sample := range samples {
		require.GreaterOrEqual(t, sample.Phases[0], atLeast-20*time.Millisecond)
		require.Less(t, sample.Phases[0], 2*atLeast)
	}
	require.InEpsilon(t, samples[0].Total.Seconds(), samples[1].Total.Seconds(), 0.5)
	require.Equal(t, before, seenByDocker(t, "images", "--all", "--quiet", "--filter", "reference=*/"+bench.Session.Nonce()+"/*"))
}

// One layer of 20 MB at 80 Mbit/s downloads in 2.0 to 2.3 s.
func TestEngineDownload(t *testing.T) {
	img, blobs := newImage(t, ocispec.ImageConfig{}, contents{image.Gzip, []file{{"noise", noise(20_000_000)}}})
	bench := real(t, blobs)
	bench.Link = budget.Link{Bandwidth: 80_000_000, Latency: 10 * time.Millisecond}
	sample, err := bench.Pull(t.Context(), img)
	require.NoError(t, err)
	t.Logf("download %s, extract %s", sample.Phases[0], sample.Phases[1])
	require.GreaterOrEqual(t, sample.Phases[0], 1900*time.Millisecond)
	require.Less(t, sample.Phases[0], 3*time.Second)
}

// Plain and gzip layers, the same layer twice, an empty one: all are cold.
func TestEnginePullsEveryKindOfLayer(t *testing.T) {
	same := contents{image.Gzip, []file{{"same", noise(10_000)}}}
	img, blobs := newImage(t, ocispec.ImageConfig{}, contents{image.Uncompressed, []file{{"plain", noise(10_000)}}}, same, same, contents{image.Gzip, nil})
	bench := real(t, blobs)
	_, err := bench.Pull(t.Context(), img)
	require.NoError(t, err)
}

// An engine that takes no zstd starts a copy; one that does pulls it as it is.
func TestEngineZstd(t *testing.T) {
	binary, err := service()
	require.NoError(t, err)
	img, blobs := newImage(t, ocispec.ImageConfig{Entrypoint: []string{"/probe"}}, contents{image.Zstd, []file{{"probe", binary}}})
	bench := real(t, blobs)
	bench.Health.Port = 8000
	about, err := bench.Engine.About(t.Context())
	require.NoError(t, err)
	_, err = bench.Pull(t.Context(), img)
	if about.ZstdLayers {
		require.NoError(t, err)
	} else {
		require.ErrorContains(t, err, "cannot pull layers compressed with zstd")
	}
	_, err = bench.Start(t.Context(), img)
	require.NoError(t, err)
}
