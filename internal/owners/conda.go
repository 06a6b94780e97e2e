package owners

import (
	"encoding/json"
	"path"
	"strings"
)

var conda = Kind{
	Name: "conda", Help: "packages of conda environments, from conda-meta",
	keeps: func(folder, base string) bool {
		_, name := split(folder)
		return name == "conda-meta" && strings.HasSuffix(base, ".json")
	},
	read: readConda,
}

// readConda reads one file a package, with its paths from the folder of the
// environment. A Python distribution in such a package is conda's.
func readConda(in *reading) {
	for _, source := range in.paths {
		var record struct {
			Name, Version string
			Files         []string
		}
		if err := json.Unmarshal(in.texts[source], &record); err != nil {
			in.note(source, "parsing it: %w", err)
			continue
		}
		index, ok := in.add(Package{Name: record.Name, Version: record.Version, Source: source})
		if !ok {
			continue
		}
		in.claim(source, source, index)
		environment := path.Dir(path.Dir(source))
		for _, file := range record.Files {
			in.claim(source, path.Join(environment, file), index)
		}
	}
}
