// Package engine is the container engine under test: what the gate asks of
// one, and the engines it knows. It is the only importer of docker/docker. It
// knows nothing of budgets, metrics or verdicts.
package engine

import (
	"context"
	"io"
	"net/http"
	"time"

	"github.com/opencontainers/go-digest"

	"github.com/image-budget/image-budget/internal/image"
)

// Engine pulls, builds and runs images. Every method that makes something
// leaves its removal to the caller, who names what it makes.
type Engine interface {
	// About describes the engine. It also serves as the check that one answers.
	About(context.Context) (About, error)

	// Image describes the image that ref names in the engine's store.
	// The error matches ErrNoImage when there is none.
	Image(ctx context.Context, ref string) (HeldImage, error)
	// Save streams the image as docker save writes it: a docker archive, an OCI
	// layout in a tar, or both in one.
	Save(ctx context.Context, ref string) (io.ReadCloser, error)
	// Build builds with BuildKit and holds the image under req.Name. Progress
	// goes to the writer.
	Build(ctx context.Context, req BuildRequest, progress io.Writer) error
	// Serve makes a registry reachable for the engine's pulls until stop is
	// called, and returns the host:port under which the engine reaches it.
	Serve(ctx context.Context, registry http.Handler) (host string, stop func() error, err error)
	// Pull pulls ref and returns when the engine reports it complete.
	Pull(ctx context.Context, ref string, platform image.Platform) error
	// RemoveImage drops ref; that it is gone already is no error.
	RemoveImage(ctx context.Context, ref string) error

	// Create makes a container and does not start it. Whatever it needs beside
	// it, such as a network of its own, RemoveContainer removes too.
	Create(ctx context.Context, spec Container) (id string, err error)
	// Start starts it and returns when the engine says that it has.
	Start(ctx context.Context, id string) error
	// Address is the host:port at which this machine reaches the container's
	// port: a published one, or the container's own address in the strict sandbox.
	Address(ctx context.Context, id string, port int) (string, error)
	// Exited sends once when the container has ended, or closes when ctx is
	// done. Call it before Start so that no exit is missed.
	Exited(ctx context.Context, id string) <-chan Exit
	// Exit is how a container stands now.
	Exit(ctx context.Context, id string) (Exit, error)
	// Logs returns the last limit bytes of standard output and error together.
	Logs(ctx context.Context, id string, limit int) ([]byte, error)
	// WriteLog writes to w all that the engine has kept of them.
	WriteLog(ctx context.Context, id string, w io.Writer) error
	// RemoveContainer kills and removes it with its anonymous volumes; that it
	// is gone already is no error. It takes the container's ID or its name, and
	// by its name also finds what a creation that was cut short has left.
	RemoveContainer(ctx context.Context, id string) error

	Close() error
}

// About says which engine answers.
type About struct {
	Name       string // such as "Docker Engine"
	Version    string // such as "20.10.24"
	Store      string // such as "overlay2"
	APIVersion string
	Platform   image.Platform
	ZstdLayers bool // it can pull layers compressed with zstd
	BuildKit   bool
	Host       string // the address that was asked
	Local      bool   // it shares this machine's loopback interface

	Parts    map[string]string // versions of what it runs on, such as containerd and runc
	Warnings []string          // what it says of its host, such as a limit that the kernel cannot hold
}

// HeldImage is what the engine says of an image in its store. ID is whatever
// the engine calls the image by: a config digest or a manifest digest.
type HeldImage struct {
	ID       string
	DiffIDs  []digest.Digest
	Platform image.Platform
}

// BuildRequest is one build. Paths are absolute.
type BuildRequest struct {
	Name       string // reference under which the engine holds the result
	Context    string
	Dockerfile string
	Target     string
	Args       map[string]string
	Secrets    []Secret
	Platform   image.Platform
	Network    string // of RUN instructions: host, none, or empty for the engine's own

	// Syntax lets the Dockerfile name the frontend that reads it (# syntax=), which
	// the engine then fetches and runs. Else the engine's own one reads it.
	Syntax  bool
	Timeout time.Duration     // ends the build with a *BuildTimeout; 0 for never
	Salt    *Salt             // makes one file of the context another one; nil for the context as it is
	Forget  bool              // drops from the engine's build cache what this build has put there
	Report  func(BuildReport) // is told of a build that succeeded; may be nil
}

// Salt is text that a file of the context has at its end for one build. Neither
// the file nor the context on this disk changes.
type Salt struct {
	Path string // relative to the context
	Text []byte
}

// BuildReport is what a build took.
type BuildReport struct {
	Total  time.Duration // from the solve call to its end, the image being in the engine's store
	Ran    []Step        // the instructions that did not come from the cache, in the order in which they began
	Export time.Duration // of Total, what storing the image took
}

// Step is one instruction of a Dockerfile that a build ran, on the engine's clock.
type Step struct {
	Name         string // such as "COPY . ."; FROM is none
	Stage        string // as BuildKit calls it, such as "builder" or "stage-0"; empty where there is one only
	Begun, Ended time.Time
}

// Secret is a build secret from the environment variable Env or from File.
type Secret struct {
	ID, Env, File string
}

// Container is one container under trial.
type Container struct {
	Name     string
	Image    string // reference in the engine's store
	Command  []string
	Env      map[string]string // added to the image's own
	Port     int               // published on loopback, on a free port
	Memory   int64             // bytes; swap included
	CPUs     float64
	Strict   bool  // the strict sandbox
	LogSize  int64 // bytes of log that the engine keeps, in its own format; 0 for 2 MiB
	Labels   map[string]string
	Platform image.Platform
}

// Exit is how a container ended, or that it still runs.
type Exit struct {
	Running   bool
	Code      int
	OOMKilled bool
	Error     string // what the engine says went wrong, such as a missing entrypoint
}
