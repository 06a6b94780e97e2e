package source

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"sync"

	"github.com/google/go-containerregistry/pkg/authn"
	"github.com/google/go-containerregistry/pkg/name"
	"github.com/google/go-containerregistry/pkg/v1/remote"
	"github.com/google/go-containerregistry/pkg/v1/remote/transport"
	"github.com/opencontainers/go-digest"

	"github.com/image-budget/image-budget/internal/budget"
	"github.com/image-budget/image-budget/internal/image"
	"github.com/image-budget/image-budget/internal/layer"
)

// Pull is an image in a registry. No engine takes part in getting it.
var Pull = Kind{
	Name:  "pull",
	Given: func(s budget.Source) bool { return s.Pull != "" },
	Open: func(ctx context.Context, b budget.Budget, at Machine) (*image.Image, error) {
		return openPull(ctx, b.Source.Pull, b.Platform, at)
	},
}

func openPull(ctx context.Context, where string, want image.Platform, at Machine) (*image.Image, error) {
	ref, err := parseReference(where)
	if err != nil {
		return nil, err
	}
	at.Index = false // what came over the network is worth keeping
	at.say("pulling %s", where)
	from, err := newRegistry(ref.Context(), at)
	if err != nil {
		return nil, fmt.Errorf("pulling %q: %w", where, err)
	}
	img, err := from.image(ctx, ref, want)
	if err != nil {
		return nil, explainPull(ref, fmt.Errorf("pulling %q: %w", where, err))
	}
	// By digest, since the tag may move: this is where it can be had again.
	img.Reference = ref.Context().Digest(img.ManifestDigest.String()).String()
	return img, nil
}

func parseReference(where string) (name.Reference, error) {
	ref, err := name.ParseReference(where)
	if err != nil {
		return nil, inputErrorf("write a reference such as ghcr.io/acme/support-agent:main", "%.200q is not the reference of an image: %w", where, err)
	}
	return ref, nil
}

// explainPull adds what can be done about it.
func explainPull(ref name.Reference, err error) error {
	var answer *transport.Error
	if !errors.As(err, &answer) {
		return err
	}
	switch answer.StatusCode {
	case http.StatusUnauthorized, http.StatusForbidden:
		return &Fault{Err: err, Fix: "log in with docker login " + ref.Context().RegistryStr() + ", with an account that may pull the image"}
	case http.StatusNotFound:
		return &Fault{Err: err, Fix: "check the name and the tag"}
	}
	return err
}

// registry is contents of one repository in a registry.
type registry struct {
	repository name.Repository
	puller     *remote.Puller
	at         Machine
	saying     sync.Mutex // progress is written by one layer at a time
	shelf
}

func newRegistry(repository name.Repository, at Machine) (*registry, error) {
	puller, err := remote.NewPuller(
		remote.WithTransport(newGuard(newTransport())),
		remote.WithAuthFromKeychain(authn.DefaultKeychain),
		remote.WithUserAgent("image-budget"),
		remote.WithJobs(layersAtOnce+1),
		// The guard retries, so that a registry's Retry-After is heard.
		remote.WithRetryBackoff(remote.Backoff{Steps: 1}),
		remote.WithRetryPredicate(func(error) bool { return false }),
		remote.WithRetryStatusCodes(),
	)
	if err != nil {
		return nil, err
	}
	return &registry{repository: repository, puller: puller, at: at, shelf: at.shelf()}, nil
}

// image asks for the tag once. Everything after that is asked for by digest.
func (r *registry) image(ctx context.Context, ref name.Reference, want image.Platform) (*image.Image, error) {
	got, err := r.puller.Get(ctx, ref)
	if err != nil {
		return nil, err
	}
	top, err := parseDocument(got.Manifest)
	if err != nil {
		return nil, fmt.Errorf("reading manifest %s: %w", got.Digest, err)
	}
	size := int64(len(got.Manifest))
	d := descriptor{MediaType: string(got.MediaType), Digest: digest.FromBytes(got.Manifest), Size: &size}
	if top.isIndex() {
		if d, err = choose(ctx, r, top, want); err != nil {
			return nil, err
		}
	}
	key := registryKey(d.Digest)
	if img, ok := r.Image(key); ok {
		return img, checkPlatform(img.Platform, want, d.platform())
	}
	img, err := openManifest(ctx, r, d, want)
	if err != nil {
		return nil, err
	}
	return img, r.PutImage(key, img)
}

func registryKey(manifest digest.Digest) string { return "registry " + manifest.String() }

func (r *registry) manifest(ctx context.Context, d descriptor) ([]byte, error) {
	if err := checkLimit("manifest "+d.Digest.String(), *d.Size, manifestLimit); err != nil {
		return nil, err
	}
	got, err := r.puller.Get(ctx, r.repository.Digest(d.Digest.String()))
	if err != nil {
		return nil, err
	}
	return got.Manifest, checkText("manifest", got.Manifest, d)
}

func (r *registry) config(ctx context.Context, d descriptor) ([]byte, error) {
	if err := checkLimit("config "+d.Digest.String(), *d.Size, configLimit); err != nil {
		return nil, err
	}
	body, err := r.open(ctx, d)
	if err != nil {
		return nil, err
	}
	defer body.Close()
	text, err := io.ReadAll(io.LimitReader(body, *d.Size+1))
	if err != nil {
		return nil, fmt.Errorf("reading config %s: %w", d.Digest, err)
	}
	return text, checkText("config", text, d)
}

// layer downloads a layer that the store does not hold.
func (r *registry) layer(ctx context.Context, d descriptor) (image.Layer, error) {
	if known, ok := r.Layer(d.Digest); ok && known.Digest == d.Digest {
		if known.Size != *d.Size {
			return image.Layer{}, &layer.SizeError{Want: *d.Size, Got: known.Size}
		}
		return r.take(known)
	}
	r.say("downloading layer %s, %d bytes", d.Digest, *d.Size)
	body, err := r.open(ctx, d)
	if err != nil {
		return image.Layer{}, err
	}
	defer body.Close()
	return layer.Read(ctx, body, r.Store, layer.Options{Digest: d.Digest, Size: *d.Size, Allowance: r.allowance})
}

func (r *registry) say(format string, args ...any) {
	r.saying.Lock()
	defer r.saying.Unlock()
	r.at.say(format, args...)
}

// open starts the download of a blob, which the caller checks.
func (r *registry) open(ctx context.Context, d descriptor) (io.ReadCloser, error) {
	blob, err := r.puller.Layer(ctx, r.repository.Digest(d.Digest.String()))
	if err != nil {
		return nil, err
	}
	return blob.Compressed()
}
