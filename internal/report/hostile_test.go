package report

import (
	"bytes"
	"encoding/json"
	"io"
	"reflect"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/image-budget/image-budget/internal/budget"
	"github.com/image-budget/image-budget/internal/growth"
	"github.com/image-budget/image-budget/internal/inventory"
	"github.com/image-budget/image-budget/internal/waste"
)

// payloads are texts that want to be more than texts, wherever they stand: image
// names, labels, paths, packages, versions, instructions.
var payloads = map[string]string{ // B12, C1, C2, C3
	"ESC":           "\x1b[31mred\x1b[2J",
	"OSC and BEL":   "\x1b]0;evil title\a\x1b]8;;http://evil.example\x1b\\link",
	"C1":            "\u009b31m\u009d0;x\u009c\u0085::error::evil",
	"backspace":     "good\b\b\b\bevil\x7f\x00",
	"carriage":      "good\r::error::evil\r\n::stop-commands::evil",
	"bidi":          "\u202egpj.exe\u2066evil\u2069\u200f\u061c",
	"zero width":    "ev\u200bil\ufeff\U000e0041",
	"line breaks":   "a\n::error::evil\v\f\u2028::error::evil\u2029::error::evil",
	"commands":      "::error::evil ##[add-mask]evil ##vso[task.setvariable variable=x]evil",
	"not UTF-8":     "\xff\xfe\xc3(evil\xed\xa0\x80",
	"long":          strings.Repeat("evil-", 1000),
	"long and wide": strings.Repeat("邪", 1667),
	"HTML":          `<img src=x onerror=evil()> <script>evil()</script> </details></script><svg/onload=evil()> "' onclick="evil()`,
	"comment":       "<!-- image-budget --> --> ]]>",
	"Markdown":      "![evil](http://evil.example/i.png) [evil](javascript:evil) @evil #1 **evil** | a | b | https://evil.example",
	"fences":        "```\nevil\n```\n~~~\n# evil\n\n<b>evil</b>\n````````",
	"backticks":     "`evil` ``evil`` `" + strings.Repeat("`", 9),
	"a table":       "a | b\n|---|---|\n| evil | evil |",
	"URL":           "javascript:evil()",
	"formats":       "%s%d%n${evil}{{evil}}$(evil)`evil`",
}

// fill puts text into every string, whatever holds it, so that a field that is added
// is tested too. Types of ours (verdicts, digests) and categories of waste are not
// from outside.
func fill(v reflect.Value, text string) {
	switch {
	case v.Type() == reflect.TypeFor[*waste.Category]():
	case v.Kind() == reflect.Pointer && !v.IsNil():
		fill(v.Elem(), text)
	case v.Kind() == reflect.Struct:
		for i := range v.NumField() {
			if v.Type().Field(i).IsExported() {
				fill(v.Field(i), text)
			}
		}
	case v.Kind() == reflect.Slice:
		for i := range v.Len() {
			fill(v.Index(i), text)
		}
	case v.Type() == reflect.TypeFor[map[string]*float64]() && v.Len() > 0:
		v.Set(reflect.ValueOf(map[string]*float64{text: new(float64)}))
	case v.Type() == reflect.TypeFor[string]() && v.CanSet():
		v.SetString(text)
	}
}

// hostileInventory has something of everything, and text in all of it.
func hostileInventory(text string) *inventory.Inventory {
	part := &inventory.Part{Size: 900, Parts: []*inventory.Part{{Size: 800, Parts: []*inventory.Part{{Size: 700}, {Size: 100}}}, {Size: 100}}}
	i := &inventory.Inventory{
		Size: 900, Layers: []inventory.Layer{{Size: 800, Unowned: 300, Files: 3, Largest: []inventory.File{{Size: 200}}}, {Size: 100, Hidden: 100}},
		Packages: []inventory.Package{{Size: 500, Files: 2}, {Size: 1, Files: 1}},
		Waste:    []inventory.Waste{{Category: waste.Caches, Size: 200, Files: 2, Largest: []inventory.File{{Size: 150}}}},
		Files:    []inventory.File{{Size: 400}, {Size: 200, Layer: 1}}, Problems: []string{"", ""}, Parts: part,
	}
	fill(reflect.ValueOf(i), text)
	return i
}

func hostileResult(text string) budget.Result {
	rows := []budget.Row{
		broke(size(900, 10)), unmeasured("cold_start", ""), pull(7.3, 7.3), fresh(layers(5, 0)),
	}
	now := hostileInventory(text)
	img := image("", budget.Regression, rows...)
	img.Causes, img.Warnings = []string{"", ""}, []string{"", ""}
	img.Lint, img.LintVerdict = hostileLint(text).Findings, budget.Regression
	img.Growth, img.Contents = growth.Between(&inventory.Inventory{Layers: []inventory.Layer{{Size: 5}}}, now), now.Parts
	r := run(1, img)
	fill(reflect.ValueOf(&r), text)
	return r
}

// Every format of every kind of report shows every payload in every place as text.
func TestPayloads(t *testing.T) {
	writers := map[string]func(io.Writer, string, Options) error{}
	for _, f := range Formats {
		writers["result/"+f.Name] = func(w io.Writer, text string, o Options) error { return f.Write(w, hostileResult(text), o) }
	}
	for _, name := range InventoryFormatNames() {
		write, ok := InventoryFormat(name)
		require.True(t, ok)
		writers["inventory/"+name] = func(w io.Writer, text string, o Options) error { return write(w, hostileInventory(text), 5, o) }
	}
	for where, write := range writers {
		for name, text := range payloads {
			for shot, o := range map[string]Options{"plain": {}, "narrow": {Width: 30, Verbose: true}, "colour": {Width: 100, Color: true}} {
				t.Run(where+"/"+name+"/"+shot, func(t *testing.T) {
					var b bytes.Buffer
					require.NoError(t, write(&b, text, o))
					require.Less(t, b.Len(), 2<<20)
					_, format, _ := strings.Cut(where, "/")
					requireText(t, format, b.String(), o)
				})
			}
		}
	}
}

// ours are the colours of the text format.
var ours = regexp.MustCompile(`\x1b\[[0-9;]*m`)

// alive is what no report of markup may hold outside of a string that is escaped.
var alive = []string{"<img src=x", "<script>evil", "<svg/onload", "<b>evil", "<!-- image-budget -->", "</details></script>", `href="javascript:`, `" onclick="evil`}

func requireText(t *testing.T, format, text string, o Options) {
	t.Helper()
	if o.Color && format == "text" {
		require.NotContains(t, text, "\x1b[31mred")
		text = ours.ReplaceAllString(text, "")
	}
	requireInert(t, text)
	switch format {
	case "json":
		require.True(t, json.Valid([]byte(text)))
	case "text":
	case "markdown":
		require.NotContains(t, text, "<!-- image-budget -->", "bots look for it in code too")
		requireNoMarkdown(t, text)
	default: // of markup
		for _, s := range alive {
			require.NotContains(t, strings.ToLower(text), s)
		}
	}
}

// requireNoMarkdown fails when anything of a payload stands outside of code.
func requireNoMarkdown(t *testing.T, text string) {
	t.Helper()
	for _, line := range outsideFences(text) {
		rest := withoutSpans(inCode.ReplaceAllString(line, ""))
		for _, s := range append([]string{"evil", "![", "](", "@", "邪", "javascript"}, alive...) {
			require.NotContains(t, rest, s, "from %q", line)
		}
	}
}

// inCode is HTML's own code element, in which text is escaped.
var inCode = regexp.MustCompile(`<code>[^<]*</code>`)

// withoutSpans is a line without its code spans: a run of backticks up to the next
// run of the same length, as CommonMark has it.
func withoutSpans(line string) string {
	var out strings.Builder
	for {
		start := strings.IndexByte(line, '`')
		if start < 0 {
			return out.String() + line
		}
		out.WriteString(line[:start])
		line = line[start:]
		fence := line[:len(line)-len(strings.TrimLeft(line, "`"))]
		end := closing(line[len(fence):], len(fence))
		if end < 0 {
			return out.String() + line
		}
		line = line[len(fence)+end:]
	}
}

// closing is where a code span ends after its first fence; -1 where it does not.
func closing(line string, fence int) int {
	for at := 0; at < len(line); {
		if line[at] != '`' {
			at++
			continue
		}
		run := len(line[at:]) - len(strings.TrimLeft(line[at:], "`"))
		at += run
		if run == fence {
			return at
		}
	}
	return -1
}

// B12: an inventory shows 200 characters of a name, and no more.
func TestLongNamesAreCut(t *testing.T) {
	for _, char := range []string{"x", "邪", "\xff", "\u202e"} {
		var b bytes.Buffer
		found := hostileInventory(strings.Repeat(char, 5000))
		found.Problems = nil // sentences, which are cut where they are made
		require.NoError(t, inventoryText(&b, found, 5, Options{Width: 10_000}))
		shown := visible(char, false)
		require.Contains(t, b.String(), strings.Repeat(shown, 20), "%q", char)
		require.NotContains(t, b.String(), strings.Repeat(shown, 201), "%q", char)
	}
}
