// Package starter finds what a repository builds images from, and makes the files
// that a gate on them starts with: a commented budget for each Dockerfile, a GitHub
// workflow, a GitLab job and a make target. It reads the repository, overwrites
// nothing in it, and knows nothing of engines and how images are measured.
package starter

import (
	"fmt"
	"io/fs"
	"path"
	"strings"
)

// Project is what was found in a repository.
type Project struct {
	Images []Image
	Notes  []string // what was left out, and why
}

// Image is one image that the repository builds. Paths are relative to the
// repository and slash-separated.
type Image struct {
	Name       string // of its budget
	Dockerfile string
	Context    string
	Framework  string // empty where none was found
	Port       Port
	Health     Health
	Idle       bool // nothing says that it answers requests, so that nothing is started

	Kept      string // the budget that it has already; empty where it has none
	CopiesAll bool   // a COPY takes the whole context
	Today     *Today // what it measured just now; nil where that is not known
	Unknown   string // why it is not, on one line
}

// Port is where the service listens. Number 0 means the one TCP port that the image
// exposes.
type Port struct {
	Number int
	By     string // what says so
}

// Health is where the service says that it is ready.
type Health struct {
	Path, Scheme string
	By           string // what says so
	Guessed      bool
}

// Today is what an image measures now.
type Today struct {
	Size, Compressed, Layers int64
}

// Find looks for Dockerfiles and for what they build in the files of a repository
// of that name. Symbolic links are not followed.
func Find(files fs.FS, name string) Project {
	t := walk(files)
	p := Project{Notes: t.notes}
	names := newNames(name)
	for _, at := range t.dockerfiles {
		d, err := readDockerfile(files, at)
		if err != nil {
			p.Notes = append(p.Notes, fmt.Sprintf("left out %s: %v", printable(at), err))
			continue
		}
		p.Images = append(p.Images, t.image(at, d, names))
	}
	return p
}

func (t *tree) image(at string, d *dockerfile, names *names) Image {
	img := Image{Name: names.of(at), Dockerfile: at, Context: t.context(at, d)}
	f := t.framework(img.Context, d)
	check := d.check()
	img.Port = d.port(check, f.framework)
	img.Health = health(check, f)
	if f.framework != nil {
		img.Framework = f.framework.name
	}
	img.Idle = f.framework == nil && img.Port.Number == 0 && d.healthcheck == ""
	for _, source := range d.sources {
		img.CopiesAll = img.CopiesAll || path.Clean("/"+source) == "/"
	}
	return img
}

// Learn takes what the built image tells of itself, its base image's ports included.
func (img *Image) Learn(now Today, exposed []int) {
	img.Today = &now
	if img.Port.Number == 0 && len(exposed) > 0 {
		img.Port = Port{exposed[0], "EXPOSE in its base image"}
		img.Idle = false
	}
}

// port is where the service listens, by the first that says so.
func (d *dockerfile) port(check address, f *framework) Port {
	said, by := d.said()
	switch {
	case check.port > 0:
		return Port{check.port, "HEALTHCHECK"}
	case len(d.exposed) == 1:
		return Port{d.exposed[0], "EXPOSE"}
	case len(d.exposed) > 1:
		for _, port := range d.exposed {
			if port == said {
				return Port{port, "EXPOSE and " + by}
			}
		}
		return Port{d.exposed[0], fmt.Sprintf("EXPOSE, the first of %d", len(d.exposed))}
	case said > 0:
		return Port{said, by}
	case f != nil && f.port > 0:
		return Port{f.port, f.name + "'s default"}
	}
	return Port{}
}

// health is the path that answers when the service is ready, by the first that
// says so.
func health(check address, f found) Health {
	h := Health{Scheme: check.scheme}
	switch {
	case check.path != "":
		h.Path, h.By = check.path, "HEALTHCHECK"
	case f.route.path != "":
		h.Path, h.By = f.route.path, fmt.Sprintf("%s:%d", printable(f.route.file), f.route.line)
	case f.framework != nil && f.framework.health != "":
		h.Path, h.By = f.framework.health, f.framework.name+"'s own"
	default:
		h.Path, h.By, h.Guessed = "/health", "a guess: nothing that was read says it", true
	}
	return h
}

// About says on one line what was found of img.
func (img Image) About() string {
	parts := []string{printable(img.Dockerfile)}
	if img.Framework != "" {
		parts = append(parts, img.Framework)
	}
	switch {
	case img.Idle:
		parts = append(parts, "nothing that answers requests, so cold_start is not gated")
	case img.Port.Number > 0:
		parts = append(parts, fmt.Sprintf("port %d by %s", img.Port.Number, img.Port.By))
		fallthrough
	default:
		parts = append(parts, fmt.Sprintf("%s by %s", img.Health.Path, img.Health.By))
	}
	if img.Today != nil {
		parts = append(parts, fmt.Sprintf("today %s in %d layers", human(img.Today.Size), img.Today.Layers))
	} else {
		parts = append(parts, "not measured")
	}
	return strings.Join(parts, ", ")
}
