// Package budget holds the policy for an image (Budget), what it measured
// (Measurement), and the pure comparison of the two (Compare). It is the only
// reader and writer of the project's YAML. It knows nothing of engines,
// registries, trials or how a result is shown.
package budget

import (
	"time"

	"github.com/image-budget/image-budget/internal/image"
)

// Budget is the policy for one image, as a person wrote it in
// budgets/<name>.yaml. Paths in it are already resolved against that file.
type Budget struct {
	Name           string // the file's name without .yaml; the name on the command line
	Path           string // of the file, as it was asked for
	Image          string // the name in reports
	Source         Source
	Rebuild        Rebuild
	Platform       image.Platform
	Health         Health
	Run            Run
	Link           Link
	Tolerance      Percent
	OnInconclusive OnInconclusive
	Lint           Lint
	Metrics        []Gate // in the order of metric.All
	Exceptions     []Exception
	Scan           *Scan // nil when vulnerabilities are not gated
}

// Source says where the candidate comes from. Exactly one field is set.
type Source struct {
	Build   *Build
	Pull    string // a reference in a registry
	Engine  string // a reference in the engine's own store
	OCI     string // path of an OCI layout folder
	Archive string // path of a docker save or OCI archive, plain or gzip
}

// Build is an image built by BuildKit through the engine.
type Build struct {
	Context    string // absolute
	Dockerfile string // absolute
	Target     string
	Args       map[string]string
	Secrets    []Secret
	Tag        string   // kept in the engine under this name; without it the built image is gone after the run
	Prepare    []string // run in Context before the build, no shell
	Network    Network
	Timeout    time.Duration // of one build; default 30m
	// Syntax is the frontends that a Dockerfile may name in # syntax= besides
	// Docker's own, each a reference with a digest.
	Syntax []string
}

// Rebuild says what changes between a build and the one that rebuild_time times.
type Rebuild struct {
	Touch string // a file, relative to the build's context; empty where nothing is rebuilt
}

// Network is what the RUN instructions of a build may reach.
type Network string

// The networks of a build. That of the host is granted to the whole build, and
// only where the budget says so; a RUN --network=host by itself fails.
const (
	BridgeNetwork Network = "default"
	HostNetwork   Network = "host"
	NoNetwork     Network = "none"
)

// Secret is handed to RUN --mount=type=secret,id=ID from an environment
// variable of the gate or from a file. Exactly one of Env and File is set.
type Secret struct {
	ID, Env, File string
}

// Health is how a container says that it is ready. Port 0 means the one TCP
// port that the image exposes.
type Health struct {
	Port    int
	Path    string        // default /health
	Scheme  string        // http or https
	Timeout time.Duration // from the start call; default 60s
}

// Run is what the container under trial gets.
type Run struct {
	Env     map[string]string
	Command []string // replaces the image's command when not empty
	Memory  Bytes    // memory and swap together; default 2GiB
	CPUs    float64  // default 2
	Sandbox Sandbox
}

// Sandbox names what a container under trial may do.
type Sandbox string

// The sandboxes, as the design describes them.
const (
	Standard Sandbox = "standard"
	Strict   Sandbox = "strict"
)

// Link is the network between registry and engine in a pull trial. The zero
// Bandwidth does not limit.
type Link struct {
	Bandwidth Bandwidth
	Latency   time.Duration // added once per request
}

// OnInconclusive says what an undecided metric does to the exit status.
type OnInconclusive string

// What an undecided metric may do.
const (
	Fail OnInconclusive = "fail"
	Warn OnInconclusive = "warn"
)

// Gate is one gated metric and its limits.
type Gate struct {
	Metric    string
	Max       *float64 // absolute ceiling in the metric's unit; nil for none
	Tolerance Percent
	Line      int // in the budget file
}

// Exception is an accepted regression that ends.
type Exception struct {
	Metric    string
	Tolerance Percent
	Until     time.Time // the last day on which it counts, UTC
	Reason    string
	Line      int
}
