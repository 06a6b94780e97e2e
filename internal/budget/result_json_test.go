package budget

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestResultJSON(t *testing.T) {
	base, now := measured(), measured()
	now.Metrics["layers"] = Value{Reason: "a cosmic ray"}
	result := Total([]ImageResult{Compare(agent("size", "layers", "cold_start"), &base, now)}, "0.1.0")
	data, err := json.MarshalIndent(result, "", "  ")
	require.NoError(t, err)
	text := string(data)
	for _, want := range []string{
		`"value": 402723682,`, `"samples": [],`, `"phases": {},`, `"causes": [],`, `"warnings": []`, `"interval": null,`,
		`"reason": "a cosmic ray"`, `"value": null,`, `"change": 0,`, `"tolerance": 0.2,`, `"exit_code": 3,`, `0.621,`,
		`"first answer": null`,
	} {
		require.Contains(t, text, want)
	}
	read, err := ReadResult(bytes.NewReader(data))
	require.NoError(t, err)
	again, err := json.MarshalIndent(read, "", "  ")
	require.NoError(t, err)
	require.Equal(t, text, string(again))
}

func TestEmptyResultJSON(t *testing.T) {
	data, err := json.Marshal(Total(nil, ""))
	require.NoError(t, err)
	require.JSONEq(t, `{"version":1,"tool":"","verdict":"unmeasured","exit_code":3,"images":[]}`, string(data))
	data, err = json.Marshal(Row{Value: at(maxExact)})
	require.NoError(t, err)
	require.Contains(t, string(data), `"value":9007199254740991,`)
	require.Contains(t, string(data), `"samples":[]`)
}

func TestReadResultIsStrict(t *testing.T) {
	const row = `{"name":"size","verdict":"pass","value":1}`
	result := func(row string) string {
		return `{"version":1,"verdict":"pass","exit_code":0,"images":[{"name":"x","verdict":"pass","metrics":[` + row + `]}]}`
	}
	_, err := ReadResult(strings.NewReader(result(row)))
	require.NoError(t, err)
	for text, want := range map[string]string{
		"":                  "EOF",
		"null":              "version 0",
		`{"version":2}`:     "version 2, this tool reads 1",
		`{"version":1}`:     `no verdict ""`,
		result(row) + "{}":  "something follows",
		result(`{"a":1}`):   `unknown field "a"`,
		result(`{}`):        `image "x", "": there is no verdict ""`,
		`{"version":1,"ve`:  "unexpected EOF",
		`{"version":"one"}`: "cannot unmarshal",
		result(`{"name":"size","verdict":"green","value":1}`):                            `no verdict "green"`,
		result(`{"name":"size","verdict":"pass","value":null}`):                          "no value",
		result(`{"name":"size","verdict":"unmeasured","value":null}`):                    "no value",
		result(`{"name":"size","verdict":"pass","value":NaN}`):                           "invalid character",
		result(`{"name":"size","verdict":"pass","value":1e309}`):                         "1e309",
		`{"version":1,"tool":"` + strings.Repeat("x", resultCap) + `","verdict":"pass"}`: "larger than 16 MiB",
	} {
		_, err := ReadResult(strings.NewReader(text))
		require.ErrorContains(t, err, want)
		require.ErrorContains(t, err, "reading a result: ")
	}
}
