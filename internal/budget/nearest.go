package budget

// nearest is the name that takes the fewest edits from wrong, where those are
// few: at most three, and at most half of it.
func nearest(wrong string, names []string) (string, bool) {
	const longest = 64 // names are short; a long text is not a misspelled one
	if len(wrong) > longest {
		return "", false
	}
	best, least := "", min(3, len(wrong)/2)+1
	for _, name := range names {
		if d := edits(wrong, name); d < least {
			best, least = name, d
		}
	}
	return best, best != ""
}

// edits counts the insertions, deletions, changes and swaps of neighbours that
// make b of a, in bytes (the optimal string alignment distance).
func edits(a, b string) int {
	d := make([][]int, len(a)+1)
	for i := range d {
		d[i] = make([]int, len(b)+1)
		d[i][0] = i
	}
	for j := range d[0] {
		d[0][j] = j
	}
	for i := 1; i <= len(a); i++ {
		for j := 1; j <= len(b); j++ {
			change := d[i-1][j-1]
			if a[i-1] != b[j-1] {
				change++
			}
			d[i][j] = min(change, d[i-1][j]+1, d[i][j-1]+1)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				d[i][j] = min(d[i][j], d[i-2][j-2]+1)
			}
		}
	}
	return d[len(a)][len(b)]
}
