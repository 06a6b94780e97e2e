package report

import "io"

// view is one way to show something that is not the result of a gate.
type view[T any] struct {
	Name  string // as --format takes it
	Help  string // what it is for, in a few words
	Write writer[T]
}

// writer shows of, with the top largest of what there is many of.
type writer[T any] func(w io.Writer, of T, top int, o Options) error

// views is every way to show something, the default first.
type views[T any] []view[T]

func (all views[T]) names() (names []string) {
	for _, v := range all {
		names = append(names, v.Name)
	}
	return names
}

func (all views[T]) named(name string) (writer[T], bool) {
	for _, v := range all {
		if v.Name == name {
			return v.Write, true
		}
	}
	return nil, false
}
