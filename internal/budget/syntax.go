package budget

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strconv"
	"strings"
	"unicode/utf8"

	"gopkg.in/yaml.v3"
)

// depthCap is far above what the files need and far below what hurts.
const depthCap = 16

// parse reads one YAML document whose root is a mapping. What this package
// refuses in any YAML is refused here: see checkText and checkNode.
func parse(path string, data []byte) (*yaml.Node, error) {
	if err := checkText(data); err != nil {
		err.Path = path
		return nil, err
	}
	root, err := decodeOne(data)
	if err == nil && root.Kind != yaml.MappingNode {
		err = faultAt(root, "is not a mapping", "write keys and values, such as version: 1")
	}
	if err == nil {
		err = checkNode(root, 1)
	}
	if err != nil {
		err.Path = path
		if len(bytes.TrimSpace(data)) == 0 && strings.HasSuffix(path, BaselineSuffix) {
			err.Accepted = "run " + recordCommand(path)
		}
		return nil, err
	}
	return root, nil
}

// checkText looks at bytes alone, before the parser sees them.
func checkText(data []byte) *FileError {
	if len(data) > sizeCap {
		return &FileError{Problem: fmt.Sprintf("is larger than %d KiB", sizeCap>>10), Accepted: "make the file smaller"}
	}
	data = bytes.TrimPrefix(data, []byte("\ufeff"))
	line := 0
	for text := range bytes.Lines(data) {
		line++
		switch {
		case !utf8.Valid(text):
			return &FileError{Line: line, Problem: "is not UTF-8", Accepted: "save the file as UTF-8"}
		case bytes.ContainsFunc(text, forbiddenRune):
			return &FileError{Line: line, Problem: "holds a control character", Accepted: `write it escaped, inside double quotes, such as "\x1b"`}
		}
	}
	return nil
}

// forbiddenRune is what YAML does not take raw, and tabs' and lines' company.
func forbiddenRune(r rune) bool {
	return (r < ' ' && r != '\t' && r != '\n' && r != '\r') || (r >= 0x7f && r < 0xa0)
}

// decodeOne runs the parser. A panic of it is a fault of the file: yaml.v3 has
// had such inputs (CVE-2022-28948).
func decodeOne(data []byte) (root *yaml.Node, fault *FileError) {
	defer func() {
		if r := recover(); r != nil {
			root, fault = nil, &FileError{Problem: "is not YAML: the parser gave up on it"}
		}
	}()
	var document, second yaml.Node
	decoder := yaml.NewDecoder(bytes.NewReader(data))
	if err := decoder.Decode(&document); errors.Is(err, io.EOF) {
		return nil, &FileError{Problem: "is empty", Accepted: "write at least version, image and where the image comes from"}
	} else if err != nil {
		return nil, syntaxFault(data, err)
	}
	if err := decoder.Decode(&second); err == nil {
		return nil, faultAt(&second, "a second document begins", "keep one document in the file, and delete the line ---")
	} else if !errors.Is(err, io.EOF) {
		return nil, syntaxFault(data, err)
	}
	return document.Content[0], nil
}

var (
	yamlError    = regexp.MustCompile(`^yaml: (?:line ([0-9]+): )?(.*)$`)
	unknownAlias = regexp.MustCompile(`^unknown anchor '(.*)' referenced$`)
	// grammarError is what yaml.v3's parser says, as opposed to its scanner: it
	// then counts lines from 0.
	grammarError = regexp.MustCompile(`^did not find expected (<|node content|key|'-' indicator|',' or)|^found (duplicate|incompatible|undefined)`)
)

// syntaxFault places an error of yaml.v3, which has no type for it.
func syntaxFault(data []byte, err error) *FileError {
	found := yamlError.FindStringSubmatch(err.Error())
	if found == nil {
		return &FileError{Problem: "is not YAML", Err: err}
	}
	line, _ := strconv.Atoi(found[1])
	if line == 0 || grammarError.MatchString(found[2]) {
		line++
	}
	if alias := unknownAlias.FindStringSubmatch(found[2]); alias != nil {
		before, _, _ := bytes.Cut(data, []byte("*"+alias[1]))
		return &FileError{Line: 1 + bytes.Count(before, []byte("\n")), Problem: "an alias is not allowed", Accepted: "write the value itself"}
	}
	return &FileError{Line: line, Problem: "is not YAML: " + found[2], Err: err}
}

// checkNode refuses, at any depth, what would make a file mean something other
// than it says: anchors and aliases, merge keys, tags, values left out, and
// keys given twice.
func checkNode(n *yaml.Node, depth int) *FileError {
	switch {
	case n.Kind == yaml.AliasNode:
		return faultAt(n, "an alias is not allowed", "write the value itself")
	case n.Anchor != "":
		return faultAt(n, "an anchor is not allowed", "write the value itself wherever it is wanted")
	case n.Style&yaml.TaggedStyle != 0:
		return faultAt(n, fmt.Sprintf("the tag %s is not allowed", quoted(n.Tag)), "write the value without a tag")
	case n.Kind == yaml.ScalarNode && n.ShortTag() == "!!null":
		return faultAt(n, "a value is missing", "write a value after the colon, or leave the key out")
	case depth > depthCap:
		return faultAt(n, fmt.Sprintf("is nested more than %d deep", depthCap), "")
	case n.Kind == yaml.MappingNode:
		if fault := checkKeys(n); fault != nil {
			return fault
		}
	}
	for _, child := range n.Content {
		if fault := checkNode(child, depth+1); fault != nil {
			return fault
		}
	}
	return nil
}

func checkKeys(n *yaml.Node) *FileError {
	seen := map[string]int{}
	for i := 0; i < len(n.Content); i += 2 {
		key := n.Content[i]
		if key.Kind == yaml.AliasNode || key.Anchor != "" || key.Style&yaml.TaggedStyle != 0 {
			continue // checkNode names it
		}
		switch {
		case key.ShortTag() == "!!merge":
			return faultAt(key, "a merge key is not allowed", "write the keys themselves")
		case key.Kind != yaml.ScalarNode || key.ShortTag() != "!!str":
			return faultAt(key, "a key is not text", "write a name, in quotes where YAML takes it for something else")
		case seen[key.Value] > 0:
			return faultAt(key, fmt.Sprintf("key %s is given twice, first in line %d", quoted(key.Value), seen[key.Value]), "give it once")
		}
		seen[key.Value] = key.Line
	}
	return nil
}

func faultAt(n *yaml.Node, problem, accepted string) *FileError {
	return &FileError{Line: n.Line, Column: n.Column, Problem: problem, Accepted: accepted}
}
