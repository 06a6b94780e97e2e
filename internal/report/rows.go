package report

import (
	"fmt"
	"slices"
	"sort"
	"strings"

	"github.com/image-budget/image-budget/internal/budget"
	"github.com/image-budget/image-budget/internal/metric"
)

// timing is what a timed row's number is made of: "recorded, median of 5:
// download 5.10 s, extract 2.18 s". It is empty for an exact row.
func timing(row budget.Row, compared bool) string {
	if len(row.Samples) == 0 && len(row.Phases) == 0 {
		return ""
	}
	var how []string
	if compared && row.Compared != "" {
		how = append(how, cleanName(string(row.Compared)))
	}
	switch n := len(row.Samples); n {
	case 0:
	case 1:
		how = append(how, "one trial")
	default:
		how = append(how, fmt.Sprintf("median of %d", n))
	}
	if row.Pairs > 0 {
		how = append(how, count(row.Pairs, "pair"))
	}
	if row.Interval != nil {
		how = append(how, fmt.Sprintf("ratio between %.3f and %.3f", row.Interval[0], row.Interval[1]))
	}
	text := strings.Join(how, ", ")
	if phases := phases(row); phases != "" {
		text = strings.TrimPrefix(text+": "+phases, ": ")
	}
	return text
}

// phases lists the parts of a timed metric in the metric's order.
func phases(row budget.Row) string {
	var parts []string
	for _, name := range phaseNames(row) {
		v := row.Phases[name]
		s := scale{}
		if v != nil {
			s = scaleFor(row.Unit, *v)
		}
		parts = append(parts, cleanName(name)+" "+s.format(v))
	}
	return strings.Join(parts, ", ")
}

func phaseNames(row budget.Row) []string {
	var order []string
	if m, ok := metric.Named(row.Name); ok {
		order = m.Phases
	}
	var known, others []string
	for _, name := range order {
		if _, ok := row.Phases[name]; ok {
			known = append(known, name)
		}
	}
	for name := range row.Phases {
		if !slices.Contains(order, name) {
			others = append(others, name)
		}
	}
	sort.Strings(others)
	return append(known, others...)
}

// samples lists every sample of a timed row, in the order they were taken.
func samples(row budget.Row) string {
	texts := make([]string, len(row.Samples))
	for i, v := range row.Samples {
		texts[i] = scaleFor(row.Unit, v).format(&v)
	}
	return strings.Join(texts, ", ")
}

// exactly spells out the bytes that the table rounds.
func exactly(row budget.Row) string {
	if row.Unit != string(metric.Bytes) || row.Value == nil {
		return ""
	}
	text := fmt.Sprintf("%.0f bytes", *row.Value)
	if row.Baseline != nil {
		text += fmt.Sprintf(", baseline %.0f", *row.Baseline)
	}
	return text
}

// reason is one reason and the rows that have it.
type reason struct {
	names []string
	text  string
	row   budget.Row // the first of them
}

// said reports whether the headline has all of it. That of a regression, an
// exceeded ceiling or a new metric says as much with the row's numbers, and
// what an exception let pass is a warning.
func (r reason) said() bool {
	return undecidedVerb(r.row) == "" || cleanName(firstLine(r.text)) == strings.TrimSpace(r.text)
}

// far reports whether a reader needs it again where the headline is out of
// sight.
func (r reason) far() bool { return undecidedVerb(r.row) != "" }

// grouped collects the reasons of rows, each once.
func grouped(rows []budget.Row) []reason {
	var out []reason
	for _, row := range rows {
		if row.Reason == "" {
			continue
		}
		i := slices.IndexFunc(out, func(r reason) bool { return r.text == row.Reason })
		if i < 0 {
			i = len(out)
			out = append(out, reason{text: row.Reason, row: row})
		}
		out[i].names = append(out[i].names, row.Name)
	}
	return out
}
