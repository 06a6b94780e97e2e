package budget

import (
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/google/go-containerregistry/pkg/name"
)

// sources is every key that can say where the image comes from, and how what
// stands under it is read. Paths are made absolute against dir, the file's.
var sources = []struct {
	key    string
	decode func(f field, dir string, into *Source)
}{
	{"build", func(f field, dir string, into *Source) { into.Build = build(f.mapping(), dir) }},
	{"pull", func(f field, _ string, into *Source) { into.Pull = reference(f) }},
	{"engine", func(f field, _ string, into *Source) { into.Engine = reference(f) }},
	{"oci", func(f field, dir string, into *Source) { into.OCI = path(f, dir) }},
	{"archive", func(f field, dir string, into *Source) { into.Archive = path(f, dir) }},
}

// SourceKeys are the keys of a budget file that can say where the image comes
// from; a budget has exactly one.
func SourceKeys() []string {
	keys := make([]string, len(sources))
	for i, s := range sources {
		keys[i] = s.key
	}
	return keys
}

// source reads the one key that says where the image comes from.
func source(root *mapping, dir string) Source {
	var s Source
	var given []field
	for _, kind := range sources {
		if f := root.get(kind.key); f.given() {
			kind.decode(f, dir, &s)
			given = append(given, f)
		}
	}
	accepted := "write exactly one of " + strings.Join(SourceKeys(), ", ")
	switch {
	case len(given) == 0:
		root.doc.fault(root.node, "it is not said where the image comes from", accepted)
	case len(given) > 1:
		slices.SortFunc(given, func(a, b field) int { return a.node.Line - b.node.Line })
		given[1].fault("is a second place that the image comes from, beside "+given[0].name, accepted)
	}
	return s
}

// reference is a name that engines and registries can take for an image.
func reference(f field) string {
	s := f.text("")
	if s == "" {
		return ""
	}
	if _, err := name.ParseReference(s); err != nil {
		f.fault(quoted(s)+" is not the reference of an image", "write a reference such as ghcr.io/acme/support-agent:main")
	}
	return s
}

// path is absolute, or empty when absent.
func path(f field, dir string) string {
	s := f.text("")
	if s == "" {
		return ""
	}
	if strings.ContainsRune(s, 0) {
		f.fault("is not a path", "write a path, relative to this file")
	}
	return absolute(s, dir)
}

func absolute(path, dir string) string {
	if filepath.IsAbs(path) {
		return filepath.Clean(path)
	}
	return filepath.Join(dir, path)
}

func build(m *mapping, dir string) *Build {
	b := &Build{
		Context: path(m.must("context", "write context: and the folder to build in, relative to this file"), dir),
		Target:  m.get("target").text(""),
		Args:    m.get("args").strings(),
		Tag:     reference(m.get("tag")),
		Prepare: m.get("prepare").texts(),
		Network: Network(m.get("network").oneOf(string(BridgeNetwork), networks...)),
		Timeout: m.get("timeout").positive(buildTimeout),
	}
	b.Dockerfile = absolute(m.get("dockerfile").text("Dockerfile"), b.Context)
	ids := map[string]bool{}
	for _, f := range m.get("secrets").list() {
		s := secret(f.mapping(), dir)
		if ids[s.ID] && s.ID != "" {
			f.fault("gives secret "+quoted(s.ID)+" a second time", "give it once")
		}
		ids[s.ID] = true
		b.Secrets = append(b.Secrets, s)
	}
	for _, f := range m.get("syntax").list() {
		b.Syntax = append(b.Syntax, frontend(f))
	}
	return b
}

// buildTimeout is how long a build may take where the budget does not say.
const buildTimeout = 30 * time.Minute

// frontend is a reference that stands for one frontend for good.
func frontend(f field) string {
	s := reference(f)
	if s == "" {
		return ""
	}
	if _, err := name.NewDigest(s); err != nil {
		f.fault(quoted(s)+" has no digest, so that it may become another frontend", "write it with its digest, such as docker/dockerfile-upstream@sha256:...")
	}
	return s
}

func secret(m *mapping, dir string) Secret {
	const accepted = "write {id: NAME, env: VARIABLE} or {id: NAME, file: PATH}"
	s := Secret{ID: m.must("id", accepted).text("")}
	env, file := m.get("env"), m.get("file")
	s.Env, s.File = env.text(""), path(file, dir)
	if m.node != nil && env.given() == file.given() {
		m.doc.fault(m.node, m.name+" takes exactly one of env and file", accepted)
	}
	return s
}
