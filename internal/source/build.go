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
	e, req, err := prepared(ctx, b, at)
	if err != nil {
		return nil, err
	}
	if req.Name = b.Source.Build.Tag; req.Name == "" {
		if req.Name, err = at.throwAway(b); err != nil {
			return nil, err
		}
	}
	at.say("building %s", b.Name)
	if err := e.Build(ctx, req, at.output()); err != nil {
		return nil, fmt.Errorf("building %q: %w", b.Name, err)
	}
	img, err := openHeld(ctx, e, req.Name, b.Platform, at)
	if err == nil && b.Source.Build.Tag == "" {
		img.Reference = b.Image // the throw-away name says nothing to a reader
	}
	return img, err
}

// Warm builds b once for the engine's cache alone, and returns the build, to be run
// again under other names.
func Warm(ctx context.Context, b budget.Budget, at Machine) (engine.BuildRequest, error) {
	e, req, err := prepared(ctx, b, at)
	if err != nil {
		return req, err
	}
	once := req
	if once.Name, err = at.throwAway(b); err != nil {
		return req, err
	}
	if err := e.Build(ctx, once, at.output()); err != nil {
		return req, fmt.Errorf("building %q: %w", b.Name, err)
	}
	return req, nil
}

// prepared is b's build after its command has run.
func prepared(ctx context.Context, b budget.Budget, at Machine) (e engine.Engine, req engine.BuildRequest, err error) {
	build := b.Source.Build
	if err := checkBuild(build); err != nil {
		return nil, req, fmt.Errorf("building %q: %w", b.Name, err)
	}
	if e, err = at.Engine(ctx); err != nil { // before any work is done for nothing
		return nil, req, err
	}
	if len(build.Prepare) > 0 {
		at.say("preparing %s: %s", b.Name, strings.Join(build.Prepare, " "))
		if err := prepare(ctx, build.Prepare, build.Context, at.output()); err != nil {
			return nil, req, err
		}
	}
	req, err = Request(b)
	return e, req, err
}

// Request is b's build as it stands, what has to run before it having run. It has
// no name yet.
func Request(b budget.Budget) (engine.BuildRequest, error) {
	req := buildRequest(b)
	if err := checkFile("Dockerfile", req.Dockerfile); err != nil {
		return req, fmt.Errorf("building %q: %w", b.Name, err)
	}
	var err error
	if req.Syntax, err = checkSyntax(b.Source.Build); err != nil {
		return req, fmt.Errorf("building %q: %w", b.Name, err)
	}
	if b.Rebuild.Touch != "" {
		if err := checkTouch(b.Source.Build, b.Rebuild.Touch); err != nil {
			return req, fmt.Errorf("building %q again: %w", b.Name, err)
		}
	}
	return req, nil
}

// throwAway is a name for an image that is gone after the run, recorded as such.
func (m Machine) throwAway(b budget.Budget) (string, error) {
	name := builtName(b.Name, m.Session.Nonce())
	return name, m.Session.Will(session.Image, name)
}

func buildRequest(b budget.Budget) engine.BuildRequest {
	build := b.Source.Build
	req := engine.BuildRequest{
		Context:    build.Context,
		Dockerfile: build.Dockerfile,
		Target:     build.Target,
		Args:       build.Args,
		Platform:   b.Platform,
		Timeout:    build.Timeout,
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
