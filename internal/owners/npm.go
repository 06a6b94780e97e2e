package owners

import (
	"bytes"
	"encoding/json"
	"strings"
)

var npm = Kind{
	Name: "npm", Help: "Node.js packages, from the package.json in folders of node_modules",
	keeps: func(folder, base string) bool { return base == "package.json" && npmName(folder) != "" },
	read:  readNPM,
}

// npmName is the name of the package that has a folder to itself: one directly
// in node_modules, or in a scope that is. It is empty for all other folders.
func npmName(folder string) string {
	above, name := split(folder)
	if name == "" || name[0] == '.' || name[0] == '@' {
		return ""
	}
	above, scope := split(above)
	if scope == "node_modules" {
		return name
	}
	if _, base := split(above); strings.HasPrefix(scope, "@") && base == "node_modules" {
		return scope + "/" + name
	}
	return ""
}

// readNPM gives each package its folder, and with it what is in a node_modules
// below but the packages there.
func readNPM(in *reading) {
	for _, source := range in.paths {
		folder, _ := split(source)
		index, brought := in.broughtBy(source)
		if !brought {
			ok := false
			if index, ok = in.add(in.npmPackage(source, npmName(folder))); !ok {
				continue
			}
		}
		in.claimFolder(source, folder, index)
	}
}

// npmPackage prefers the name that the package has to the one of its folder,
// which an alias may have given it.
func (in *reading) npmPackage(source, folder string) Package {
	var manifest struct{ Name, Version string }
	text := bytes.TrimPrefix(in.texts[source], []byte("\uFEFF")) // which Node.js takes
	if err := json.Unmarshal(text, &manifest); err != nil {
		in.note(source, "parsing it: %w", err)
	}
	if !wellFormed(manifest.Name) {
		manifest.Name = folder
	}
	return Package{Name: manifest.Name, Version: manifest.Version, Source: source}
}
