package owners

import "strings"

// readChecksums reads lines of an MD5 sum, two spaces and a path from the root.
func (in *reading) readChecksums(p debianPackage, moved diversions) {
	source := p.stem + ".md5sums"
	const sum = 32 + 2
	for line := range lines(string(in.texts[source])) {
		switch {
		case line == "":
		case len(line) <= sum || line[32] != ' ':
			in.note(source, "a line without a checksum and a path")
		default:
			in.claim(source, moved.place(p.name, strings.TrimPrefix(line[sum:], "./")), p.index)
		}
	}
}

// readList reads lines of absolute paths. They name folders too, which many
// packages have in common: a path that is above another one of the list is a
// folder, and an empty folder is taken for a file, which does no harm. It
// reports false for a package that has neither list.
func (in *reading) readList(p debianPackage, moved diversions) bool {
	source := p.stem + ".list"
	text, ok := in.text(source, "")
	if !ok {
		_, ok = in.texts[p.stem+".md5sums"]
		return ok
	}
	folders := map[string]bool{}
	for line := range lines(text) {
		folder, _ := split(line)
		folders[folder] = true
	}
	for line := range lines(text) {
		if line != "" && !folders[line] {
			in.claim(source, moved.place(p.name, strings.TrimPrefix(line, "/")), p.index)
		}
	}
	return true
}

// diversions are paths at which one package has a file in the place of all
// others, whose file dpkg puts elsewhere. Lists and checksums do not say so.
type diversions map[string]diversion

type diversion struct {
	to string
	by string // the package; a colon, which is none, where the administrator did it
}

// readDiversions reads three lines each: from, to, by.
func readDiversions(in *reading) diversions {
	moved := diversions{}
	text, _ := in.text(dpkg, "diversions")
	var last []string
	for line := range lines(strings.TrimSpace(text)) {
		if last = append(last, line); len(last) == 3 {
			moved[strings.TrimPrefix(last[0], "/")] = diversion{to: last[1], by: last[2]}
			last = last[:0]
		}
	}
	if len(last) > 1 || len(last) == 1 && last[0] != "" {
		in.note(dpkg+"/diversions", "it ends inside a diversion")
	}
	return moved
}

func (d diversions) place(owner, path string) string {
	if way, ok := d[path]; ok && way.by != owner {
		return way.to
	}
	return path
}
