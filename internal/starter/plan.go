package starter

import (
	"fmt"
	"io"
	"path"
	"regexp"
)

// Files is every file of a start, those that are there already among them. version is
// of this tool; CI installs it where it is a release, and else the latest.
func (r *Repository) Files(p Project, version string) ([]File, error) {
	var files []File
	for _, img := range p.Images {
		if img.Kept != "" {
			files = append(files, File{Path: img.Kept, Kept: true})
			continue
		}
		text, err := budgetText(img, r.dir)
		if err != nil {
			return nil, err
		}
		files = append(files, File{Path: budgetPath(r.dir, img.Name), Text: text})
	}
	values := newShared(r.dir, version)
	for _, s := range starts {
		if s.ofCI && !r.isTop() {
			continue
		}
		more, err := r.start(s, values)
		if err != nil {
			return nil, err
		}
		files = append(files, more...)
	}
	for i, f := range files {
		there, err := r.has(f.Path)
		if err != nil {
			return nil, err
		}
		files[i].Kept = there
	}
	return files, nil
}

// Warnings is what somebody who starts should know of the images and their place.
func (r *Repository) Warnings(p Project) []string {
	warnings := append([]string(nil), p.Notes...)
	if !r.isTop() {
		warnings = append(warnings, "this is not the top of its git repository, where CI reads its files: none are written; run init there to have them")
	}
	for _, img := range p.Images {
		if img.Kept != "" {
			continue
		}
		if img.Health.Guessed && !img.Idle {
			warnings = append(warnings, fmt.Sprintf("%s: no health path was found, so %s is a guess: correct it in %s", img.Name, img.Health.Path, budgetPath(r.dir, img.Name)))
		}
		if img.CopiesAll && within(r.dir, img.Context) && !r.ignored(img) {
			warnings = append(warnings, fmt.Sprintf("%s: %s copies its whole context, and so %s/ with every new baseline: put %s into its .dockerignore", img.Name, printable(img.Dockerfile), r.dir, r.inContext(img)))
		}
	}
	return warnings
}

// start is a file that is there once for the repository. Where another has its place
// it is put beside it, and a line in that makes it count.
type start struct {
	template string
	paths    []string // where its place may be taken; the last is where it goes
	ofCI     bool
	aside    string         // where it goes when its place is taken; empty where it then has none
	line     string         // what is to be added by hand then
	knows    *regexp.Regexp // what a file in its place has that does it already
}

var starts = []start{
	{template: "github.yml", paths: []string{".github/workflows/image-budget.yml"}, ofCI: true},
	{
		template: "gitlab.yml", paths: []string{".gitlab-ci.yml"}, ofCI: true,
		aside: ".gitlab/image-budget.gitlab-ci.yml", line: "include: [{local: .gitlab/image-budget.gitlab-ci.yml}]",
		knows: regexp.MustCompile(`(?m)^image-budget:`),
	},
	{
		template: "image-budget.mk", paths: []string{"GNUmakefile", "makefile", "Makefile"},
		aside: "image-budget.mk", line: "include image-budget.mk",
		knows: regexp.MustCompile(`(?m)^check-image\s*:`),
	},
}

func (r *Repository) start(s start, values shared) ([]File, error) {
	text, err := render(s.template, values)
	if err != nil {
		return nil, err
	}
	place := File{Path: s.paths[len(s.paths)-1], Text: text}
	for _, taken := range s.paths {
		if there, err := r.has(taken); err != nil {
			return nil, err
		} else if !there {
			continue
		}
		place = File{Path: taken, Kept: true}
		written, err := readFile(r.root.FS(), taken)
		if err != nil {
			return nil, &Fault{Problem: fmt.Sprintf("reading %q", taken), Err: err, Fix: "put a regular file in its place, or remove it"}
		}
		if s.aside == "" || s.knows.Match(written) {
			return []File{place}, nil
		}
		if !regexp.MustCompile(regexp.QuoteMeta(s.aside)).Match(written) {
			place.Hint = fmt.Sprintf("add to it: %s", s.line)
		}
		return []File{place, {Path: s.aside, Text: text}}, nil
	}
	return []File{place}, nil
}

// ignored reports whether the context leaves the budgets out.
func (r *Repository) ignored(img Image) bool {
	for _, at := range []string{img.Dockerfile + ".dockerignore", path.Join(img.Context, ".dockerignore")} {
		f, err := r.root.Open(at)
		if err != nil {
			continue
		}
		defer f.Close()
		return leavesOut(io.LimitReader(f, largestFile), r.inContext(img)+"/"+img.Name+".yaml")
	}
	return false
}

// inContext is the folder of the budgets, as the context has it.
func (r *Repository) inContext(img Image) string {
	if img.Context == "." {
		return r.dir
	}
	return r.dir[len(img.Context)+1:]
}
