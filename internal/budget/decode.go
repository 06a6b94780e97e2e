package budget

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"gopkg.in/yaml.v3"
)

// document is a parsed file on its way to a value. Getters never fail: a fault
// is kept, the getter returns its default, and finish returns the first.
type document struct {
	path     string
	mappings []*mapping
	faults   []*FileError
}

// mapping is one YAML mapping, or the absence of one: then every key is absent.
type mapping struct {
	doc    *document
	node   *yaml.Node // nil when absent
	name   string     // of the key it stands under, for errors
	values map[string]*yaml.Node
	known  []string // the keys that the decoder asked for
	open   bool     // any key is known
}

// field is the value under a key, or its absence.
type field struct {
	in   *mapping
	name string     // for errors: the keys that lead to it, such as "health.port"
	node *yaml.Node // nil when absent
}

func newDocument(path string, data []byte) (*document, *mapping, error) {
	root, err := parse(path, data)
	if err != nil {
		return nil, nil, err
	}
	d := &document{path: path}
	return d, d.mapping(root, ""), nil
}

func (d *document) mapping(n *yaml.Node, name string) *mapping {
	m := &mapping{doc: d, node: n, name: name, values: map[string]*yaml.Node{}}
	for i := 0; n != nil && i < len(n.Content); i += 2 {
		m.values[n.Content[i].Value] = n.Content[i+1]
	}
	d.mappings = append(d.mappings, m)
	return m
}

func (d *document) fault(n *yaml.Node, problem, accepted string) {
	f := faultAt(n, problem, accepted)
	f.Path = d.path
	d.faults = append(d.faults, f)
}

// finish finds the keys that nobody asked for, and returns the first fault in
// the order of the file. A key that is not known comes before all else: where
// it is misspelled, it is why another one is missing.
func (d *document) finish() error {
	faults := d.faults
	for _, m := range d.mappings {
		m.checkKeys()
	}
	if unknown := d.faults[len(faults):]; len(unknown) > 0 {
		faults = unknown
	}
	if len(faults) == 0 {
		return nil
	}
	return slices.MinFunc(faults, func(a, b *FileError) int {
		if a.Line != b.Line {
			return a.Line - b.Line
		}
		return a.Column - b.Column
	})
}

// checkKeys makes a fault of the first key that is not known.
func (m *mapping) checkKeys() {
	if m.open {
		return
	}
	left := maps.Clone(m.values)
	for _, key := range m.known {
		delete(left, key)
	}
	if len(left) == 0 {
		return
	}
	for i := 0; i < len(m.node.Content); i += 2 {
		key := m.node.Content[i]
		if _, unknown := left[key.Value]; !unknown {
			continue
		}
		problem := "there is no key " + quoted(key.Value)
		if m.name != "" {
			problem += " in " + m.name
		}
		m.doc.fault(key, problem, suggestion(key.Value, m.known))
		return
	}
}

// get is the value under key, and makes key a known one.
func (m *mapping) get(key string) field {
	if !slices.Contains(m.known, key) {
		m.known = append(m.known, key)
	}
	return field{in: m, name: m.path(key), node: m.values[key]}
}

// all is every field in the order of the file, and makes every key a known one.
func (m *mapping) all() []field {
	m.open = true
	fields := make([]field, 0, len(m.values))
	for i := 0; m.node != nil && i < len(m.node.Content); i += 2 {
		key := m.node.Content[i].Value
		fields = append(fields, field{in: m, name: m.path(key), node: m.values[key]})
	}
	return fields
}

// at is the field that a decoder got by keys, such as "health.port".
func (d *document) at(keys string) field {
	for _, m := range d.mappings {
		for _, key := range m.known {
			if m.path(key) == keys && m.values[key] != nil {
				return m.get(key)
			}
		}
	}
	panic("no decoder asked for " + keys + ", or its default is not valid")
}

// path names key as seen from the root of the file.
func (m *mapping) path(key string) string {
	if m.name == "" {
		return key
	}
	return m.name + "." + key
}

// must is get for a key that has to be there.
func (m *mapping) must(key, accepted string) field {
	f := m.get(key)
	if !f.given() && m.node != nil {
		m.doc.fault(m.node, f.name+" is missing", accepted)
	}
	return f
}

// given reports whether the key is there.
func (f field) given() bool { return f.node != nil }

func (f field) fault(problem, accepted string) {
	f.in.doc.fault(f.node, f.name+" "+problem, accepted)
}

// mapping is the field's keys and values; absent for an absent field and for
// one of another kind.
func (f field) mapping() *mapping {
	if f.given() && f.node.Kind != yaml.MappingNode {
		f.fault("is not a mapping", "write keys and values below it, or in braces")
		f.node = nil
	}
	return f.in.doc.mapping(f.node, f.name)
}

// list is the field's elements.
func (f field) list() []field {
	if !f.given() {
		return nil
	}
	if f.node.Kind != yaml.SequenceNode {
		f.fault("is not a list", "write a list, such as [make, dist]")
		return nil
	}
	elements := make([]field, len(f.node.Content))
	for i, n := range f.node.Content {
		elements[i] = field{in: f.in, name: fmt.Sprintf("%s[%d]", f.name, i), node: n}
	}
	return elements
}

// suggestion lists the known keys, and first the one that is near enough to
// be meant.
func suggestion(wrong string, known []string) string {
	list := "the keys here are " + strings.Join(known, ", ")
	if near, ok := nearest(wrong, known); ok {
		return fmt.Sprintf("did you mean %s? %s", near, list)
	}
	return list
}
