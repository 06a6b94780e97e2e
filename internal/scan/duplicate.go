package scan

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
)

// onceEach is an error where an object has a key twice: of two lists of results a
// reader takes the last, and the other may be the one with findings. encoding/json
// takes keys that differ in case for the same, so at the top these are refused, too;
// below it the labels of an image may differ so. The data is known to be JSON.
func onceEach(data []byte) error {
	type level struct {
		keys  map[string]bool // nil in a list
		value bool            // in an object: what comes next is the value of a key
	}
	var levels []level
	tokens := json.NewDecoder(bytes.NewReader(data))
	tokens.UseNumber()
	for {
		token, err := tokens.Token()
		if err != nil {
			return nil // the end
		}
		if delim, ok := token.(json.Delim); ok && (delim == '}' || delim == ']') {
			levels = levels[:len(levels)-1]
			continue
		}
		if n := len(levels) - 1; n >= 0 && levels[n].keys != nil {
			if at := &levels[n]; at.value {
				at.value = false
			} else {
				key, _ := token.(string)
				same := key
				if n == 0 {
					same = strings.ToLower(key)
				}
				if at.keys[same] {
					return fmt.Errorf("it has the key %.40q twice in one object", key)
				}
				at.keys[same], at.value = true, true
				continue
			}
		}
		switch token {
		case json.Delim('{'):
			levels = append(levels, level{keys: map[string]bool{}})
		case json.Delim('['):
			levels = append(levels, level{})
		}
	}
}
