package starter

import (
	"bytes"
	"embed"
	"fmt"
	"path"
	"path/filepath"
	"strings"
	"text/template"

	"github.com/image-budget/image-budget/internal/budget"
)

// File is one that init would write. Its path is relative to the repository and
// slash-separated.
type File struct {
	Path string
	Text string
	Kept bool   // it is there already, and stays as it is
	Hint string // what is to be done by hand; may be empty
}

//go:embed templates
var templates embed.FS

var parsed = template.Must(template.New("").Funcs(template.FuncMap{"yaml": budget.Scalar}).ParseFS(templates, "templates/*"))

// goVersion is what this tool is compiled with at the least; a test holds it against
// go.mod.
const goVersion = "1.26"

func render(name string, values any) (string, error) {
	var out bytes.Buffer
	if err := parsed.ExecuteTemplate(&out, name, values); err != nil {
		return "", fmt.Errorf("making %q: %w", name, err)
	}
	return out.String(), nil
}

// budgetText is the budget of img in the folder dir.
func budgetText(img Image, dir string) (string, error) {
	context, err := filepath.Rel(filepath.FromSlash(dir), filepath.FromSlash(img.Context))
	if err != nil {
		return "", err
	}
	defaults := budget.Defaults()
	values := struct {
		Image               Image
		Context, Dockerfile string
		Platform            string
		Link                budget.Link
		Today               *Today
		Unknown             string
		Max                 ceilings
		Now                 struct{ Size, Compressed string }
		PullBy              string
	}{
		Image: img, Context: filepath.ToSlash(context), Dockerfile: strings.TrimPrefix(img.Dockerfile, img.Context+"/"),
		Platform: defaults.Platform.String(), Link: defaults.Link, Today: img.Today, Unknown: "the image was not measured: " + printableLine(img.Unknown),
	}
	if img.Today != nil {
		values.Max = above(*img.Today, defaults.Link)
		values.Now.Size, values.Now.Compressed = human(img.Today.Size), human(img.Today.Compressed)
		values.PullBy = pullBy(defaults.Link)
	} else {
		values.Max.Pull = shortestPull
		values.PullBy = "an image of 500 MB takes half of it on a slow machine."
	}
	return render("budget.yaml", values)
}

// shared are the values of the files that are not of one image.
type shared struct {
	Dir, Flag, Go, Version string
}

func newShared(dir, version string) shared {
	s := shared{Dir: dir, Go: goVersion, Version: "latest"}
	if dir != "budgets" {
		s.Flag = " --dir " + dir
	}
	if released.MatchString(version) {
		s.Version = "v" + strings.TrimPrefix(version, "v")
	}
	return s
}

// budgetPath is where the budget of that name is kept.
func budgetPath(dir, name string) string { return path.Join(dir, name+".yaml") }
