package source

import (
	"context"
	"crypto/rand"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/image-budget/image-budget/internal/budget"
	"github.com/image-budget/image-budget/internal/engine"
	"github.com/image-budget/image-budget/internal/image"
	"github.com/image-budget/image-budget/internal/session"
)

// Build is an image that BuildKit builds in the engine under test.
var Build = Kind{
	Name:  "build",
	Given: func(s budget.Source) bool { return s.Build != nil },
	Open:  openBuild,
}

func openBuild(ctx context.Context, b budget.Budget, at Machine) (*image.Image, error) {
	build := b.Source.Build
	if err := checkBuild(build); err != nil {
		return nil, fmt.Errorf("building %q: %w", b.Name, err)
	}
	e, err := at.Engine(ctx) // before any work is done for nothing
	if err != nil {
		return nil, err
	}
	if len(build.Prepare) > 0 {
		at.say("preparing %s: %s", b.Name, strings.Join(build.Prepare, " "))
		if err := prepare(ctx, build.Prepare, build.Context, at.output()); err != nil {
			return nil, err
		}
	}
	if err := checkFile("Dockerfile", build.Dockerfile); err != nil { // prepare may have written it
		return nil, fmt.Errorf("building %q: %w", b.Name, err)
	}
	name := build.Tag
	if name == "" {
		name = builtName(b.Name, at.Session.Nonce())
		if err := at.Session.Will(session.Image, name); err != nil {
			return nil, err
		}
	}
	at.say("building %s", b.Name)
	if err := e.Build(ctx, buildRequest(name, b), at.output()); err != nil {
		return nil, fmt.Errorf("building %q: %w", b.Name, err)
	}
	img, err := openHeld(ctx, e, name, b.Platform, at)
	if err == nil && build.Tag == "" {
		img.Reference = b.Image // the throw-away name says nothing to a reader
	}
	return img, err
}

func buildRequest(name string, b budget.Budget) engine.BuildRequest {
	build := b.Source.Build
	req := engine.BuildRequest{
		Name:       name,
		Context:    build.Context,
		Dockerfile: build.Dockerfile,
		Target:     build.Target,
		Args:       build.Args,
		Platform:   b.Platform,
	}
	if build.Network != budget.BridgeNetwork {
		req.Network = string(build.Network)
	}
	for _, s := range build.Secrets {
		req.Secrets = append(req.Secrets, engine.Secret(s))
	}
	return req
}

// builtName is a name for an image that is gone after the run. No two builds
// share one, also not of one budget. The host is made up, so that no registry
// is ever asked for it.
func builtName(budgetName, nonce string) string {
	const allowed = "abcdefghijklmnopqrstuvwxyz0123456789"
	word := strings.Map(func(r rune) rune {
		if strings.ContainsRune(allowed, r) {
			return r
		}
		return '-'
	}, strings.ToLower(budgetName))
	// A reference's path may not begin or end in a separator, nor be empty.
	word = "b" + strings.Trim(word, "-")
	return fmt.Sprintf("image-budget.local/%.100s:%s-%s", word, nonce, strings.ToLower(rand.Text()[:8]))
}

// checkBuild finds what is wrong before anything runs.
func checkBuild(build *budget.Build) error {
	stat, err := os.Stat(build.Context)
	if err != nil || !stat.IsDir() {
		return inputErrorf("set context to the folder to build in, relative to the budget file", "the context %q is not a folder", build.Context)
	}
	for _, s := range build.Secrets {
		if s.Env != "" {
			if _, set := os.LookupEnv(s.Env); !set {
				return inputErrorf("set "+s.Env+" to the secret, or take it out of the budget file", "secret %q: the environment variable %s is not set", s.ID, s.Env)
			}
			continue
		}
		if err := checkFile(fmt.Sprintf("file of secret %q", s.ID), s.File); err != nil {
			return err
		}
	}
	return nil
}

func checkFile(what, path string) error {
	stat, err := os.Stat(path)
	if err != nil || !stat.Mode().IsRegular() {
		return inputErrorf("check the path in the budget file", "the %s %q is not a file", what, path)
	}
	return nil
}

// output is where the progress of builds and commands goes.
func (m Machine) output() io.Writer {
	if m.Progress == nil {
		return io.Discard
	}
	return m.Progress
}
