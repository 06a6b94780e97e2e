package budget

import (
	"path/filepath"
	"slices"
	"strings"

	"github.com/google/go-containerregistry/pkg/name"
)

// source reads the one key that says where the image comes from. Paths are
// made absolute against dir.
func source(root *mapping, dir string) Source {
	fields := []field{root.get("build"), root.get("pull"), root.get("engine"), root.get("oci"), root.get("archive")}
	s := Source{
		Pull:    reference(fields[1]),
		Engine:  reference(fields[2]),
		OCI:     path(fields[3], dir),
		Archive: path(fields[4], dir),
	}
	if fields[0].given() {
		s.Build = build(fields[0].mapping(), dir)
	}
	const accepted = "write exactly one of build, pull, engine, oci and archive"
	var given []field
	for _, f := range fields {
		if f.given() {
			given = append(given, f)
		}
	}
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
	return b
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
