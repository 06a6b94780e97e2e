package owners

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// image is the texts of an image by path, as a test writes them.
type image map[string]string

func (files image) read() *Owners { return files.readThrough(nil) }

func (files image) readThrough(links map[string]string) *Owners {
	texts := map[string][]byte{}
	for path, text := range files {
		texts[path] = []byte(text)
	}
	return Read(texts, links)
}

// keys are the packages in their order, with versions.
func keys(o *Owners) []string {
	var all []string
	for _, p := range o.Packages() {
		all = append(all, p.Key()+" "+p.Version)
	}
	return all
}

// owner is the key of what owns a path, with a star where no list names it.
func owner(o *Owners, path string) string {
	index, ok := o.Of(path)
	switch {
	case !ok:
		return ""
	case !o.Listed(path):
		return o.Packages()[index].Key() + "*"
	}
	return o.Packages()[index].Key()
}

// requireOwners holds the owners of paths against what is wanted of them.
func requireOwners(t testing.TB, o *Owners, want map[string]string) {
	t.Helper()
	got := map[string]string{}
	for path := range want {
		got[path] = owner(o, path)
	}
	require.Equal(t, want, got)
}
