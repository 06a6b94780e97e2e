package inventory

import (
	"cmp"
	"crypto/sha256"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/image-budget/image-budget/internal/contents"
	"github.com/image-budget/image-budget/internal/image"
	"github.com/image-budget/image-budget/internal/owners"
	"github.com/image-budget/image-budget/internal/secrets"
	"github.com/image-budget/image-budget/internal/waste"
)

// Options say what an inventory is to have beside what every one has.
type Options struct {
	Files int  // how many of the largest files
	Parts bool // Inventory.Parts
}

// Take makes the inventory of an image whose layers' indexes open opens. It goes
// through what a container sees twice: to find the packages, and then to ask who
// owns what.
func Take(img *image.Image, open contents.Open, o Options) (*Inventory, error) {
	t := &taking{img: img, Options: o, sources: map[[16]byte]bool{}, seen: map[string]int{}}
	err := t.each(open, t.survey)
	if err != nil {
		return nil, fmt.Errorf("taking the inventory of %q: %w", img.Reference, err)
	}
	t.owners = owners.Read(t.texts, t.links)
	t.begin()
	if err = t.each(open, t.add); err != nil {
		return nil, fmt.Errorf("taking the inventory of %q: %w", img.Reference, err)
	}
	inventory := t.end()
	if inventory.Secrets, err = secretsOf(img, open, t.seen); err != nil {
		return nil, fmt.Errorf("taking the inventory of %q: %w", img.Reference, err)
	}
	return inventory, nil
}

// taking is an inventory under way.
type taking struct {
	Options
	img     *image.Image
	texts   map[string][]byte // content of the files that say who owns others
	links   map[string]string // symlinks at the root, such as lib to usr/lib
	sources map[[16]byte]bool // paths of Python's sources
	seen    map[string]int    // of files that may hold a secret and that a container sees, the layer
	owners  *owners.Owners

	inventory *Inventory
	bySize    map[part]int64 // bytes
	waste     map[string]*Waste
	copies    waste.Copies
	folders   *folders // nil unless Parts
}

// part is what a layer has of a package, both by their number.
type part struct{ pkg, layer int }

// each calls do for everything that a container sees.
func (t *taking) each(open contents.Open, do func(contents.Seen)) error {
	tree, err := contents.Stack(len(t.img.Layers), open)
	if err != nil {
		return err
	}
	defer tree.Close() // they were only read
	for {
		seen, err := tree.Next()
		if err == io.EOF { //nolint:errorlint // streams return it bare
			return nil
		}
		if err != nil {
			return err
		}
		do(seen)
	}
}

// survey keeps what it takes to know the owners.
func (t *taking) survey(seen contents.Seen) {
	switch {
	case seen.Text != "" && owners.Kept(seen.Path):
		if t.texts == nil {
			t.texts = map[string][]byte{}
		}
		t.texts[seen.Path] = []byte(seen.Text)
	case seen.Kind == contents.Symlink && !strings.Contains(seen.Path, "/"):
		if t.links == nil {
			t.links = map[string]string{}
		}
		t.links[seen.Path] = strings.Trim(seen.Target, "/")
	}
	if len(secrets.InFile(seen.Path, seen.Text)) > 0 {
		t.seen[seen.Path] = seen.Layer
	}
	if strings.HasSuffix(seen.Path, ".py") {
		t.sources[key(seen.Path)] = true
	}
}

func (t *taking) begin() {
	img := t.img
	t.inventory = &Inventory{Reference: img.Reference, ConfigDigest: img.ConfigDigest, Platform: img.Platform.String(), Base: img.Base, owners: t.owners}
	for _, l := range img.Layers {
		t.inventory.Size += l.Content
		t.inventory.Layers = append(t.inventory.Layers, Layer{
			DiffID: l.DiffID, Instruction: l.Instruction, Size: l.Content, Compressed: l.Size, Files: l.Files, Hidden: l.Content,
		})
	}
	for _, p := range t.owners.Packages() {
		t.inventory.Packages = append(t.inventory.Packages, Package{Key: p.Key(), Version: p.Version, Bundle: about(p)})
	}
	for _, p := range t.owners.Problems() {
		t.inventory.Problems = append(t.inventory.Problems, strings.TrimPrefix(p.Path+": "+p.Reason, ": "))
	}
	t.bySize, t.waste = map[part]int64{}, map[string]*Waste{}
	if t.Parts {
		t.folders = newFolders(t.inventory.Size)
	}
}

// about is what a package is, where it is not what it seems.
func about(p owners.Package) string {
	switch {
	case p.Bundle != "":
		return p.Bundle
	case p.Editable:
		return "editable: its code is in a folder of its own, which no package has"
	case p.Vendored:
		return "inside another package"
	}
	return ""
}

// add gives the bytes of one entry to their owner.
func (t *taking) add(seen contents.Seen) {
	layer := &t.inventory.Layers[seen.Layer]
	layer.Hidden -= seen.Size
	file := File{Path: seen.Path, Size: seen.Size, Layer: seen.Layer}
	index, owned := t.owners.Of(seen.Path)
	if owned && t.owners.Made(index, seen.Path) {
		t.inventory.Packages[index].Made += seen.Size
		owned = false
	}
	if owned && seen.Kind != contents.Folder {
		p := &t.inventory.Packages[index]
		p.Size += seen.Size
		p.Files++
		file.Package = p.Key
		t.bySize[part{index, seen.Layer}] += seen.Size
	} else {
		layer.Unowned += seen.Size
		if seen.Size > 0 {
			layer.Largest = insert(layer.Largest, file, largestKept)
		}
	}
	if seen.Size == 0 {
		return
	}
	t.folders.add(file)
	if category := t.category(file, seen); category != nil {
		t.wasted(category, file)
	}
	t.inventory.Files = insert(t.inventory.Files, file, t.Options.Files)
}

// category is why a file is not needed, nil when it may be. Each has one at the
// most, so that they add up.
func (t *taking) category(file File, seen contents.Seen) *waste.Category {
	subject := waste.File{Path: file.Path, Size: file.Size, Package: file.Package, Layer: file.Layer}
	if c, ok := waste.Of(subject); ok {
		return c
	}
	if source, ok := waste.CompiledFrom(file.Path); ok && t.sources[key(source)] {
		return waste.Bytecode
	}
	if seen.Kind == contents.File && !seen.Again && t.copies.Again(subject, seen.Content) {
		return waste.Duplicate
	}
	return nil
}

// largestKept is how many files of a category or a layer are named.
const largestKept = 3

func (t *taking) wasted(category *waste.Category, file File) {
	w := t.waste[category.Name]
	if w == nil {
		w = &Waste{Category: category}
		t.waste[category.Name] = w
	}
	w.Size += file.Size
	w.Files++
	w.Largest = insert(w.Largest, file, largestKept)
}

// insert keeps the most largest files, largest first.
func insert(files []File, file File, most int) []File {
	at, _ := slices.BinarySearchFunc(files, file, larger)
	if at >= most {
		return files
	}
	files = slices.Insert(files, at, file)
	return files[:min(len(files), most)]
}

func larger(a, b File) int {
	return cmp.Or(cmp.Compare(b.Size, a.Size), strings.Compare(a.Path, b.Path))
}

// end puts all in order.
func (t *taking) end() *Inventory {
	inventory := t.inventory
	t.settleLayers()
	slices.SortStableFunc(inventory.Packages, func(a, b Package) int {
		return cmp.Or(cmp.Compare(b.Size, a.Size), strings.Compare(a.Key, b.Key))
	})
	var hidden int64
	for _, l := range inventory.Layers {
		hidden += l.Hidden
	}
	if hidden > 0 {
		t.waste[waste.Overwritten.Name] = &Waste{Category: waste.Overwritten, Size: hidden}
	}
	for _, w := range t.waste {
		inventory.Waste = append(inventory.Waste, *w)
	}
	slices.SortFunc(inventory.Waste, func(a, b Waste) int {
		if a.Optional != b.Optional {
			return map[bool]int{false: -1, true: 1}[a.Optional]
		}
		return cmp.Or(cmp.Compare(b.Size, a.Size), strings.Compare(a.Name, b.Name))
	})
	if t.Parts {
		inventory.Parts = t.folders.parts(inventory)
	}
	return inventory
}

// settleLayers names for each package the layer that has most of it, and of several
// the lowest.
func (t *taking) settleLayers() {
	for at, size := range t.bySize {
		p := &t.inventory.Packages[at.pkg]
		most, ok := t.bySize[part{at.pkg, p.Layer}]
		if !ok || size > most || size == most && at.layer < p.Layer {
			p.Layer = at.layer
		}
	}
}

// key stands for a path in little room, as in contents.
func key(path string) [16]byte {
	sum := sha256.Sum256([]byte(path))
	return [16]byte(sum[:16])
}
