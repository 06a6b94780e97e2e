package waste

import (
	"testing"

	"github.com/stretchr/testify/require"
)

type stored struct {
	path    string
	size    int64
	content byte
}

func TestCopies(t *testing.T) {
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
		var seen Copies
		for _, f := range c.files {
			if seen.Again(File{Path: f.path, Size: f.size}, [32]byte{f.content}) {
				copies = append(copies, f.path)
				saved += f.size
			}
		}
		require.Equal(t, c.copies, copies, c.name)
		require.Equal(t, c.saved, saved, c.name)
	}
}
