package lint

import (
	"strings"

	ocispec "github.com/opencontainers/image-spec/specs-go/v1"
)

// originLabels say where an image comes from, as the OCI image specification
// names them: https://github.com/opencontainers/image-spec/blob/main/annotations.md
var originLabels = []string{ocispec.AnnotationSource, ocispec.AnnotationRevision, ocispec.AnnotationVersion}

// ImageNoOrigin finds images that do not say which source they were built from.
var ImageNoOrigin = ImageRule{
	Name:     "image-no-origin",
	Severity: Info,
	Summary:  "the image does not say where it comes from",
	Why:      "nobody can tell from a running container which commit it is of, and no tool can find its changes",
	Fix:      "label it in the build, as docker/metadata-action does: LABEL org.opencontainers.image.revision=$REVISION",
	Doc: `The OCI image specification has names for it: org.opencontainers.image.source is
the repository, .revision the commit, and .version the release. Registries link the
image to its repository by the first, and tools that update images find what has
changed by it. They are looked for among the labels of the config; annotations of
a manifest do not come along with docker save.`,
	Bad: `{"config": {"Labels": {"maintainer": "nobody"}}}`,
	Good: `{"config": {"Labels": {
  "org.opencontainers.image.source": "https://github.com/acme/support-agent",
  "org.opencontainers.image.revision": "3f2c9d1",
  "org.opencontainers.image.version": "1.4.0"
}}}`,
	Check: func(of ImageSubject) []Finding {
		var missing []string
		for _, label := range originLabels {
			if of.Config.Labels[label] == "" {
				missing = append(missing, label)
			}
		}
		if len(missing) == 0 {
			return nil
		}
		return []Finding{{Message: "the config has no label " + strings.Join(missing, ", ")}}
	},
}
