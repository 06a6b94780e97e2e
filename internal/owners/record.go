package owners

import (
	"encoding/json"
	"iter"
	"path"
	"slices"
	"strings"
)

// maxOwnDepth is how far below its home a distribution has folders of its own:
// nvidia/cublas/lib is one's, while all of CUDA's share the folder nvidia.
const maxOwnDepth = 3

// readList claims the paths that the distribution lists, and, for what its list
// has left out, the folders in which these are.
func (d *distribution) readList(vendored bool) {
	text, _ := d.in.text(d.list, "")
	rows, from := d.paths(text), d.home
	if path.Ext(d.meta) == eggInfo {
		rows, from = lines(text), d.meta
	}
	last := ""
	for row := range rows {
		if row == "" {
			continue
		}
		if row[0] != '/' {
			row = from + "/" + row
		}
		place, ok := d.in.claim(d.list, strings.TrimPrefix(row, "/"), d.index)
		if !ok || vendored {
			continue
		}
		folder, _ := split(place)
		d.code = d.code || within(folder, d.home) && !within(folder, d.meta)
		if folder != last {
			d.ownFolders(folder)
			last = folder
		}
	}
}

// maxRow is far more than a path, its hash and its size take.
const maxRow = 2 * maxPath

// paths are the first fields of a RECORD, which is CSV as Python's module of
// that name reads it. Only a path with a line break in it would make a row of
// several lines; claim takes none of these, so that a row is a line.
func (d *distribution) paths(record string) iter.Seq[string] {
	return func(yield func(string) bool) {
		for line := range lines(record) {
			if len(line) > maxRow {
				d.in.note(d.list, "a line is longer than %d bytes", maxRow)
			} else if !yield(firstField(line)) {
				return
			}
		}
	}
}

// firstField ends at a comma, or where it begins with a quote at the next one;
// two quotes there stand for one.
func firstField(row string) string {
	rest, quoted := strings.CutPrefix(row, `"`)
	if !quoted {
		field, _, _ := strings.Cut(row, ",")
		return field
	}
	var field strings.Builder
	for {
		part, after, _ := strings.Cut(rest, `"`)
		field.WriteString(part)
		if rest, quoted = strings.CutPrefix(after, `"`); !quoted {
			return field.String()
		}
		field.WriteByte('"')
	}
}

// ownFolders claims a folder with those above it, below home. Bytecode of
// modules that have no folder is in one that they share.
func (d *distribution) ownFolders(folder string) {
	rest := strings.TrimPrefix(strings.TrimPrefix(folder, d.home), "/")
	if !within(folder, d.home) || rest == "" || rest == "__pycache__" {
		return
	}
	parts := strings.SplitN(rest, "/", maxOwnDepth+1)
	for depth := range min(len(parts), maxOwnDepth) {
		d.in.claimFolder(d.list, join(d.home, strings.Join(parts[:depth+1], "/")), d.index)
	}
}

// within reports whether a path is a folder or below it.
func within(path, folder string) bool {
	rest, ok := strings.CutPrefix(path, folder)
	return ok && (folder == "" || rest == "" || rest[0] == '/')
}

// guess is for a distribution whose list is missing or names no code: the modules that it names, or
// else the one that is called as it is, and the folder that auditwheel puts
// libraries into.
func (d *distribution) guess() {
	base, _, _ := strings.Cut(strings.TrimSuffix(path.Base(d.meta), path.Ext(d.meta)), "-")
	names, _ := d.in.text(d.meta, topLevel)
	if strings.TrimSpace(names) == "" {
		lower := strings.ToLower(base)
		names = strings.Join([]string{base, lower, strings.ReplaceAll(lower, ".", "/")}, "\n")
	}
	for name := range lines(names) {
		if name = join("", strings.TrimSpace(name)); name == "" || name == "__pycache__" {
			continue
		}
		d.in.claimFolder(d.source(), join(d.home, name), d.index)
		d.in.claimStem(join(d.home, name), d.index)
	}
	d.in.claimFolder(d.source(), join(d.home, base+".libs"), d.index)
}

// editable reports whether only the metadata is installed, as direct_url.json
// says (PEP 610), or a folder of setuptools that has no list and lies beside
// sources rather than among installed distributions.
func (d *distribution) editable() bool {
	if path.Ext(d.meta) == eggInfo {
		place := path.Base(d.home)
		return d.list == "" && d.meta != d.metadata && place != "site-packages" && place != "dist-packages"
	}
	var url struct {
		DirInfo struct{ Editable bool } `json:"dir_info"`
	}
	text, ok := d.in.text(d.meta, directURL)
	if !ok {
		return false
	}
	if err := json.Unmarshal([]byte(text), &url); err != nil {
		d.in.note(join(d.meta, directURL), "parsing it: %w", err)
	}
	return url.DirInfo.Editable
}

// vendored reports whether another distribution has this one inside: it lists
// its metadata, or the folder has the name that is usual for that.
func (d *distribution) vendored() bool {
	owner := d.in.listedBy(d.metadata)
	return owner != nobody && d.in.packages[owner].Kind == d.in.kind ||
		slices.Contains(strings.Split(d.home, "/"), "_vendor")
}
