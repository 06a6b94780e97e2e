package contents

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
)

// notSeen are members of a config that a container does not see when it runs.
// Labels often carry the time or the commit of the build; the others are left
// over from builders: what to do in a later build, the image before the last
// instruction, and the names of the container in which that ran.
var notSeen = map[string]bool{
	"labels": true, "onbuild": true, "image": true, "hostname": true, "domainname": true,
}

// runtimeConfig is the one form of what an image's config says of how it runs:
// the config object with its members in order and those without a value left
// out, and the platform. What is not known here is kept as it is.
func runtimeConfig(text []byte) ([]byte, error) {
	var parsed struct {
		OS, Architecture, Variant string
		Config                    map[string]any
	}
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.UseNumber()
	if err := decoder.Decode(&parsed); err != nil {
		return nil, fmt.Errorf("parsing the config: %w", err)
	}
	config := withValues(parsed.Config)
	for name, value := range config {
		members, isObject := value.(map[string]any)
		switch key := strings.ToLower(name); {
		case notSeen[key]:
			delete(config, name)
		case key == "healthcheck" && isObject:
			config[name] = withValues(members)
		case (key == "exposedports" || key == "volumes") && isObject:
			for member := range members {
				members[member] = nil // a set, written as {"8000/tcp": {}}
			}
		}
	}
	return json.Marshal([]any{parsed.OS, parsed.Architecture, parsed.Variant, withValues(config)})
}

// withValues is the members of an object that say something: for all members
// of a config no value is the same as the empty one.
func withValues(object map[string]any) map[string]any {
	kept := map[string]any{}
	for name, value := range object {
		if !isEmpty(value) {
			kept[name] = value
		}
	}
	return kept
}

func isEmpty(value any) bool {
	switch v := value.(type) {
	case nil:
		return true
	case bool:
		return !v
	case string:
		return v == ""
	case json.Number:
		return v == "0"
	case []any:
		return len(v) == 0
	case map[string]any:
		return len(v) == 0
	}
	return false
}
