package owners

import (
	"cmp"
	"path"
	"regexp"
	"slices"
	"strings"
)

var python = Kind{
	Name: "python", Help: "Python distributions, from their dist-info and egg-info",
	keeps: func(folder, base string) bool { return metaOf(folder, base) != "" },
	read:  readPython,
}

// The endings of what a distribution has beside its code: a folder as PEP 376
// and "Recording installed projects" of the Python packaging specifications
// have it, or setuptools' folder or distutils' single file before that.
const (
	distInfo = ".dist-info"
	eggInfo  = ".egg-info"

	topLevel  = "top_level.txt"
	directURL = "direct_url.json"
)

// metaOf is the folder of metadata that a file tells something in, or the file
// itself where that is all there is of it. It is empty for other files.
func metaOf(folder, base string) string {
	ending := path.Ext(folder)
	switch {
	case ending == distInfo && slices.Contains([]string{"METADATA", "RECORD", topLevel, directURL}, base),
		ending == eggInfo && slices.Contains([]string{"PKG-INFO", "installed-files.txt", topLevel}, base):
		return folder
	case path.Ext(base) == eggInfo:
		return join(folder, base)
	}
	return ""
}

// distribution is one on its way in.
type distribution struct {
	in       *reading
	meta     string // the folder, or the single file
	metadata string // the file with the name and the version
	list     string // the file with the paths, or empty
	code     bool   // the list names some
	home     string // the folder that has meta and the code
	index    int32
}

// readPython reads the outer distributions first, so that one inside another
// one's folder is known by what that one lists.
func readPython(in *reading) {
	var found []*distribution
	var last string
	for _, p := range in.paths {
		meta := metaOf(split(p))
		if meta != last {
			found = append(found, in.distribution(meta))
		}
		last = meta
	}
	slices.SortStableFunc(found, func(a, b *distribution) int {
		return cmp.Compare(strings.Count(a.meta, "/"), strings.Count(b.meta, "/"))
	})
	for _, d := range found {
		d.read()
	}
}

func (in *reading) distribution(meta string) *distribution {
	d := &distribution{in: in, meta: meta, metadata: meta}
	d.home, _ = split(meta)
	if _, single := in.texts[meta]; single {
		return d
	}
	metadata, list := "METADATA", "RECORD"
	if path.Ext(meta) == eggInfo {
		metadata, list = "PKG-INFO", "installed-files.txt"
	}
	d.metadata = join(meta, metadata)
	if _, ok := in.text(meta, list); ok {
		d.list = join(meta, list)
	}
	return d
}

// source is where it says most about its files.
func (d *distribution) source() string {
	if _, ok := d.in.texts[d.metadata]; !ok && d.list == "" {
		return d.meta
	}
	return cmp.Or(d.list, d.metadata)
}

func (d *distribution) read() {
	p := Package{Source: d.source(), Editable: d.editable(), Vendored: d.vendored()}
	p.Name, p.Version = d.called()
	var brought, ok bool
	if d.index, brought = d.in.broughtBy(d.metadata); !brought {
		if d.index, ok = d.in.add(p); !ok {
			return
		}
	}
	if d.list != "" {
		d.readList(p.Vendored)
	}
	if p.Vendored {
		return // what nobody lists is the outer one's
	}
	d.in.claimFolder(d.source(), d.meta, d.index)
	if d.meta == d.metadata {
		d.in.claimStem(strings.TrimSuffix(d.meta, eggInfo), d.index)
	}
	if !d.code && !p.Editable {
		d.guess()
	}
	if p.Name == "torch" && !brought {
		d.in.packages[d.index].Bundle = pytorch(p.Version, func(library string) bool {
			return d.in.listedBy(join(d.home, "torch/lib/"+library)) != nobody
		})
	}
}

// called is the name and the version by the metadata, else by the name of the
// folder: name-version.dist-info, name-version-py3.11.egg-info.
func (d *distribution) called() (name, version string) {
	base := strings.TrimSuffix(strings.TrimSuffix(path.Base(d.meta), distInfo), eggInfo)
	parts := strings.Split(base, "-")
	if name = parts[0]; len(parts) > 1 {
		version = parts[1]
	}
	text, ok := d.in.text(d.metadata, "")
	for values := range stanzas(text, "name", "version") {
		if pythonName.MatchString(values[0]) {
			name = values[0]
		} else {
			d.in.note(d.metadata, "it has no name")
		}
		version = cmp.Or(values[1], version)
		return canonical(name), version
	}
	if ok {
		d.in.note(d.metadata, "it is empty")
	}
	return canonical(name), version
}

// pythonName is what "Names and normalization" of the packaging specifications
// takes, and separators a canonical name.
var (
	pythonName = regexp.MustCompile(`^(?i)[A-Z0-9]([A-Z0-9._-]*[A-Z0-9])?$`)
	separators = regexp.MustCompile(`[-_.]+`)
)

func canonical(name string) string {
	return strings.ToLower(separators.ReplaceAllString(name, "-"))
}
