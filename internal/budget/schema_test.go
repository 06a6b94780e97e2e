package budget

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"github.com/stretchr/testify/require"
	"gopkg.in/yaml.v3"

	"github.com/image-budget/image-budget/budgets"
	"github.com/image-budget/image-budget/internal/metric"
	"github.com/image-budget/image-budget/internal/scan"
)

func compileSchema(t testing.TB) *jsonschema.Schema {
	t.Helper()
	raw, err := jsonschema.UnmarshalJSON(bytes.NewReader(budgets.Schema))
	require.NoError(t, err)
	c := jsonschema.NewCompiler()
	c.DefaultDraft(jsonschema.Draft4) // the file has to say that it is draft-07
	c.AssertFormat()
	require.NoError(t, c.AddResource("budget.schema.json", raw))
	schema, err := c.Compile("budget.schema.json")
	require.NoError(t, err)
	require.Equal(t, 7, schema.DraftVersion)
	return schema
}

// instance is a document as an editor's YAML 1.2 parser sees it.
func instance(t testing.TB, text string) any {
	t.Helper()
	var v any
	require.NoError(t, yaml.Unmarshal([]byte(text), &v))
	return withoutTimes(v)
}

// withoutTimes undoes YAML 1.1's timestamps, which YAML 1.2 has not.
func withoutTimes(v any) any {
	switch v := v.(type) {
	case time.Time:
		return v.Format(time.DateOnly)
	case map[string]any:
		for key := range v {
			v[key] = withoutTimes(v[key])
		}
	case []any:
		for i := range v {
			v[i] = withoutTimes(v[i])
		}
	}
	return v
}

func TestSchemaTakesWhatLoadTakes(t *testing.T) {
	schema := compileSchema(t)
	for _, c := range accepted {
		t.Run(c.name, func(t *testing.T) {
			require.NoError(t, schema.Validate(instance(t, c.yaml)))
		})
	}
}

func TestSchemaRefusesWhatIsWrongByStructure(t *testing.T) {
	schema := compileSchema(t)
	for _, c := range rejected {
		if c.structural {
			t.Run(c.name, func(t *testing.T) {
				require.Error(t, schema.Validate(instance(t, c.yaml)))
			})
		}
	}
}

// TestBudgetsOfTheRepository holds every budget file, and the schema that its
// first line names, to both.
func TestBudgetsOfTheRepository(t *testing.T) {
	schema := compileSchema(t)
	dir := filepath.Join("..", "..", "budgets")
	all, err := Find(dir, nil)
	require.NoError(t, err)
	for _, b := range all {
		data, err := os.ReadFile(b.Path)
		require.NoError(t, err)
		require.NoError(t, schema.Validate(instance(t, string(data))), b.Path)
		_, err = BaselineFor(b)
		require.NoError(t, err)
	}
}

// object is the part of a schema that lists keys.
type object struct {
	Ref                  string            `json:"$ref"`
	Description          string            `json:"description"`
	Properties           map[string]object `json:"properties"`
	AdditionalProperties any               `json:"additionalProperties"`
	Items                *object           `json:"items"`
	Enum                 []string          `json:"enum"`
	Pattern              string            `json:"pattern"`
	Default              any               `json:"default"`
	Definitions          map[string]object `json:"definitions"`
}

func readSchema(t *testing.T) object {
	var root object
	require.NoError(t, json.Unmarshal(budgets.Schema, &root))
	return root
}

func (o object) resolve(root object) object {
	if name, ok := strings.CutPrefix(o.Ref, "#/definitions/"); ok {
		return root.Definitions[name]
	}
	return o
}

// TestSchemaHasTheKeysOfTheDecoder compares the keys that the decoder asks for
// with those of the schema, mapping by mapping.
func TestSchemaHasTheKeysOfTheDecoder(t *testing.T) {
	root := readSchema(t)
	doc, fields, err := newDocument("x.yaml", []byte(full))
	require.NoError(t, err)
	fields.get("version")
	fields.get("image")
	source(fields, "/")
	fields.get("platform")
	health(fields.get("health").mapping(), Health{})
	run(fields.get("run").mapping(), Run{})
	link(fields.get("link").mapping(), Link{})
	fields.get("tolerance")
	fields.get("on_inconclusive")
	fields.get("lint")
	scanned(fields.get("scan"), "/", today)
	gated := gates(fields.get("metrics"), 0)
	rebuild(fields, Budget{Metrics: gated})
	exceptions(fields.get("exceptions"), gated, today)

	for _, m := range doc.mappings {
		if m.open || m.node == nil {
			continue
		}
		at := root
		for _, key := range strings.FieldsFunc(m.name, func(r rune) bool { return r == '.' || r == '[' }) {
			if strings.HasSuffix(key, "]") {
				at = at.Items.resolve(root)
				continue
			}
			at = at.Properties[key].resolve(root)
		}
		var keys []string
		for key, property := range at.Properties {
			keys = append(keys, key)
			require.NotEmpty(t, property.Description, "%s.%s has no description", m.name, key)
		}
		require.ElementsMatch(t, m.known, keys, "the keys of %q", m.name)
		require.Equal(t, false, at.AdditionalProperties, "%q takes keys that Load refuses", m.name)
	}
}

func TestSchemaHasTheMetrics(t *testing.T) {
	root := readSchema(t)
	form := map[metric.Unit]string{metric.Bytes: "bytesGate", metric.Count: "countGate", metric.Seconds: "secondsGate"}
	var names []string
	for _, m := range metric.All {
		names = append(names, m.Name)
		require.Equal(t, "#/definitions/"+form[m.Unit], root.Properties["metrics"].Properties[m.Name].Ref, m.Name)
	}
	require.Len(t, root.Properties["metrics"].Properties, len(metric.All))
	require.Equal(t, names, root.Properties["exceptions"].Items.Properties["metric"].Enum)
}

func TestSchemaHasTheFormsAndDefaultsOfTheDecoder(t *testing.T) {
	root := readSchema(t)
	require.Equal(t, bytesPattern, root.Definitions["bytes"].Pattern)
	require.Equal(t, percentPattern, root.Definitions["percent"].Pattern)
	require.Equal(t, durationPattern, root.Definitions["duration"].Pattern)
	link := root.Properties["link"].Properties
	require.Equal(t, bandwidthPattern, link["bandwidth"].Pattern)

	d := Defaults()
	health, run := root.Properties["health"].Properties, root.Properties["run"].Properties
	require.Equal(t, d.Health.Path, health["path"].Default)
	require.Equal(t, d.Health.Scheme, health["scheme"].Default)
	timeout, err := ParseDuration(health["timeout"].Default.(string))
	require.NoError(t, err)
	require.Equal(t, d.Health.Timeout, timeout)
	timeout, err = ParseDuration(root.Properties["build"].Properties["timeout"].Default.(string))
	require.NoError(t, err)
	require.Equal(t, buildTimeout, timeout)
	require.Equal(t, d.Run.Memory.String(), run["memory"].Default)
	require.Equal(t, d.Run.CPUs, run["cpus"].Default)
	require.Equal(t, string(d.Run.Sandbox), run["sandbox"].Default)
	require.Equal(t, d.Link.Bandwidth.String(), link["bandwidth"].Default)
	require.Equal(t, d.Link.Latency.String(), link["latency"].Default)
	require.Equal(t, d.Tolerance.String(), root.Properties["tolerance"].Default)
	require.Equal(t, string(d.OnInconclusive), root.Properties["on_inconclusive"].Default)
	require.Equal(t, string(d.Lint), root.Properties["lint"].Default)
	require.Equal(t, lints, root.Properties["lint"].Enum)
	found := root.Properties["scan"].Properties
	require.Equal(t, scan.Names(), found["fail_on"].Enum)
	require.Equal(t, scan.High.String(), found["fail_on"].Default)
	require.Equal(t, Scanners, found["run"].Enum)
}
