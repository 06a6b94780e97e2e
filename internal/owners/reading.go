package owners

import (
	"fmt"
	"path"
	"strings"
	"unicode"
	"unicode/utf8"
)

// What an image may make us keep: five times what large ones have.
const (
	maxPackages = 1 << 17
	maxListed   = 2 << 20 // paths, in some 100 MB
	maxName     = 200     // bytes of a name or a version
)

// reading is one kind on its way into the Owners.
type reading struct {
	*Owners
	kind  string
	texts map[string][]byte
	paths []string // of the texts that the kind keeps, sorted
	links *symlinks
}

// add puts a package into the list. It reports false for one that has no name
// to be known by.
func (in *reading) add(p Package) (index int32, ok bool) {
	if !wellFormed(p.Name) {
		in.note(p.Source, "a package with the name %.60q", p.Name)
		return 0, false
	}
	if len(in.packages) >= maxPackages {
		in.note(p.Source, "more than %d packages", maxPackages)
		return 0, false
	}
	if p.Version != "" && !wellFormed(p.Version) {
		in.note(p.Source, "package %q has the version %.60q", p.Name, p.Version)
		p.Version = ""
	}
	p.Kind = in.kind
	p.Name, p.Version = strings.Clone(p.Name), strings.Clone(p.Version) // out of larger texts
	p.Bundle = bundle(p)
	in.packages = append(in.packages, p)
	return int32(len(in.packages) - 1), true
}

// wellFormed is whether a name or a version can stand in a report and a
// baseline.
func wellFormed(s string) bool {
	return s != "" && len(s) <= maxName && utf8.ValidString(s) &&
		!strings.ContainsFunc(s, func(r rune) bool { return unicode.IsSpace(r) || !unicode.IsPrint(r) })
}

// claim gives a package a path that the text at source lists. Of several
// packages with one path it is the first's.
func (in *reading) claim(source, name string, index int32) (place string, ok bool) {
	place, err := in.links.place(name)
	if err != nil {
		in.note(source, "%w", err)
		return "", false
	}
	if place == "" {
		return "", false
	}
	key := keyOf(place)
	if _, taken := in.listed[key]; taken {
		return place, true
	}
	if len(in.listed) >= maxListed {
		in.note(source, "all lists together name more than %d paths", maxListed)
		return "", false
	}
	in.listed[key] = index
	return place, true
}

// claimFolder gives a package what is in a folder and in no list.
func (in *reading) claimFolder(source, name string, index int32) {
	place, err := in.links.place(name)
	if err != nil {
		in.note(source, "%w", err)
		return
	}
	if place != "" && !in.folders.claim(place, index) {
		in.note(source, "all packages together have more than %d folders", maxFolders)
	}
}

// claimStem gives a package the files that have this name and any extension.
func (in *reading) claimStem(name string, index int32) {
	place, err := in.links.place(name)
	if err != nil || len(in.stems) >= maxListed {
		return
	}
	key := keyOf(place)
	if owner, taken := in.stems[key]; taken && owner != index {
		index = shared
	}
	in.stems[key] = index
}

// broughtBy is the package that lists a file: another manager's, which then
// owns the package that the file tells of.
func (in *reading) broughtBy(file string) (index int32, ok bool) {
	owner := in.listedBy(file)
	return owner, owner != nobody && in.packages[owner].Kind != in.kind
}

func (in *reading) text(folder, base string) (string, bool) {
	text, ok := in.texts[path.Join(folder, base)]
	return string(text), ok
}

func (in *reading) note(source, format string, args ...any) {
	in.problems.add(source, fmt.Errorf(format, args...).Error())
}
