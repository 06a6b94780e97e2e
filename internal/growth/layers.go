package growth

import (
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/image-budget/image-budget/internal/inventory"
)

// same says what makes a layer of the old image one of the new image. The layers
// that the first rule leaves over are matched by the next, between those that it
// has matched: layers do not change places.
var same = []func(old, now inventory.Layer) bool{
	func(old, now inventory.Layer) bool { return old.DiffID == now.DiffID && old.DiffID != "" },
	func(old, now inventory.Layer) bool {
		return old.Instruction == now.Instruction && old.Instruction != ""
	},
	func(old, now inventory.Layer) bool { return begins(old.Instruction, now.Instruction) },
	func(old, now inventory.Layer) bool { return verb(old) == verb(now) && verb(old) != "" },
}

// leastKept is what a baseline keeps of a long instruction at the least, in bytes,
// where it keeps any of it.
const leastKept = 60

// begins reports whether one of the two instructions is how the other begins: a
// baseline has cut it, or it was added to.
func begins(a, b string) bool {
	return min(len(a), len(b)) >= leastKept-utf8.UTFMax && (strings.HasPrefix(a, b) || strings.HasPrefix(b, a))
}

// verb is what an instruction begins with, such as RUN.
func verb(l inventory.Layer) string {
	word, _, _ := strings.Cut(l.Instruction, " ")
	return word
}

// layers pairs the layers of two images.
func layers(old, now []inventory.Layer) []Layer {
	m := matching{old: old, now: now}
	m.match(0, 0, len(old), 0, len(now))
	return m.layers
}

type matching struct {
	old, now []inventory.Layer
	layers   []Layer
}

// match pairs old[i:j] with now[k:l] by the rules from rule on.
func (m *matching) match(rule, i, j, k, l int) {
	if rule == len(same) || i == j || k == l {
		for ; i < j; i++ {
			m.add(i, -1)
		}
		for ; k < l; k++ {
			m.add(-1, k)
		}
		return
	}
	pairs := common(m.old[i:j], m.now[k:l], same[rule])
	from, to := i, k
	for _, pair := range pairs {
		a, b := i+pair[0], k+pair[1]
		m.match(rule+1, from, a, to, b)
		m.add(a, b)
		from, to = a+1, b+1
	}
	m.match(rule+1, from, j, to, l)
}

// add takes a layer of the old image, of the new one, or of both; -1 is none.
func (m *matching) add(old, now int) {
	var l Layer
	if old >= 0 {
		l.Instruction, l.Old = m.old[old].Instruction, layerSide(old, m.old[old])
	}
	if now >= 0 {
		l.Instruction, l.New = m.now[now].Instruction, layerSide(now, m.now[now])
	}
	if old >= 0 && now >= 0 {
		l.Old.Same = m.old[old].DiffID == m.now[now].DiffID
		l.New.Same = l.Old.Same
		if was := m.old[old].Instruction; was != l.Instruction && !begins(was, l.Instruction) {
			l.Was = was
		}
	}
	m.layers = append(m.layers, l)
}

func layerSide(index int, l inventory.Layer) *LayerSide {
	return &LayerSide{Index: index, Size: l.Size, Compressed: l.Compressed, Unowned: l.Unowned, Hidden: l.Hidden}
}

// common is the longest common subsequence of the two, as pairs of their indexes.
// See Wagner and Fischer, "The String-to-String Correction Problem", 1974.
func common(old, now []inventory.Layer, same func(old, now inventory.Layer) bool) (pairs [][2]int) {
	length := make([][]int32, len(old)+1) // of what old[i:] and now[k:] have in common
	for i := range length {
		length[i] = make([]int32, len(now)+1)
	}
	for i, a := range slices.Backward(old) {
		for k, b := range slices.Backward(now) {
			length[i][k] = max(length[i+1][k], length[i][k+1])
			if same(a, b) {
				length[i][k] = max(length[i][k], length[i+1][k+1]+1)
			}
		}
	}
	for i, k := 0, 0; i < len(old) && k < len(now); {
		switch {
		case same(old[i], now[k]) && length[i][k] == length[i+1][k+1]+1:
			pairs = append(pairs, [2]int{i, k})
			i, k = i+1, k+1
		case length[i+1][k] >= length[i][k+1]:
			i++
		default:
			k++
		}
	}
	return pairs
}
