package waste

import (
	"path"
	"strings"
)

// subject is a file that is being judged, with what more than one category asks
// of it.
type subject struct {
	File
	base   string // the last part of the path; of Python bytecode that of its source
	ext    string // how base ends, in lower case, with its dot
	shared bool   // a shared library, which programs load when they run
	python string // the path in an installed Python, below site-packages or the standard library
	node   string // the path in the nearest node_modules
	owner  owner
}

// owner is who brought a file.
type owner struct {
	kind ownerKind
	name string // normalized as the kind's registry does
}

type ownerKind byte

const (
	nobody ownerKind = iota
	system           // Debian, Alpine, RPM and conda, which call things alike
	python
	npm
)

// is reports whether it is by name a system package, a Python distribution or a
// package of npm.
func (o owner) is(kind ownerKind, n names) bool { return o.kind == kind && n.have(o.name) }

func look(f File) subject {
	source := f.Path
	if py, ok := CompiledFrom(f.Path); ok {
		source = py
	}
	s := subject{File: f, base: path.Base(source), python: inPython(f.Path)}
	s.ext = strings.ToLower(path.Ext(s.base))
	s.shared = s.ext == ".so" || strings.Contains(s.base, ".so.")
	s.node = under("node_modules", f.Path)
	s.owner = s.owned()
	return s
}

// inPython is the rest of the path below site-packages, Debian's dist-packages or
// the folder of the standard library.
func inPython(p string) string {
	for _, folder := range []string{"site-packages", "dist-packages"} {
		if rest := under(folder, p); rest != "" {
			return rest
		}
	}
	for _, library := range []string{"lib/python", "lib64/python", "lib/pypy"} {
		if _, after, ok := strings.Cut(p, library); ok && after != "" && '2' <= after[0] && after[0] <= '3' {
			_, rest, _ := strings.Cut(after, "/")
			return rest
		}
	}
	return ""
}

// owned is who owns the file. Where no package says so, and images of which the
// package data was removed are many, the path may: what lies in site-packages or
// in node_modules stands under the name of its package.
func (s *subject) owned() owner {
	kind, name, _ := strings.Cut(s.Package, ":")
	switch {
	case kind == "python":
		return owner{python, distribution(name)}
	case kind == "npm":
		return owner{npm, name}
	case name != "":
		for _, of := range []string{"python3-", "py3-"} { // as Debian and Alpine call Python distributions
			if dist, ok := strings.CutPrefix(name, of); ok && !systemDevelopment.have(name) {
				return owner{python, distribution(dist)}
			}
		}
		return owner{system, name}
	case s.node != "":
		name, rest, _ := strings.Cut(s.node, "/")
		if strings.HasPrefix(name, "@") {
			inScope, _, _ := strings.Cut(rest, "/")
			name += "/" + inScope
		}
		return owner{npm, name}
	case s.python != "" && s.installed():
		name, _, _ := strings.Cut(s.python, "/")
		return owner{python, distribution(name)}
	}
	return owner{}
}

// inModule is the path in an npm package.
func (s *subject) inModule() string {
	name, rest, _ := strings.Cut(s.node, "/")
	if strings.HasPrefix(name, "@") {
		_, rest, _ = strings.Cut(rest, "/")
	}
	return rest
}

// installed reports whether the file lies in the folder of installed packages of
// a Python, not in its standard library.
func (s *subject) installed() bool {
	before := strings.TrimSuffix(s.Path, s.python)
	return strings.HasSuffix(before, "site-packages/") || strings.HasSuffix(before, "dist-packages/")
}

// distribution is the name of a Python distribution in its normal form (PEP 503),
// from itself, from its folder of metadata, or from that of its modules.
func distribution(name string) string {
	for _, metadata := range []string{".dist-info", ".egg-info"} {
		if s, ok := strings.CutSuffix(name, metadata); ok {
			name, _, _ = strings.Cut(s, "-")
		}
	}
	name = strings.TrimSuffix(name, ".py")
	return strings.TrimLeft(dashes.Replace(strings.ToLower(name)), "-")
}

var dashes = strings.NewReplacer("_", "-", ".", "-")

// ours reports whether the file is of the application's own code: no package has
// it, and it lies outside of the folders that belong to the system.
func (s *subject) ours() bool {
	return s.owner.kind == nobody && s.python == "" && !systemFolders.hold(s.Path)
}

// systemFolders leaves out those that people choose for their code, such as
// /usr/src/app, /var/www and /var/task.
var systemFolders = below(`/bin /boot /dev /etc /lib /lib32 /lib64 /libx32 /proc /run /sbin /sys
	/usr/bin /usr/games /usr/include /usr/lib /usr/lib32 /usr/lib64 /usr/libexec /usr/libx32 /usr/local
	/usr/sbin /usr/share /var/cache /var/lib /var/log /var/spool`)
