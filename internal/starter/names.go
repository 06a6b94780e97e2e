package starter

import (
	"fmt"
	"path"
	"regexp"
	"slices"
	"strings"
)

// names gives each Dockerfile's budget a name of its own.
type names struct {
	repository string
	given      map[string]bool
}

func newNames(repository string) *names {
	return &names{repository: repository, given: map[string]bool{}}
}

// sayNothing are folders that Dockerfiles are put in, whatever they build.
var sayNothing = strings.Fields(`docker dockerfile dockerfiles container containers build package deploy deployment deployments ci images image`)

var variant = regexp.MustCompile(`(?i)^(?:dockerfile|containerfile)\.?|\.?(?:dockerfile|containerfile)$`)

// of is the name of the folder that says something, and of the file where that says
// more: agent for agent/Dockerfile, agent-pip for agent/Dockerfile.pip.
func (n *names) of(at string) string {
	folder := path.Dir(at)
	for folder != "." && slices.Contains(sayNothing, strings.ToLower(path.Base(folder))) {
		folder = path.Dir(folder)
	}
	name := n.repository
	if folder != "." {
		name = path.Base(folder)
	}
	if more := variant.ReplaceAllString(path.Base(at), ""); more != "" {
		name += "-" + more
	}
	return n.unique(slug(name))
}

// unique is name, or name with a number that no other has.
func (n *names) unique(name string) string {
	one := name
	for i := 2; n.given[one]; i++ {
		one = fmt.Sprintf("%s-%d", name, i)
	}
	n.given[one] = true
	return one
}

var notInName = regexp.MustCompile(`[^a-z0-9]+`)

// longestName leaves room for suffixes in the 255 bytes of a file's name.
const longestName = 60

// slug is a name that files, shells, YAML and engines all take as it is.
func slug(name string) string {
	s := strings.Trim(notInName.ReplaceAllString(strings.ToLower(name), "-"), "-")
	if len(s) > longestName {
		s = strings.Trim(s[:longestName], "-")
	}
	if s == "" {
		return "image"
	}
	return s
}
