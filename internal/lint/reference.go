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

// mirrors hold Docker's official images under these names.
var mirrors = []string{"docker.io/library/", "public.ecr.aws/docker/library/", "mirror.gcr.io/library/"}

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

// official reports whether it is one of Docker's official images.
func (b baseName) official() bool {
	for _, mirror := range mirrors {
		if strings.HasPrefix(b.domain+"/"+b.repository, mirror) {
			return true
		}
	}
	return false
}
