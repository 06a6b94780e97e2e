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
	// all, attributes to those: see Copies and CompiledFrom.
	matches func(*subject) bool
}

// Categories is every category, and the first that matches a file has it. So the
// order is that of the remedies, the one that takes most along with it first:
//
//   - what a later layer hides is gone, whatever it was;
//   - caches and version control hold copies of anything: a header in a cache goes
//     with the cache, and so does a clone in it;
//   - a package goes as a whole, with its own headers, tests and manuals, so those
//     that know packages come before those that know folders. Tools stand before
//     the toolchain, since valgrind has static libraries, and accelerator libraries
//     do, since the headers in them stay where they stay;
//   - tests stand before documentation and models: what tests read is of no use
//     without them, whatever its form;
//   - models come last of those that a path tells, being told by little more than
//     the ends of their names;
//   - a file that is of use, but twice there, is a matter of what is left.
var Categories = []*Category{
	Overwritten,
	Caches,
	VersionControl,
	Development,
	Accelerator,
	Toolchain,
	Assets,
	Tests,
	Documentation,
	Models,
	Duplicate,
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
