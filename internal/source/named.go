package source

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"

	"github.com/image-budget/image-budget/internal/engine"
	"github.com/image-budget/image-budget/internal/image"
)

// Transports is how the command line says where an image is, in the words of
// skopeo; see containers-transports(5).
var Transports = []Transport{
	{Prefix: "docker-daemon:", Help: "in the engine's store", open: openEngine},
	{Prefix: "docker://", Help: "in its registry", open: openPull},
	{Prefix: "oci:", Help: "an OCI layout folder, PATH[:NAME]", open: openOCI},
	{Prefix: "docker-archive:", Help: "what docker save wrote, PATH[:NAME]", open: openArchive},
	{Prefix: "oci-archive:", Help: "an OCI layout in a tar, PATH[:NAME]", open: openArchive},
}

// Transport is a prefix of IMAGE on the command line.
type Transport struct {
	Prefix, Help string
	open         func(context.Context, string, image.Platform, Machine) (*image.Image, error)
}

// Named gets the image that the command line names: one of the Transports, or
// a reference, for which the engine's store is asked first and then its
// registry. The zero want takes the only platform there is, or this machine's.
func Named(ctx context.Context, ref string, want image.Platform, at Machine) (*image.Image, error) {
	img, err := openNamed(ctx, ref, want, at)
	if err != nil {
		return nil, err
	}
	return at.based(img, nil), nil
}

func openNamed(ctx context.Context, ref string, want image.Platform, at Machine) (*image.Image, error) {
	for _, t := range Transports {
		if rest, ok := strings.CutPrefix(ref, t.Prefix); ok {
			if rest == "" {
				return nil, inputErrorf("write what follows it: "+t.Help, "%q names no image", ref)
			}
			return t.open(ctx, rest, want, at)
		}
	}
	if _, err := parseReference(ref); err != nil {
		return nil, pathHint(ref, err)
	}
	img, engineErr := openEngine(ctx, ref, want, at)
	var unavailable *engine.Unavailable
	if !errors.Is(engineErr, engine.ErrNoImage) && !errors.As(engineErr, &unavailable) {
		return img, engineErr
	}
	img, pullErr := openPull(ctx, ref, want, at)
	if pullErr == nil {
		return img, nil
	}
	if kind, fix := pathAt(ref); kind != "" {
		return nil, &Fault{Err: fmt.Errorf("%q is %s here, and no image that was found by this name: %w; %w", ref, kind, engineErr, pullErr), Fix: fix}
	}
	return nil, &Fault{
		Err: fmt.Errorf("finding image %q in the engine's store, and then in its registry: %w; %w", ref, engineErr, pullErr),
		Fix: "check the name, or say where the image is with a prefix such as docker-archive:",
	}
}

// pathHint helps where a path was written for a reference.
func pathHint(ref string, err error) error {
	kind, fix := pathAt(ref)
	var input *InputError
	if kind == "" || !errors.As(err, &input) {
		return err
	}
	return &InputError{Err: input.Err, Fix: fix}
}

// pathAt is what stands at ref as a path, and how to write that it is meant; empty
// where there is nothing.
func pathAt(ref string) (kind, fix string) {
	const write = "to read this path write "
	stat, err := os.Stat(ref)
	switch {
	case err != nil:
		return "", ""
	case stat.IsDir():
		return "a folder", write + "oci:" + ref
	}
	return "a file", write + "docker-archive:" + ref + ", or oci-archive:" + ref + " for an OCI layout in a tar"
}
