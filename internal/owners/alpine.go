package owners

import (
	"path"
	"strings"
)

var alpine = Kind{
	Name: "apk", Help: "packages of Alpine and Wolfi, from lib/apk/db",
	complete: true, keeps: func(folder, base string) bool {
		return base == "installed" && (folder == "lib/apk/db" || folder == "usr/lib/apk/db")
	},
	read: readAlpine,
}

// readAlpine reads stanzas of lines that begin with a letter and a colon, see
// apk's "Installed database" format: P is the name, V the version, F the folder
// of the files that follow, R a file.
func readAlpine(in *reading) {
	for _, source := range in.paths {
		for stanza := range strings.SplitSeq(string(in.texts[source]), "\n\n") {
			in.readAlpinePackage(source, stanza)
		}
	}
}

func (in *reading) readAlpinePackage(source, stanza string) {
	if strings.TrimSpace(stanza) == "" {
		return
	}
	p := Package{Source: source}
	for line := range lines(stanza) {
		switch field, value, _ := strings.Cut(line, ":"); field {
		case "P":
			p.Name = value
		case "V":
			p.Version = value
		}
	}
	index, ok := in.add(p)
	if !ok {
		return
	}
	folder := ""
	for line := range lines(stanza) {
		switch field, value, _ := strings.Cut(line, ":"); field {
		case "F":
			folder = value
		case "R":
			in.claim(source, path.Join(folder, value), index)
		}
	}
}
