// Package waste says which files of an image are of no use when it runs, and
// why. It judges a file by its path, its size and the package that owns it, and
// so never opens one. It knows nothing of layers, of tars or of reports.
//
// Where it cannot know, it says nothing: a byte that is called waste and is
// needed costs more than one that is overlooked.
package waste

import "slices"

// File is what is known of a file when it is judged.
type File struct {
	Path    string // clean, without leading slash
	Size    int64  // bytes
	Package string // key of the package that owns it, such as "deb:gcc-12" or "python:torch"; empty for none
	Layer   int    // its place in the image, from the lowest
}

// Category is a kind of waste.
type Category struct {
	Name     string // stable, for JSON and budgets
	Title    string // for people, as a part of a sentence
	Why      string // one sentence: why it is not needed at run time, and when it is
	Fix      string // one sentence: what to do
	Optional bool   // depends on what the service does: named apart, and not waste by itself

	// matches is nil where one file alone does not tell. The caller, who sees them
	// all, attributes to those: see Duplicates and CompiledFrom.
	matches func(*subject) bool
}

// Categories is every category, and the first that matches a file has it.
var Categories = []*Category{
	Caches,
	VersionControl,
	Development,
	Accelerator,
	Toolchain,
	Assets,
	Tests,
	Documentation,
	Models,
	Bytecode,
}

// Of is the category of a file by its path and owner, or false for one that may
// be of use.
func Of(f File) (*Category, bool) {
	s := look(f)
	for _, c := range Categories {
		if c.matches != nil && c.matches(&s) {
			return c, true
		}
	}
	return nil, false
}

// Named finds a category by its name.
func Named(name string) (*Category, bool) {
	i := slices.IndexFunc(Categories, func(c *Category) bool { return c.Name == name })
	if i < 0 {
		return nil, false
	}
	return Categories[i], true
}
