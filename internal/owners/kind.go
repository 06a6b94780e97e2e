package owners

// Kind is a package manager.
type Kind struct {
	Name string // as it stands before the colon of a Key
	Help string

	keeps func(folder, base string) bool // the part of Kept
	read  func(*reading)
}

// Kinds are the package managers, in the order in which they take what they
// list: a file that Debian lists is Debian's, whatever Python says of it.
var Kinds = []Kind{debian, alpine, conda, python, npm}
