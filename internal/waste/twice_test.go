package waste

import (
	"iter"
	"testing"

	"github.com/stretchr/testify/require"
)

type stored struct {
	path    string
	size    int64
	content byte
}

func each(all []stored) iter.Seq2[File, [32]byte] {
	return func(yield func(File, [32]byte) bool) {
		for _, s := range all {
			if !yield(File{Path: s.path, Size: s.size}, [32]byte{s.content}) {
				return
			}
		}
	}
}

func TestDuplicates(t *testing.T) {
	for _, c := range []struct {
		name   string
		files  []stored
		copies []string
		saved  int64
	}{
		{"none", nil, nil, 0},
		{"all different", []stored{{"a", 9000, 1}, {"b", 9000, 2}}, nil, 0},
		{"two", []stored{{"a", 9000, 1}, {"b", 9000, 1}}, []string{"b"}, 9000},
		{"three and two", []stored{{"a", 9000, 1}, {"b", 5000, 2}, {"c", 9000, 1}, {"d", 9000, 1}, {"e", 5000, 2}}, []string{"c", "d", "e"}, 23000},
		{"at the least size", []stored{{"a", 4096, 1}, {"b", 4096, 1}}, []string{"b"}, 4096},
		{"below it", []stored{{"a/__init__.py", 4095, 1}, {"b/__init__.py", 4095, 1}, {"c", 0, 3}, {"d", 0, 3}}, nil, 0},
	} {
		var copies []string
		var saved int64
		for f, content := range Duplicates(each(c.files)) {
			copies = append(copies, f.Path)
			saved += f.Size
			require.NotZero(t, content)
		}
		require.Equal(t, c.copies, copies, c.name)
		require.Equal(t, c.saved, saved, c.name)
	}
	for f := range Duplicates(each([]stored{{"a", 9000, 1}, {"b", 9000, 1}, {"c", 9000, 1}})) {
		require.Equal(t, "b", f.Path, "it stops when asked to")
		break
	}
}
