package lint

import (
	"strings"

	"github.com/distribution/reference"
)

// baseName is the reference of a base image, in its parts.
type baseName struct {
	domain, repository string // as written out: docker.io and library/python
	tag                string // empty for none
	pinned             bool   // by a digest
	ok                 bool   // it is a reference
}

func parseReference(text string) baseName {
	named, err := reference.ParseNormalizedNamed(text)
	if err != nil {
		return baseName{}
	}
	of := baseName{domain: reference.Domain(named), repository: reference.Path(named), ok: true}
	if tagged, ok := named.(reference.Tagged); ok {
		of.tag = tagged.Tag()
	}
	_, of.pinned = named.(reference.Digested)
	return of
}

// last is the last part of the repository: python of ghcr.io/acme/python.
func (b baseName) last() string {
	return b.repository[strings.LastIndexByte(b.repository, '/')+1:]
}

// official reports whether it is one of Docker's official images. Mirrors hold them
// in a folder library too: public.ecr.aws/docker/library/python.
func (b baseName) official() bool {
	folder, _ := strings.CutSuffix(b.repository, "/"+b.last())
	return b.ok && (folder == "library" || strings.HasSuffix(folder, "/library"))
}
