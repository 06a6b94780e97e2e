package waste

// Overwritten is attributed by the caller, who sees the layers on top of each
// other.
var Overwritten = &Category{
	Name:  "overwritten",
	Title: "files that a later layer overwrites or deletes",
	Why:   "A layer is pulled and kept whole, also what of it a later layer hides, and no container ever sees that.",
	Fix:   "Delete in the same RUN instruction that created the files, set owner and mode while copying (COPY --chown, --chmod) in place of a later chown or chmod, and update packages in the base image.",
}

// Duplicate is attributed by the caller, to what Copies has seen before.
var Duplicate = &Category{
	Name:  "duplicate",
	Title: "the same file in two places",
	Why:   "Each copy is stored, pulled and unpacked by itself; two are needed only where a program changes one of them.",
	Fix:   "Install into one environment, copy a folder once, and where both names are needed make one of them a link in the same instruction.",
}

// leastDuplicate is the size in bytes below which the same content is left
// alone: empty __init__.py files are alike by nature.
const leastDuplicate = 4 << 10

// Copies finds the same content in several places. Its memory is 16 bytes of the
// digest for every content, in a map. The zero Copies has seen nothing.
type Copies struct {
	seen map[[16]byte]struct{}
}

// Again reports whether the content of f came before, so that the size of f is
// what one copy less would save. f is a regular file that a container sees, with
// a strong digest of its content, and no hard link: those are one file.
func (c *Copies) Again(f File, content [32]byte) bool {
	if f.Size < leastDuplicate {
		return false
	}
	key := [16]byte(content[:16])
	if _, again := c.seen[key]; again {
		return true
	}
	if c.seen == nil {
		c.seen = map[[16]byte]struct{}{}
	}
	c.seen[key] = struct{}{}
	return false
}
