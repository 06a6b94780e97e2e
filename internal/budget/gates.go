package budget

import (
	"fmt"
	"time"

	"github.com/image-budget/image-budget/internal/metric"
)

// Timed reports whether a gated metric is found by trials.
func (b Budget) Timed() bool {
	for _, g := range b.Metrics {
		if m, ok := metric.Named(g.Metric); ok && m.Timed() {
			return true
		}
	}
	return false
}

// defaultGates are what is gated where a budget does not say.
func defaultGates(tolerance Percent) []Gate {
	var all []Gate
	for _, m := range metric.All {
		if m.Default {
			all = append(all, Gate{Metric: m.Name, Tolerance: tolerance})
		}
	}
	return all
}

// gates reads what is gated, in the order of metric.All.
func gates(f field, tolerance Percent) []Gate {
	if !f.given() {
		return defaultGates(tolerance)
	}
	var all []Gate
	metrics := f.mapping()
	for _, m := range metric.All {
		limits := metrics.get(m.Name)
		if !limits.given() {
			continue
		}
		keys := limits.mapping()
		all = append(all, Gate{
			Metric:    m.Name,
			Max:       ceiling(keys.get("max"), m.Unit),
			Tolerance: keys.get("tolerance").percent(tolerance),
			Line:      limits.node.Line,
		})
	}
	if len(metrics.values) == 0 && metrics.node != nil {
		f.fault("gates nothing", "name metrics, or leave the key out for the default ones")
	}
	return all
}

// ceiling reads max in the form of the metric's unit.
func ceiling(f field, u metric.Unit) *float64 {
	if !f.given() {
		return nil
	}
	var limit float64
	switch u {
	case metric.Bytes:
		limit = float64(f.bytes(0))
	case metric.Count:
		limit = float64(f.integer(0, 0, maxExact))
	case metric.Seconds:
		limit = seconds(f.positive(0))
	}
	return &limit
}

// seconds is d as the float64 nearest to it, so that 7.282s is 7.282.
func seconds(d time.Duration) float64 { return float64(d) / float64(time.Second) }

// exceptions reads the accepted regressions. Each has to raise the tolerance
// of a gated metric, once, and must not have ended before now.
func exceptions(f field, gates []Gate, now time.Time) []Exception {
	var all []Exception
	seen := map[string]int{}
	for _, element := range f.list() {
		m := element.mapping()
		e := exception(m)
		if m.node == nil || e.Metric == "" {
			continue
		}
		name := m.get("metric")
		if first := seen[e.Metric]; first > 0 {
			name.fault(fmt.Sprintf("has an exception already, in line %d", first), "keep one exception for a metric")
		}
		seen[e.Metric] = e.Line
		checkRaises(m, e, gates)
		if ended(e.Until, now) {
			m.get("until").fault("is over: the exception ended on "+e.Until.Format(time.DateOnly), "take the exception out, or give it a new day and reason")
		}
		all = append(all, e)
	}
	return all
}

func exception(m *mapping) Exception {
	const accepted = `write {metric: size, tolerance: 45%, until: 2027-01-31, reason: "why"}`
	e := Exception{
		Metric:    m.must("metric", accepted).text(""),
		Tolerance: m.must("tolerance", accepted).percent(0),
		Until:     m.must("until", accepted).moment(time.DateOnly, "2027-01-31"),
		Reason:    m.must("reason", accepted).text(""),
	}
	if m.node != nil {
		e.Line = m.node.Line
	}
	return e
}

func checkRaises(m *mapping, e Exception, gates []Gate) {
	for _, g := range gates {
		if g.Metric != e.Metric {
			continue
		}
		if tolerance := m.get("tolerance"); tolerance.given() && e.Tolerance <= g.Tolerance && e.Tolerance > 0 {
			tolerance.fault(fmt.Sprintf("allows no more than the metric's own %s", g.Tolerance), "raise it, or take the exception out")
		}
		return
	}
	names := make([]string, len(gates))
	for i, g := range gates {
		names[i] = g.Metric
	}
	m.get("metric").fault("names "+quoted(e.Metric)+", which is not gated", suggestion(e.Metric, names))
}
