package budget

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"strings"

	"gopkg.in/yaml.v3"

	"github.com/image-budget/image-budget/internal/metric"
)

// place puts v into the baseline data: over the value that the metric has, or
// where a whole record would have its line. What cannot be done without a loss
// is refused with a *FileError.
func place(path string, data []byte, def metric.Metric, v Value) ([]byte, error) {
	key := "metrics." + def.Name
	root, err := parse(path, data)
	if err != nil {
		return nil, notInPlace(path, 0, key, err)
	}
	written, err := encodeNode(metricsNode(map[string]Value{def.Name: v}))
	if err != nil {
		return nil, fmt.Errorf("encoding %s: %w", def.Name, err)
	}
	line := strings.TrimSuffix(string(written), "\n")
	section := entryOf(root, "metrics")
	text := newLayout(data)
	var change edit
	if old := entryOf(section.value, def.Name); old.key != nil {
		change, err = text.over(old, strings.TrimPrefix(line, def.Name+": "))
	} else {
		change, err = text.among(section, def, line)
	}
	if err != nil {
		return nil, notInPlace(path, section.key.Line, key, err) // no edit is above that line
	}
	return slices.Concat(data[:change.from], []byte(change.text), data[change.to:]), nil
}

// entry is a key of a mapping and its value; nil when absent.
type entry struct{ key, value *yaml.Node }

func entryOf(m *yaml.Node, key string) entry {
	for i := 0; i < len(m.Content); i += 2 {
		if m.Content[i].Value == key {
			return entry{m.Content[i], m.Content[i+1]}
		}
	}
	return entry{}
}

// edit puts text in the place of the bytes from, up to and without to.
type edit struct {
	from, to int
	text     string
}

// over replaces the value of old. What stands on the line around it stays; a
// value over several lines becomes one of one line.
func (l layout) over(old entry, value string) (edit, error) {
	colon, err := l.afterColon(old.key)
	if err != nil {
		return edit{}, err
	}
	end, err := l.end(old.value)
	if err != nil {
		return edit{}, err
	}
	from := l.start(old.value)
	if from < colon || from > end {
		return edit{}, errNotFound
	}
	if old.value.Line != old.key.Line {
		from, value = colon, " "+value
	}
	if bytes.ContainsRune(l.data[from:end], '#') {
		return edit{}, errors.New("there is a comment inside it, which would be lost")
	}
	return edit{from, end, value}, nil
}

// among inserts a metric's line behind the metric that comes before it in
// metric.All, else before all others.
func (l layout) among(section entry, def metric.Metric, line string) (edit, error) {
	before := entry{}
	for _, m := range metric.All {
		if m.Name == def.Name {
			break
		}
		if e := entryOf(section.value, m.Name); e.key != nil {
			before = e
		}
	}
	if section.value.Style&yaml.FlowStyle != 0 {
		return l.amongInline(section.value, before, line)
	}
	indent, err := l.indent(section.value.Content[0])
	if err != nil {
		return edit{}, err
	}
	var at int
	if before.key != nil {
		at, err = l.end(before.value)
	} else {
		at, err = l.afterColon(section.key)
	}
	if err != nil {
		return edit{}, err
	}
	at = l.lineEnd(at)
	return edit{at, at, l.lineBreak(at) + indent + line}, nil
}

// amongInline is among for a section in braces.
func (l layout) amongInline(metrics *yaml.Node, before entry, text string) (edit, error) {
	if before.key != nil {
		at, err := l.end(before.value)
		return edit{at, at, ", " + text}, err
	}
	at := l.start(metrics)
	if !bytes.HasPrefix(l.data[at:], []byte("{")) {
		return edit{}, errNotFound
	}
	at++
	if len(metrics.Content) > 0 {
		text += ", "
	}
	return edit{at, at, text}, nil
}
