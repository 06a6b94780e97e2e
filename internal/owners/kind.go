package owners

// Kind is a package manager.
type Kind struct {
	Name string // as it stands before the colon of a Key
	Help string

	// complete says that the manager's lists name every file that it installed, so
	// that its own tools count the same bytes: what else is a package's, such as
	// bytecode that it wrote when it was set up, is beside that.
	complete bool

	keeps func(folder, base string) bool // the part of Kept
	read  func(*reading)
}

// Kinds are the package managers, in the order in which they take what they
// list: a file that Debian lists is Debian's, whatever Python says of it.
var Kinds = []Kind{debian, alpine, conda, python, npm}
