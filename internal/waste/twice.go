package waste

import "iter"

// Overwritten is attributed by the caller, who sees the layers on top of each
// other.
var Overwritten = &Category{
	Name:  "overwritten",
	Title: "files that a later layer overwrites or deletes",
	Why:   "A layer is pulled and kept whole, also what of it a later layer hides, and no container ever sees that.",
	Fix:   "Delete in the same RUN instruction that created the files, set owner and mode while copying (COPY --chown, --chmod) in place of a later chown or chmod, and update packages in the base image.",
}

// Duplicate is attributed by the caller, to what Duplicates yields.
var Duplicate = &Category{
	Name:  "duplicate",
	Title: "the same file in two places",
	Why:   "Each copy is stored, pulled and unpacked by itself; two are needed only where a program changes one of them.",
	Fix:   "Install into one environment, copy a folder once, and where both names are needed make one of them a link in the same instruction.",
}

// leastDuplicate is the size in bytes below which the same content is left
// alone: empty __init__.py files are alike by nature.
const leastDuplicate = 4 << 10

// Duplicates yields the files whose content came before, that is all copies but
// the first, in the order of files; the sum of their sizes is what one copy of
// each would save. files are the regular files that a container sees, with a
// strong digest of their content, and no hard links: those are one file. Memory
// is 16 bytes of the digest for every content, in a map.
func Duplicates(files iter.Seq2[File, [32]byte]) iter.Seq2[File, [32]byte] {
	return func(yield func(File, [32]byte) bool) {
		seen := map[[16]byte]struct{}{}
		for f, content := range files {
			if f.Size < leastDuplicate {
				continue
			}
			key := [16]byte(content[:16])
			if _, again := seen[key]; !again {
				seen[key] = struct{}{}
			} else if !yield(f, content) {
				return
			}
		}
	}
}
