// Package secrets finds what should be in no image: keys, tokens and passwords in
// files, in the environment and in the history. It says where one is and what kind
// it is of, and never any part of its value. It is given texts and does no I/O.
//
// It looks at few files, by their names, and for few shapes: what it finds is there,
// and what it does not find is not proof of anything.
package secrets

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
)

// Where a secret is.
type Where string

// The places.
const (
	File        Where = "file"
	Environment Where = "environment"
	History     Where = "history"
)

// Found is one secret.
type Found struct {
	Where Where
	Name  string // path of the file, name of the variable, or which entry of the history
	Kind  string // such as "private key"
	Layer int    // from 0; None for the environment, and for history that made no layer
	Gone  bool   // a later layer overwrites or deletes the file, and everyone who pulls the image has it
}

// None stands for no layer.
const None = -1

// MaxFile is how large a file may be that is looked at, in bytes: keys, tokens and
// what holds them are small.
const MaxFile = 64 << 10

// InFile finds secrets in a file for which Kept is true. Each kind counts once.
func InFile(path, content string, layer int) []Found {
	if !Kept(path) {
		return nil
	}
	var all []Found
	for _, kind := range kindsIn(path, content) {
		all = append(all, Found{Where: File, Name: path, Kind: kind, Layer: layer})
	}
	return all
}

// kindsIn are the kinds of secrets in a file, by its name and by what is in it.
func kindsIn(path, content string) (kinds []string) {
	add := func(kind string) {
		if kind != "" && !slices.Contains(kinds, kind) {
			kinds = append(kinds, kind)
		}
	}
	for _, f := range files {
		if f.named(path) {
			add(f.find(content))
		}
	}
	for _, kind := range shapesIn(content) {
		add(kind)
	}
	return kinds
}

// Entry is one entry of an image's history, as the config has it: also the values of
// build arguments, which a reader is not shown.
type Entry struct {
	CreatedBy string
	Layer     int // that it made, from 0; None where it made none
}

// InConfig finds secrets in the environment, NAME=value each, and in the history.
func InConfig(environment []string, history []Entry) []Found {
	var all []Found
	for _, variable := range environment {
		name, value, _ := strings.Cut(variable, "=")
		if kind := valueOf(name, value); kind != "" {
			all = append(all, Found{Where: Environment, Name: name, Kind: kind, Layer: None})
		}
	}
	for n, entry := range history {
		for _, kind := range kindsOf(entry.CreatedBy) {
			all = append(all, Found{Where: History, Name: entryName(n, entry.CreatedBy), Kind: kind, Layer: entry.Layer})
		}
	}
	return all
}

// valueOf is the kind of a variable's value: by its shape, or since its name says so.
func valueOf(name, value string) string {
	if shapes := shapesIn(value); len(shapes) > 0 {
		return shapes[0]
	}
	if sensitive.MatchString(name) && !placeholder(value) {
		return "value of a variable that is named as one"
	}
	return ""
}

// kindsOf are the kinds in an instruction, with its NAME=value words.
func kindsOf(text string) []string {
	kinds := shapesIn(text)
	for _, found := range assignment.FindAllStringSubmatch(text, -1) {
		value := strings.Trim(found[2], `"'`)
		if sensitive.MatchString(found[1]) && !placeholder(value) {
			kinds = append(kinds, "value of "+found[1])
		}
	}
	slices.Sort(kinds)
	return slices.Compact(kinds)
}

// entryName is an entry's number and what kind of instruction it is.
func entryName(n int, text string) string {
	text = strings.TrimPrefix(text, "/bin/sh -c #(nop) ")
	word, _, _ := strings.Cut(strings.TrimSpace(text), " ")
	if !slices.Contains(instructions, word) {
		word = "RUN"
	}
	return word + " instruction, history entry " + strconv.Itoa(n)
}

// Compare orders what was found: by place, then by name.
func Compare(a, b Found) int {
	return cmp.Or(strings.Compare(string(a.Where), string(b.Where)), strings.Compare(a.Name, b.Name), strings.Compare(a.Kind, b.Kind), cmp.Compare(a.Layer, b.Layer))
}
