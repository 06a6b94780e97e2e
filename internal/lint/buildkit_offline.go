package lint

import (
	"context"
	"encoding/json"
	"errors"
	"io/fs"
	"path"
	"strings"

	"github.com/moby/buildkit/client/llb"
	"github.com/moby/buildkit/client/llb/sourceresolver"
	"github.com/moby/buildkit/frontend/gateway/client"
	gwpb "github.com/moby/buildkit/frontend/gateway/pb"
	"github.com/moby/buildkit/solver/pb"
	"github.com/moby/buildkit/util/apicaps"
	dockerspec "github.com/moby/docker-image-spec/specs-go/v1"
	"github.com/opencontainers/go-digest"
	ocispec "github.com/opencontainers/image-spec/specs-go/v1"
	fstypes "github.com/tonistiigi/fsutil/types"
)

// offline stands where BuildKit's frontend expects the daemon. It knows the
// patterns of .dockerignore, answers with an empty config for every image, and
// refuses everything else.
type offline struct {
	folder *Folder
}

var errOffline = errors.New("linting fetches nothing")

// ResolveImageConfig answers for any image. What of its config is known anyway is
// the names of its variables.
func (o *offline) ResolveImageConfig(_ context.Context, ref string, opt sourceresolver.Opt) (string, digest.Digest, []byte, error) {
	img := dockerspec.DockerOCIImage{Image: ocispec.Image{Platform: ocispec.Platform{OS: "linux", Architecture: "amd64"}}}
	if opt.ImageOpt != nil && opt.ImageOpt.Platform != nil {
		img.Platform = *opt.ImageOpt.Platform
	}
	names, _ := variablesOf(ref)
	for _, name := range names {
		img.Config.Env = append(img.Config.Env, name+"="+unknownArg)
	}
	config, err := json.Marshal(img)
	return ref, "", config, err
}

// BuildOpts claims every capability, for nothing is sent anywhere.
func (o *offline) BuildOpts() client.BuildOpts {
	all := func(list apicaps.CapList) apicaps.CapSet { return list.CapSet(list.All()) }
	return client.BuildOpts{LLBCaps: all(pb.Caps), Caps: all(gwpb.Caps)}
}

// Solve is asked for .dockerignore alone.
func (o *offline) Solve(_ context.Context, req client.SolveRequest) (*client.Result, error) {
	result := client.NewResult()
	result.SetRef(&offlineFiles{folder: o.folder})
	return result, nil
}

func (o *offline) ResolveSourceMetadata(context.Context, *pb.SourceOp, sourceresolver.Opt) (*sourceresolver.MetaResponse, error) {
	return nil, errOffline
}

func (o *offline) Inputs(context.Context) (map[string]llb.State, error) { return nil, nil }

func (o *offline) NewContainer(context.Context, client.NewContainerRequest) (client.Container, error) {
	return nil, errOffline
}

func (o *offline) Warn(context.Context, digest.Digest, string, client.WarnOpts) error { return nil }

// offlineFiles is a file system with nothing but a .dockerignore.
type offlineFiles struct {
	client.Reference // nil: nothing else is called
	folder           *Folder
}

func (f *offlineFiles) ReadFile(_ context.Context, req client.ReadRequest) ([]byte, error) {
	if f.folder == nil || req.Filename != ".dockerignore" {
		return nil, fs.ErrNotExist
	}
	return []byte(strings.Join(f.folder.Patterns, "\n")), nil
}

func (f *offlineFiles) StatFile(context.Context, client.StatRequest) (*fstypes.Stat, error) {
	return nil, fs.ErrNotExist
}

// environments are the variables that official images set, besides PATH. Those of
// other images are not known.
var environments = map[string][]string{
	"alpine": nil, "debian": nil, "ubuntu": nil, "busybox": nil, "buildpack-deps": nil, "fedora": {"container", "DISTTAG", "FGC"},
	"python": {"LANG", "GPG_KEY", "PYTHON_VERSION", "PYTHON_SHA256"},
	"node":   {"NODE_VERSION", "YARN_VERSION"},
	"golang": {"GOLANG_VERSION", "GOTOOLCHAIN", "GOPATH"},
	"rust":   {"RUSTUP_HOME", "CARGO_HOME", "RUST_VERSION"},
	"ruby":   {"LANG", "RUBY_VERSION", "RUBY_DOWNLOAD_URL", "RUBY_DOWNLOAD_SHA256", "GEM_HOME", "BUNDLE_SILENCE_ROOT_WARNING", "BUNDLE_APP_CONFIG"},
}

// variablesOf are the names of the variables of an image, when they are known.
func variablesOf(ref string) (names []string, known bool) {
	name := parseReference(ref)
	if !name.official() {
		return nil, false
	}
	names, known = environments[path.Base(name.repository)]
	return names, known
}
