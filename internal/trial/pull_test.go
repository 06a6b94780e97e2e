package trial

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/opencontainers/go-digest"
	ocispec "github.com/opencontainers/image-spec/specs-go/v1"
	"github.com/stretchr/testify/require"

	"github.com/image-budget/image-budget/internal/budget"
	"github.com/image-budget/image-budget/internal/engine/enginetest"
	"github.com/image-budget/image-budget/internal/image"
)

func TestPullIsColdEveryTime(t *testing.T) {
	fake := enginetest.New()
	same := contents{image.Gzip, []file{{"a", noise(250_000)}}}
	img, blobs := newImage(t, ocispec.ImageConfig{}, same, contents{image.Zstd, []file{{"b", noise(250_000)}}}, same)
	bench := tried(t, fake, blobs, budget.Health{})
	bench.Link = budget.Link{Bandwidth: 80_000_000}
	ref, err := bench.held(t.Context(), img) // the engine holds the image all the while
	require.NoError(t, err)

	for range 2 {
		sample, err := bench.Pull(t.Context(), img)
		require.NoError(t, err)
		require.Len(t, sample.Phases, 2)
		require.Equal(t, sample.Total, sample.Phases[0]+sample.Phases[1])
		require.GreaterOrEqual(t, sample.Phases[0], 75*time.Millisecond, "750 kB at 80 Mbit/s")
		require.Equal(t, []string{ref}, fake.Images())
	}
}

// warm is an engine that takes a layer of the last pull for one it has.
type warm struct {
	*enginetest.Fake
	skip, again bool
}

func (w *warm) Pull(ctx context.Context, ref string, platform image.Platform) error {
	if w.skip {
		return nil
	}
	if err := w.Fake.Pull(ctx, ref, platform); err != nil || !w.again {
		return err
	}
	if err := w.RemoveImage(ctx, ref); err != nil {
		return err
	}
	return w.Fake.Pull(ctx, ref, platform)
}

func TestPullCountsBytes(t *testing.T) {
	t.Run("A14: a layer that was not fetched is a cache hit", func(t *testing.T) {
		fake := enginetest.New()
		img, blobs := app(t, "/app")
		bench := tried(t, fake, blobs, budget.Health{})
		bench.Engine = &warm{Fake: fake, skip: true}
		_, err := bench.Pull(t.Context(), img)
		var hit *CacheHit
		require.ErrorAs(t, err, &hit)
		require.Zero(t, hit.Served)
		require.Greater(t, hit.Want, img.Layers[0].Size)
		require.ErrorContains(t, err, "cache hit: the engine fetched 0 of the ")
	})
	t.Run("A4: a transfer that was repeated is no time", func(t *testing.T) {
		fake := enginetest.New()
		img, blobs := app(t, "/app")
		bench := tried(t, fake, blobs, budget.Health{})
		bench.Engine = &warm{Fake: fake, again: true}
		_, err := bench.Pull(t.Context(), img)
		require.ErrorContains(t, err, "a transfer was cut and repeated")
		require.False(t, final(err))
	})
}

func TestPullOfZstd(t *testing.T) {
	fake := enginetest.New()
	fake.Self.ZstdLayers = false
	fake.Programs["/app"] = enginetest.Program{Handler: enginetest.OK}
	img, blobs := newImage(t, ocispec.ImageConfig{Entrypoint: []string{"/app"}},
		contents{image.Zstd, []file{{"a", noise(100_000)}}}, contents{image.Gzip, nil})
	bench := tried(t, fake, blobs, budget.Health{Port: 80, Timeout: timeLimit})

	_, err := bench.Pull(t.Context(), img)
	var zstd *ZstdUnsupported
	require.ErrorAs(t, err, &zstd)
	require.ErrorContains(t, err, "Fake Engine 1.0 cannot pull layers compressed with zstd")

	sample, err := bench.Start(t.Context(), img)
	require.NoError(t, err, "the start is measured on a copy that the engine can take")
	require.Positive(t, sample.Total)
	require.Len(t, bench.Session.Left(), 1, "the copy, and no temporary folder")
}

func TestPullThatFails(t *testing.T) {
	fake := enginetest.New()
	img, blobs := app(t, "/app")
	bench := tried(t, fake, blobs, budget.Health{})
	refused := errors.New("no space left on device")
	fake.Hook = func(_ context.Context, method string) error {
		if method == "Pull" {
			return refused
		}
		return nil
	}
	_, err := bench.Pull(t.Context(), img)
	require.ErrorIs(t, err, refused)
	require.Empty(t, bench.Session.Left())
}

// What cannot be removed is an error, and stays recorded for the next run.
func TestPullThatCannotBeRemoved(t *testing.T) {
	fake := enginetest.New()
	img, blobs := app(t, "/app")
	bench := tried(t, fake, blobs, budget.Health{})
	fake.Hook = func(_ context.Context, method string) error {
		if method == "RemoveImage" {
			return errors.New("device busy")
		}
		return nil
	}
	_, err := bench.Pull(t.Context(), img)
	require.ErrorContains(t, err, "device busy")
	left := bench.Session.Left()
	require.Len(t, left, 1)
	require.Contains(t, left[0].Name, bench.Session.Nonce()+"/app:")
	fake.Hook = nil
	require.NoError(t, bench.removeImage(t.Context(), left[0].Name))
}

// D8: whenever the run is cancelled, nothing is left.
func TestCancelledAtEveryStep(t *testing.T) {
	steps := []string{"About", "Serve", "Pull", "RemoveImage", "Create", "Start", "Address", "RemoveContainer"}
	for _, step := range steps {
		for nth := 1; nth <= 2; nth++ {
			t.Run(step, func(t *testing.T) {
				fake := enginetest.New()
				fake.Programs["/app"] = enginetest.Program{Handler: enginetest.OK}
				img, blobs := app(t, "/app")
				bench := tried(t, fake, blobs, health(timeLimit))
				ctx, cancel := context.WithCancel(t.Context())
				seen := 0
				fake.Hook = func(_ context.Context, method string) error {
					if method == step {
						if seen++; seen == nth {
							cancel()
						}
					}
					return nil
				}
				for range 2 {
					_, err := bench.Pull(ctx, img)
					if err == nil {
						_, err = bench.Start(ctx, img)
					}
					if ctx.Err() != nil {
						break
					}
					require.NoError(t, err)
				}
				for _, thing := range bench.Session.Left() {
					require.Contains(t, bench.delivered, img.ConfigDigest, "%v", thing)
				}
				cancel()
			})
		}
	}
}

// D8: a transfer that is under way ends with the run.
func TestCancelledWithinAPull(t *testing.T) {
	fake := enginetest.New()
	img, blobs := app(t, "/app")
	bench := tried(t, fake, blobs, budget.Health{})
	bench.Link = budget.Link{Bandwidth: 8000} // fifty seconds for the layer
	ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
	defer cancel()
	begun := time.Now()
	_, err := bench.Pull(ctx, img)
	require.ErrorIs(t, err, context.DeadlineExceeded)
	require.Less(t, time.Since(begun), 10*time.Second)
	require.Empty(t, bench.Session.Left())
}

func TestShortName(t *testing.T) {
	for reference, want := range map[string]string{
		"":                              "image",
		"App":                           "app",
		"registry:5000/team/My_App:1.2": "my-app",
		"r/app@sha256:0123":             "app",
		"../..":                         "image",
		"a/" + "very-long-name-very-long-name-very-long-name": "very-long-name-very-long-name-very-long",
	} {
		require.Equal(t, want, shortName(reference), reference)
	}
}

// A layer that is unpacked for an engine says what ended it.
func TestUnpackingEnds(t *testing.T) {
	img, blobs := newImage(t, ocispec.ImageConfig{}, contents{image.Zstd, []file{{"a", noise(100_000)}}})
	bench := tried(t, enginetest.New(), blobs, health(timeLimit))
	path := filepath.Join(t.TempDir(), "tar")
	plain, err := bench.unpacked(t.Context(), img.Layers[0], path)
	require.NoError(t, err)
	content, err := os.ReadFile(path)
	require.NoError(t, err)
	require.Equal(t, img.Layers[0].DiffID, digest.FromBytes(content))
	require.EqualValues(t, len(content), plain.Size)

	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err = bench.unpacked(ctx, img.Layers[0], path)
	require.ErrorIs(t, err, context.Canceled)
	require.NotErrorIs(t, err, errRequestEnded)
}

// patient is an engine that tries again until it is told to stop, as Docker
// does for more than a minute.
type patient struct{ *enginetest.Fake }

func (p patient) Pull(ctx context.Context, ref string, platform image.Platform) error {
	for ctx.Err() == nil {
		if err := p.Fake.Pull(ctx, ref, platform); err == nil {
			return nil
		}
	}
	return ctx.Err()
}

// A blob that went away ends the trial at once and is named: what the engine
// spends on trying again would pass for a slow pull.
func TestPullWithoutItsBlob(t *testing.T) {
	img, blobs := newImage(t, ocispec.ImageConfig{}, contents{image.Gzip, []file{{"a", noise(250_000)}}})
	fake := enginetest.New()
	bench := tried(t, fake, missing{}, budget.Health{})
	bench.Engine = patient{fake}
	_, err := bench.Pull(t.Context(), img)
	require.ErrorIs(t, err, os.ErrNotExist)
	require.ErrorContains(t, err, img.Layers[0].Digest.Encoded()[:12])
	require.NotErrorIs(t, err, context.Canceled)

	bench.Blobs = shortened{blobs}
	_, err = bench.Pull(t.Context(), img)
	require.ErrorContains(t, err, "reading blob file")
}

// missing has no blob, and shortened only the beginning of each.
type (
	missing   struct{}
	shortened struct{ Blobs }
)

func (missing) Blob(d digest.Digest) (*os.File, error) {
	return nil, &os.PathError{Op: "open", Path: d.Encoded(), Err: os.ErrNotExist}
}

func (s shortened) Blob(d digest.Digest) (*os.File, error) {
	whole, err := s.Blobs.Blob(d)
	if err != nil {
		return nil, err
	}
	return whole, os.Truncate(whole.Name(), 1000)
}
