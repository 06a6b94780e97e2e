package lint

import (
	"fmt"
	"strconv"
	"strings"
)

// ImageRootUser finds images whose config has the service run as root.
var ImageRootUser = ImageRule{
	Name:     "image-root-user",
	Severity: Warning,
	Summary:  "the service runs as root",
	Why:      "a fault in the service is then root's in the container, and one step nearer to the host's",
	Fix:      "end the Dockerfile with a USER of its own, by number where Kubernetes is to check it: USER 10001",
	Doc: `The user of an image is config.User: the USER that the Dockerfile ends with, or
that of its base image. Where it is empty, root or 0, every process starts as
root. Kubernetes refuses such an image under runAsNonRoot, and takes a name for
root too, since it cannot look it up; so a number is best.`,
	Bad:  `{"config": {"Env": ["PATH=/usr/bin"], "Cmd": ["serve"]}}`,
	Good: `{"config": {"User": "10001:10001", "Cmd": ["serve"]}}`,
	Same: []string{"root-user"},
	Check: func(of ImageSubject) []Finding {
		switch user, _, _ := strings.Cut(of.Config.User, ":"); {
		case user == "":
			return []Finding{{Message: "the config names no user, so the service runs as root"}}
		case user == "root" || isZero(user):
			return []Finding{{Message: fmt.Sprintf("the user is %q, so the service runs as root", of.Config.User)}}
		}
		return nil
	},
}

// isZero reports whether user is the number of root, also as 00.
func isZero(user string) bool {
	n, err := strconv.Atoi(user)
	return err == nil && n == 0
}
