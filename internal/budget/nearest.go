package budget

// nearest is the name that takes the fewest edits from wrong, where those are
// at most a third of it, and at least one is always allowed.
func nearest(wrong string, names []string) (string, bool) {
	const longest = 64 // names are short; a long text is not a misspelled one
	if len(wrong) > longest {
		return "", false
	}
	best, least := "", max(1, len(wrong)/3)+1
	for _, name := range names {
		if d := edits(wrong, name); d < least {
			best, least = name, d
		}
	}
	return best, best != ""
}

// edits is the Levenshtein distance of two texts, in bytes.
func edits(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		corner := row[0]
		row[0] = i + 1
		for j := range len(b) {
			change := corner
			if a[i] != b[j] {
				change++
			}
			corner = row[j+1]
			row[j+1] = min(change, row[j]+1, row[j+1]+1)
		}
	}
	return row[len(b)]
}
