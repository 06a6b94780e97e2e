package budget

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"gopkg.in/yaml.v3"

	"github.com/image-budget/image-budget/internal/inventory"
	"github.com/image-budget/image-budget/internal/scan"
)

// detail is how much of an image's inventory a baseline file says, since it has
// to stay within what is read again.
type detail struct {
	packages    int // of the largest
	instruction int // bytes of each
	layers      bool

	severity scan.Severity // the least of which findings are listed
}

// A package takes that many bytes of a file at the least, so that no more of them fit
// than sizeCap/leastPackage, however many there are to write.
const leastPackage = len("    \"a:b\": {version: \"1\", size: 0}\n")

// details is what is tried, the most first: findings that are rarely gated go
// before packages, small packages before instructions, and of what is at stake in a
// gate as much stays as there is room for.
var details = []detail{
	{sizeCap / leastPackage, 200, true, scan.Unknown},
	{sizeCap / leastPackage, 200, true, scan.Medium},
	{400, 200, true, scan.Medium},
	{200, 200, true, scan.Medium},
	{50, 200, true, scan.Medium},
	{50, 60, true, scan.Medium},
	{20, 0, true, scan.Medium},
	{0, 0, true, scan.Medium},
	{severity: scan.Medium},
	{severity: scan.High},
	{severity: scan.Critical},
}

// contentsNode is one layer, one package or one category of waste a line; nil
// where there is nothing to say.
func contentsNode(of *inventory.Inventory, d detail) *yaml.Node {
	if of == nil || !d.layers || len(of.Layers) == 0 {
		return nil
	}
	n := &yaml.Node{Kind: yaml.MappingNode}
	add(n, "layers", layersNode(of.Layers, d.instruction))
	if packages := packagesNode(of.Packages, d.packages); len(packages.Content) > 0 {
		add(n, "packages", packages)
	}
	if waste := wasteNode(of.Waste); len(waste.Content) > 0 {
		add(n, "waste", waste)
	}
	return n
}

func layersNode(layers []inventory.Layer, instructions int) *yaml.Node {
	n := &yaml.Node{Kind: yaml.SequenceNode}
	for _, l := range layers {
		layer := flow(yaml.MappingNode)
		addQuoted(layer, "diff_id", l.DiffID.String()) // a colon in braces: yaml.v3 would quote it its own way
		add(layer, "size", integer(l.Size))
		if l.Compressed > 0 {
			add(layer, "compressed", integer(l.Compressed))
		}
		add(layer, "files", integer(l.Files))
		if l.Unowned >= 0 && l.Hidden >= 0 {
			add(layer, "unowned", integer(l.Unowned))
			add(layer, "hidden", integer(l.Hidden))
		}
		addQuoted(layer, "instruction", cut(l.Instruction, instructions))
		n.Content = append(n.Content, layer)
	}
	return n
}

// packagesNode has the most largest packages, in the order of their keys.
func packagesNode(all []inventory.Package, most int) *yaml.Node {
	largest := slices.SortedStableFunc(slices.Values(inventory.Merged(all)), func(a, b inventory.Package) int { return cmp.Compare(b.Size, a.Size) })
	largest = largest[:min(most, len(largest))]
	slices.SortFunc(largest, func(a, b inventory.Package) int { return strings.Compare(a.Key, b.Key) })
	n := &yaml.Node{Kind: yaml.MappingNode}
	for _, p := range largest {
		pkg := flow(yaml.MappingNode)
		version := text(p.Version)
		version.Style = yaml.DoubleQuotedStyle
		add(pkg, "version", version)
		add(pkg, "size", integer(p.Size))
		key := text(p.Key)
		key.Style = yaml.DoubleQuotedStyle
		n.Content = append(n.Content, key, pkg)
	}
	return n
}

func wasteNode(all []inventory.Waste) *yaml.Node {
	n := &yaml.Node{Kind: yaml.MappingNode}
	for _, w := range slices.SortedFunc(slices.Values(all), func(a, b inventory.Waste) int { return strings.Compare(a.Name, b.Name) }) {
		add(n, w.Name, integer(w.Size))
	}
	return n
}

func integer(n int64) *yaml.Node { return plain(strconv.FormatInt(n, 10)) }
