package engine

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/require"
)

// What the engine is asked for, as the API writes it; that it does so is the
// engine tests' to show.
func TestSandboxAsked(t *testing.T) {
	spec := Container{
		Name: "c", Image: "app:dev", Port: 8000, Memory: 1 << 30, CPUs: 1.5,
		Env: map[string]string{"B": "2", "A": "1=1"}, Labels: map[string]string{"k": "v"}, Command: []string{"serve"},
	}
	const limits = `"Memory": 1073741824, "MemorySwap": 1073741824, "NanoCpus": 1500000000, "PidsLimit": 256,
		"SecurityOpt": ["no-new-privileges"], "LogConfig": {"Type": "json-file", "Config": {"max-size": "1048576", "max-file": "2"}}`
	t.Run("standard", func(t *testing.T) {
		require.JSONEq(t, `{`+limits+`, "PortBindings": {"8000/tcp": [{"HostIp": "127.0.0.1", "HostPort": ""}]}}`, asked(t, sandbox(spec)))
	})
	t.Run("strict", func(t *testing.T) {
		host := sandbox(spec)
		confine(host, spec.Name)
		require.JSONEq(t, `{`+limits+`, "CapDrop": ["ALL"], "ReadonlyRootfs": true, "Tmpfs": {"/tmp": ""},
			"NetworkMode": "c", "Dns": ["127.0.0.1"], "DnsOptions": ["timeout:1", "attempts:1"]}`, asked(t, host))
	})
	t.Run("process", func(t *testing.T) {
		require.JSONEq(t, `{"Image": "app:dev", "Cmd": ["serve"], "Env": ["A=1=1", "B=2"], "Labels": {"k": "v"},
			"ExposedPorts": {"8000/tcp": {}}, "Healthcheck": {"Test": ["NONE"]}}`, asked(t, process(spec)))
	})
}

// asked is the request without what it leaves at zero.
func asked(t *testing.T, request any) string {
	t.Helper()
	content, err := json.Marshal(request)
	require.NoError(t, err)
	var fields map[string]any
	require.NoError(t, json.Unmarshal(content, &fields))
	for name, value := range fields {
		switch v := value.(type) {
		case nil:
			delete(fields, name)
		case string:
			if v == "" {
				delete(fields, name)
			}
		case bool:
			if !v {
				delete(fields, name)
			}
		case float64:
			if v == 0 {
				delete(fields, name)
			}
		case []any:
			if len(v) == 0 || v[0] == 0.0 {
				delete(fields, name)
			}
		case map[string]any:
			if v["Name"] == "" {
				delete(fields, name)
			}
		}
	}
	content, err = json.Marshal(fields)
	require.NoError(t, err)
	return string(content)
}
