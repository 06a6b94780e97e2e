package owners

import "strings"

var debian = Kind{
	Name: "deb", Help: "packages of Debian and Ubuntu, from var/lib/dpkg",
	complete: true, keeps: keepsDebian, read: readDebian,
}

const dpkg = "var/lib/dpkg"

func keepsDebian(folder, base string) bool {
	switch folder {
	case dpkg:
		return base == "status" || base == "diversions"
	case dpkg + "/info":
		return strings.HasSuffix(base, ".list") || strings.HasSuffix(base, ".md5sums")
	case dpkg + "/status.d":
		return true
	}
	return false
}

// debianPackage is one that has its files installed.
type debianPackage struct {
	name, architecture, version string
	source                      string
	stem                        string // of its lists, which are stem.list and stem.md5sums
	index                       int32
}

// readDebian reads the checksums of all packages before the lists: of two
// packages that list one path, it is the one's whose checksums name it, and
// the first's where both or none do.
func readDebian(in *reading) {
	packages := in.installed()
	moved := readDiversions(in)
	for _, p := range packages {
		in.readChecksums(p, moved)
	}
	missing := 0
	for _, p := range packages {
		in.claimStem(p.stem, p.index)
		if !in.readList(p, moved) {
			missing++
		}
	}
	if missing > 0 {
		in.note(dpkg+"/status", "%d packages have no list of their files", missing)
	}
}

// installed adds the packages of status, and of the folder status.d that images
// without dpkg have instead, where a package has no Status.
func (in *reading) installed() []debianPackage {
	var found []debianPackage
	known, stems := map[string]bool{}, map[string]bool{} // with the architecture
	architectures := map[string]int{}                    // of a name
	for _, path := range in.paths {
		alone := strings.HasPrefix(path, dpkg+"/status.d/") && !strings.HasSuffix(path, ".md5sums")
		if path != dpkg+"/status" && !alone {
			continue
		}
		for values := range stanzas(string(in.texts[path]), "package", "status", "version", "architecture") {
			p := debianPackage{name: values[0], version: values[2], architecture: values[3], source: path, stem: path}
			if p.name == "" {
				in.note(path, "a stanza without a package")
				continue
			}
			qualified := p.name + ":" + p.architecture
			if !alone && !hasFiles(values[1]) || known[qualified] {
				continue
			}
			if !alone {
				p.stem = in.stemOf(p)
			}
			if stems[p.stem] {
				p.stem = "" // of another architecture, or another package of the file
			}
			stems[p.stem], known[qualified] = true, true
			architectures[p.name]++
			found = append(found, p)
		}
	}
	return in.addAll(found, architectures)
}

// addAll adds packages, with the architecture in the names of those that are
// there for several.
func (in *reading) addAll(found []debianPackage, architectures map[string]int) []debianPackage {
	var added []debianPackage
	for _, p := range found {
		name := p.name
		if architectures[name] > 1 {
			name += ":" + p.architecture
		}
		var ok bool
		if p.index, ok = in.add(Package{Name: name, Version: p.version, Source: p.source}); ok {
			added = append(added, p)
		}
	}
	return added
}

// hasFiles is what the third word of a Status says: what is wanted of a package
// stands in the first. Of the states that dpkg(1) names, those between
// half-installed and installed have files.
func hasFiles(status string) bool {
	words := strings.Fields(status)
	return len(words) == 3 && words[2] != "not-installed" && words[2] != "config-files"
}

// stemOf has the architecture where several of them can be installed together.
func (in *reading) stemOf(p debianPackage) string {
	plain := dpkg + "/info/" + p.name
	qualified := plain + ":" + p.architecture
	for _, extension := range []string{".list", ".md5sums"} {
		if _, ok := in.texts[qualified+extension]; ok {
			return qualified
		}
	}
	return plain
}
