package engine

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/docker/cli/cli/config"
	buildkit "github.com/moby/buildkit/client"
	"github.com/moby/buildkit/session"
	"github.com/moby/buildkit/session/auth/authprovider"
	"github.com/moby/buildkit/session/secrets/secretsprovider"
	"github.com/moby/buildkit/util/entitlements"
	"github.com/moby/buildkit/util/progress/progressui"
	"github.com/opencontainers/go-digest"
	"github.com/tonistiigi/fsutil"
	"golang.org/x/sync/errgroup"
	"google.golang.org/grpc"
)

// Build speaks to the BuildKit inside the engine, through the connections that
// its API upgrades at /grpc and /session, as docker buildx's docker driver does.
// It asks for no attestation, so that the image is a plain manifest on every
// store. A fault of the Dockerfile's is a *BuildFault.
func (d *dockerEngine) Build(ctx context.Context, req BuildRequest, progress io.Writer) error {
	if !d.buildKit() {
		return &Unsupported{
			What: "building with BuildKit", Host: d.api.DaemonHost(),
			Fix: "build the image before, and name it in the budget with engine, oci or archive in place of build",
		}
	}
	options, err := solveOptions(req)
	if err != nil {
		return fmt.Errorf("preparing the build: %w", err)
	}
	var call stopwatch
	kit, err := buildkit.New(ctx, "",
		buildkit.WithGRPCDialOption(grpc.WithChainUnaryInterceptor(call.time)),
		buildkit.WithContextDialer(func(ctx context.Context, _ string) (net.Conn, error) {
			return d.api.DialHijack(ctx, "/grpc", "h2c", nil)
		}),
		buildkit.WithSessionDialer(func(ctx context.Context, proto string, meta map[string][]string) (net.Conn, error) {
			return d.api.DialHijack(ctx, "/session", proto, meta)
		}))
	if err != nil {
		return d.fault(err, "reaching BuildKit")
	}
	defer kit.Close()

	if !req.Forget {
		return d.run(ctx, kit, req, options, &call, progress)
	}
	return forgetting(ctx, kit, func() error { return d.run(ctx, kit, req, options, &call, progress) })
}

// run is one build with all that may be said of it.
func (d *dockerEngine) run(ctx context.Context, kit *buildkit.Client, req BuildRequest, options buildkit.SolveOpt, call *stopwatch, progress io.Writer) error {
	limited, cancel := within(ctx, req.Timeout)
	defer cancel()
	seen, err := solve(limited, kit, options, progress)
	switch {
	case ctx.Err() != nil:
		return fmt.Errorf("running BuildKit: %w", context.Cause(ctx))
	case limited.Err() != nil:
		return &BuildTimeout{After: req.Timeout, Step: cmp.Or(seen.running(), seen.failed)}
	case err != nil:
		return d.fault(err, "building %q", req.Name)
	}
	if req.Report != nil {
		req.Report(seen.report(call.took))
	}
	return nil
}

// stopwatch times the call that solves, without the progress that trails after it
// by up to a second.
type stopwatch struct{ took time.Duration }

func (s *stopwatch) time(ctx context.Context, method string, req, reply any, kit *grpc.ClientConn, call grpc.UnaryInvoker, opts ...grpc.CallOption) error {
	begun := time.Now()
	err := call(ctx, method, req, reply, kit, opts...)
	if strings.HasSuffix(method, ".Control/Solve") {
		s.took = time.Since(begun)
	}
	return err
}

// within is ctx with an end, where there is a limit.
func within(ctx context.Context, limit time.Duration) (context.Context, context.CancelFunc) {
	if limit == 0 {
		return ctx, func() {}
	}
	return context.WithTimeout(ctx, limit)
}

// solve runs the build and returns when the last of its progress is shown, also
// when ctx is done, since the display is what drains the channels.
func solve(ctx context.Context, kit *buildkit.Client, options buildkit.SolveOpt, progress io.Writer) (*steps, error) {
	seen := &steps{}
	display, err := progressui.NewDisplay(progress, progressui.AutoMode)
	if err != nil {
		return seen, err
	}
	var shown errgroup.Group
	updates, watched := make(chan *buildkit.SolveStatus), make(chan *buildkit.SolveStatus)
	shown.Go(func() error {
		seen = watch(updates, watched)
		return nil
	})
	shown.Go(func() error {
		_, err := display.UpdateFrom(context.WithoutCancel(ctx), watched)
		return err
	})
	_, err = kit.Solve(ctx, nil, options, updates) // closes updates
	if showErr := shown.Wait(); err == nil {
		return seen, showErr
	}
	return seen, buildFault(err, seen.failed)
}

// solveOptions asks for the Dockerfile frontend and for the result under its
// name in the engine's own store. Build arguments are the declared ones only.
func solveOptions(req BuildRequest) (buildkit.SolveOpt, error) {
	folder, err := fsutil.NewFS(req.Context)
	if err != nil {
		return buildkit.SolveOpt{}, fmt.Errorf("opening build context: %w", err)
	}
	dockerfile, err := fsutil.NewFS(filepath.Dir(req.Dockerfile))
	if err != nil {
		return buildkit.SolveOpt{}, fmt.Errorf("opening the folder of the Dockerfile: %w", err)
	}
	if _, err := os.Stat(req.Dockerfile); err != nil {
		return buildkit.SolveOpt{}, fmt.Errorf("opening Dockerfile: %w", err)
	}
	attachables, err := attachables(req.Secrets)
	if err != nil {
		return buildkit.SolveOpt{}, err
	}
	attrs := map[string]string{"filename": filepath.Base(req.Dockerfile)}
	if !req.Syntax {
		// What the frontend gets with it when another one has passed the build on,
		// so that it passes it on to none.
		attrs["cmdline"] = "image-budget"
	}
	if req.Salt != nil {
		if err := req.Salt.within(); err != nil {
			return buildkit.SolveOpt{}, err
		}
		folder = newSalted(folder, *req.Salt)
	}
	if req.Target != "" {
		attrs["target"] = req.Target
	}
	if platform := req.Platform.String(); platform != "" {
		attrs["platform"] = platform
	}
	for name, value := range req.Args {
		attrs["build-arg:"+name] = value
	}
	var granted []string // a Dockerfile that asks for more is refused
	if req.Network != "" {
		attrs["force-network-mode"] = req.Network
	}
	if req.Network == "host" {
		granted = append(granted, entitlements.EntitlementNetworkHost.String())
	}
	return buildkit.SolveOpt{
		Frontend:      "dockerfile.v0",
		FrontendAttrs: attrs,
		LocalMounts:   map[string]fsutil.FS{"context": folder, "dockerfile": dockerfile},
		// BuildKit keeps what it was sent under this key, so that the next
		// build of the same folder sends only what changed.
		SharedKey:           "image-budget:" + digest.FromString(req.Context).Encoded(),
		Session:             attachables,
		AllowedEntitlements: granted,
		Exports:             []buildkit.ExportEntry{{Type: "moby", Attrs: map[string]string{"name": req.Name}}},
	}, nil
}

// attachables is what BuildKit may ask this process for: the declared secrets,
// and credentials for the registries of base images.
func attachables(secrets []Secret) ([]session.Attachable, error) {
	var sources []secretsprovider.Source
	for _, s := range secrets {
		if _, set := os.LookupEnv(s.Env); s.Env != "" && !set {
			return nil, fmt.Errorf("reading build secret %q: environment variable %s is not set", s.ID, s.Env)
		}
		sources = append(sources, secretsprovider.Source{ID: s.ID, Env: s.Env, FilePath: s.File})
	}
	store, err := secretsprovider.NewStore(sources)
	if err != nil {
		return nil, fmt.Errorf("reading build secrets: %w", err)
	}
	credentials, err := config.Load(config.Dir())
	if err != nil {
		return nil, fmt.Errorf("reading the registry credentials of docker login: %w", err)
	}
	return []session.Attachable{
		secretsprovider.NewSecretProvider(store),
		authprovider.NewDockerAuthProvider(authprovider.DockerAuthProviderConfig{
			AuthConfigProvider: authprovider.LoadAuthConfig(credentials),
		}),
	}, nil
}
