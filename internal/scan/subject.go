package scan

import (
	"path"
	"slices"
	"strings"

	"github.com/google/go-containerregistry/pkg/name"
)

// MayBeOf reports whether an image of these names can be the one that the report
// names, for a report without digests. An image has many names: only where the last
// parts of the repositories are all different it is another one. A registry, a tag
// and the path of an archive say nothing, nor does a side without names.
func (r Report) MayBeOf(names ...string) bool {
	var theirs []string
	for _, text := range r.Names {
		if isPath(text) {
			return true
		}
		theirs = append(theirs, repositories(text)...)
	}
	var ours []string
	for _, text := range names {
		ours = append(ours, repositories(text)...)
	}
	return len(ours) == 0 || len(theirs) == 0 || slices.ContainsFunc(ours, func(own string) bool { return slices.Contains(theirs, own) })
}

// repositories are the last parts of the repository in a reference; two where what
// stands before a colon can be a scheme of Grype's, such as docker:app:1.
func repositories(text string) (all []string) {
	for _, form := range []string{text, withoutScheme(text)} {
		if reference, err := name.ParseReference(form); err == nil {
			all = append(all, path.Base(reference.Context().RepositoryStr()))
		}
	}
	return all
}

// schemes are those of Syft and Grype that say where an image is.
var schemes = []string{"docker:", "podman:", "containerd:", "registry:", "docker-archive:", "oci-archive:", "oci-dir:", "oci-model:", "singularity:", "snap:"}

func withoutScheme(text string) string {
	for _, scheme := range schemes {
		if rest, ok := strings.CutPrefix(text, scheme); ok {
			return rest
		}
	}
	return text
}

// isPath reports whether text is the path of an archive or a layout, not a reference.
func isPath(text string) bool {
	rest := withoutScheme(text)
	for _, end := range []string{".tar", ".tar.gz", ".tgz", ".sif"} {
		if strings.HasSuffix(rest, end) {
			return true
		}
	}
	return strings.HasPrefix(rest, ".") || strings.HasPrefix(rest, "/") || strings.HasPrefix(text, "oci-dir:")
}

// named are the names that say something, in a form that a line of a log can take.
func named(all []string) (names []string) {
	for _, text := range all {
		if text = oneLine(text); text != "" {
			names = append(names, text)
		}
	}
	return names
}
