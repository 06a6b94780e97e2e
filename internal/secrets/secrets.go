// Package secrets finds secrets in what an image has: in its files, in the
// environment of its config and in its history. It says where one is and of
// what kind, and nothing of its value leaves the package. It does no I/O and
// knows nothing of tars or of where images come from.
//
// The rules are a table of ours: the libraries that have one slow the start of
// every command down, since they prepare for archives and repositories too.
package secrets

import (
	"cmp"
	"slices"
	"strings"
)

// Found is one secret, without its value. Several of one kind in one place are
// one.
type Found struct {
	Where string // File, Environment or History
	Name  string // path of the file, name of the variable, or the instruction with *** for each secret's value
	Kind  string // such as "private key", "AWS access key", "GitHub token", "password"
	Layer int    // from 0, for files and for history entries that made a layer; None where there is none
	Gone  bool   // a later layer deletes or overwrites the file, and everybody who pulls the image has it; the caller's to set
}

// Places, and what stands for no layer.
const (
	File        = "file"
	Environment = "environment"
	History     = "history"
	None        = -1
)

// span is where the value of a secret stands in a text.
type span struct {
	from, to int // bytes, from inclusive and to exclusive
	kind     string
}

// InFile is the secrets of a file by what its path, which is clean and without a
// leading slash, and its content say. Files for which Kept is false may be
// given without content: of some the name is enough, as of a key store. Their
// Layer is the caller's to set.
func InFile(path, content string) []Found {
	look, ok := lookAt(path)
	if !ok {
		return nil
	}
	kinds := []string{look.whole}
	if look.whole == "" {
		kinds = kindsOf(look.find(content))
	}
	var found []Found
	for _, kind := range kinds {
		found = append(found, Found{Where: File, Name: path, Kind: kind, Layer: None})
	}
	return found
}

// kindsOf is each kind once, in the order of the text.
func kindsOf(spans []span) []string {
	var kinds []string
	for _, s := range spans {
		if !slices.Contains(kinds, s.kind) {
			kinds = append(kinds, s.kind)
		}
	}
	return kinds
}

// merged puts spans in the order of the text. Of several that overlap it is one,
// with all of their room and the kind of the one that came first.
func merged(lists ...[]span) []span {
	type ranked struct {
		span
		rank int
	}
	var all []ranked
	for rank, s := range slices.Concat(lists...) {
		all = append(all, ranked{s, rank})
	}
	slices.SortFunc(all, func(a, b ranked) int { return cmp.Or(cmp.Compare(a.from, b.from), cmp.Compare(a.rank, b.rank)) })
	var apart []span
	rank := 0 // of the last one in apart
	for _, s := range all {
		if len(apart) == 0 || s.from >= apart[len(apart)-1].to {
			apart, rank = append(apart, s.span), s.rank
			continue
		}
		last := &apart[len(apart)-1]
		last.to = max(last.to, s.to)
		if s.rank < rank {
			last.kind, rank = s.kind, s.rank
		}
	}
	return apart
}

// mask is the text with *** in the place of every span.
func mask(text string, spans []span) string {
	var b strings.Builder
	at := 0
	for _, s := range merged(spans) {
		b.WriteString(text[at:s.from])
		b.WriteString("***")
		at = s.to
	}
	b.WriteString(text[at:])
	return b.String()
}
