package trial

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"net/http"
	"path"
	"strconv"
	"strings"
	"sync"

	ggcr "github.com/google/go-containerregistry/pkg/registry"
	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/opencontainers/go-digest"
)

// registry is the embedded registry. It serves one image at a time, to read
// only, and nothing else. The protocol (OCI Distribution Specification 1.1) is
// go-containerregistry's; the bytes and the count of them are ours.
type registry struct {
	mu      sync.Mutex
	current *offer
}

// ServeHTTP hands the request to the trial under way.
func (r *registry) ServeHTTP(w http.ResponseWriter, req *http.Request) {
	r.mu.Lock()
	current := r.current
	r.mu.Unlock()
	switch {
	case req.Method != http.MethodGet && req.Method != http.MethodHead:
		http.Error(w, "this registry is read only", http.StatusMethodNotAllowed)
	case current == nil || !current.covers(req.URL.Path):
		http.NotFound(w, req)
	default:
		current.serve(w, req)
	}
}

// show makes o what the registry serves, until it is withdrawn.
func (r *registry) show(o *offer) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.current = o
}

// withdraw ends o and every request for it.
func (r *registry) withdraw(o *offer) {
	r.mu.Lock()
	if r.current == o {
		r.current = nil
	}
	r.mu.Unlock()
	close(o.over)
}

// offer is one image under one repository name and tag, over one link.
type offer struct {
	repo    string
	blobs   Blobs
	known   map[string]blob // by digest
	count   *count
	handler http.Handler
	over    chan struct{} // closed when the offer ends
	broken  func(error)   // called when a blob cannot be read: engines try again for minutes
}

func newOffer(repo, tag string, image *served, blobs Blobs, over *link, broken func(error)) (*offer, error) {
	o := &offer{
		repo: repo, blobs: blobs, over: make(chan struct{}), broken: broken,
		known: map[string]blob{image.config.Digest.String(): image.config},
		count: newCount(),
	}
	for _, layer := range image.layers {
		o.known[layer.Digest.String()] = layer
	}
	protocol := ggcr.New(ggcr.WithBlobHandler(o), ggcr.Logger(log.New(io.Discard, "", 0)))
	if err := putManifest(protocol, repo, tag, image); err != nil {
		return nil, err
	}
	o.handler = over.through(o.counted(protocol))
	return o, nil
}

// covers reports whether the path is the API's root or inside the repository.
func (o *offer) covers(p string) bool {
	return p == "/v2/" || p == "/v2" || (path.Clean(p) == p && strings.HasPrefix(p, "/v2/"+o.repo+"/"))
}

// serve answers until the offer ends.
func (o *offer) serve(w http.ResponseWriter, req *http.Request) {
	ctx, cancel := context.WithCancel(req.Context())
	defer cancel()
	go func() {
		select {
		case <-o.over:
			cancel()
		case <-ctx.Done():
		}
	}()
	o.handler.ServeHTTP(w, req.WithContext(ctx))
}

// counted counts what is written of the image's blobs.
func (o *offer) counted(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		asked, ok := o.known[path.Base(req.URL.Path)]
		if !ok {
			next.ServeHTTP(w, req)
			return
		}
		if wanted := req.Header.Get("Range"); wanted != "" {
			req.Header.Set("Range", wholeRange(wanted, asked.Size))
		}
		next.ServeHTTP(&countingWriter{ResponseWriter: w, count: o.count, blob: asked.Digest}, req)
	})
}

// wholeRange writes a range that is open-ended or reaches past the end, as
// RFC 9110 section 14.1.2 allows, in the one form that the protocol handler
// knows. What is no such range is refused there.
func wholeRange(header string, size int64) string {
	from, to, _ := strings.Cut(strings.TrimPrefix(header, "bytes="), "-")
	start, err := strconv.ParseInt(from, 10, 64)
	end := size - 1
	if to != "" && err == nil {
		end, err = strconv.ParseInt(to, 10, 64)
		end = min(end, size-1)
	}
	if err != nil || start < 0 || start > end {
		return "unsatisfiable"
	}
	return fmt.Sprintf("bytes=%d-%d", start, end)
}

// Stat is the size of a blob of the image, by the registry's BlobStatHandler.
func (o *offer) Stat(_ context.Context, _ string, h v1.Hash) (int64, error) {
	found, ok := o.known[h.String()]
	if !ok {
		return 0, ggcr.ErrNotFound
	}
	return found.Size, nil
}

// Get opens a blob of the image, by the registry's BlobHandler.
func (o *offer) Get(_ context.Context, _ string, h v1.Hash) (io.ReadCloser, error) {
	found, ok := o.known[h.String()]
	if !ok {
		return nil, ggcr.ErrNotFound
	}
	body, err := found.open(o.blobs, o.broken)
	if err != nil {
		o.broken(err)
	}
	return body, err
}

// transferred is how many layer bytes were written of the image.
func (o *offer) transferred(image *served) int64 {
	var sum int64
	seen := map[digest.Digest]bool{}
	for _, layer := range image.layers {
		if !seen[layer.Digest] {
			sum += o.count.of(layer.Digest)
			seen[layer.Digest] = true
		}
	}
	return sum
}

// putManifest puts it through the protocol handler, which keeps manifests.
func putManifest(protocol http.Handler, repo, tag string, image *served) error {
	url := "http://registry.invalid/v2/" + repo + "/manifests/" + tag
	req, err := http.NewRequest(http.MethodPut, url, bytes.NewReader(image.body))
	if err != nil {
		return fmt.Errorf("offering %q: %w", repo+":"+tag, err)
	}
	req.Header.Set("Content-Type", image.manifest.MediaType)
	answer := &silentWriter{header: http.Header{}}
	protocol.ServeHTTP(answer, req)
	if answer.status != http.StatusCreated {
		return fmt.Errorf("offering %q: %w", repo+":"+tag, errors.New(http.StatusText(answer.status)))
	}
	return nil
}

// silentWriter keeps only the status of an answer.
type silentWriter struct {
	header http.Header
	status int
}

func (w *silentWriter) Header() http.Header         { return w.header }
func (w *silentWriter) Write(p []byte) (int, error) { return len(p), nil }
func (w *silentWriter) WriteHeader(status int)      { w.status = status }
