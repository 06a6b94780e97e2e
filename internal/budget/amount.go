package budget

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"time"

	"github.com/image-budget/image-budget/internal/metric"
)

// amountOf is a value as the integer that is compared: the number of an exact
// metric, the median of a timed one in nanoseconds. The error says why there
// is none; something that cannot be a measurement is none.
func amountOf(def metric.Metric, v Value) (int64, error) {
	switch {
	case v.Reason != "":
		return 0, errors.New(v.Reason)
	case def.Timed() && len(v.Samples) > 0:
		for _, s := range v.Samples {
			if s <= 0 {
				return 0, fmt.Errorf("a trial took %s, which no trial can", s)
			}
		}
		return int64(Median(v.Samples)), nil
	case !def.Timed() && v.Number != nil:
		if *v.Number < 0 {
			return 0, fmt.Errorf("it came out as %d, which it cannot be", *v.Number)
		}
		return *v.Number, nil
	}
	return 0, errors.New("it was not measured")
}

// inUnit is an amount in the metric's unit.
func inUnit(def metric.Metric, amount int64) *float64 {
	x := float64(amount)
	if def.Timed() {
		x = seconds(time.Duration(amount))
	}
	return &x
}

func samplesInSeconds(v Value) []float64 {
	all := make([]float64, len(v.Samples))
	for i, s := range v.Samples {
		all[i] = seconds(s)
	}
	return all
}

// phases maps every part of a timed metric to its seconds, nil where it was
// not taken.
func phases(def metric.Metric, v Value) map[string]*float64 {
	all := make(map[string]*float64, len(def.Phases))
	for _, name := range def.Phases {
		all[name] = nil
	}
	for _, p := range v.Phases {
		s := seconds(p.Median)
		all[p.Name] = &s
	}
	return all
}

// change is now/base - 1, nil where base is 0.
func change(now, base int64) *float64 {
	if base == 0 {
		return nil
	}
	x := float64(now-base) / float64(base)
	return &x
}

// grown is a change that passed limit, in words.
func grown(change *float64, limit Percent) string {
	if change == nil {
		return "grew from 0 in the baseline"
	}
	return "grew by " + percentAbove(*change, limit.Ratio())
}

// percentAbove writes a ratio with as many decimals as it takes to differ from
// limit, so that "20.0% is more than 20%" is never said.
func percentAbove(ratio, limit float64) string {
	for decimals := 1; decimals < 9; decimals++ {
		if s := percentText(ratio, decimals); s != percentText(limit, decimals) {
			return s
		}
	}
	return "a hair over " + percentText(limit, 1)
}

func percentText(ratio float64, decimals int) string {
	return strconv.FormatFloat(ratio*100, 'f', decimals, 64) + "%"
}

// notes are what trials noted of a metric, each once.
func notes(name string, v Value) []string {
	var all []string
	seen := map[string]bool{}
	for _, note := range v.Notes {
		if !seen[note] {
			all = append(all, name+": "+note)
		}
		seen[note] = true
	}
	return all
}

// differences warns of what was not the same when the baseline was recorded.
// The machine matters to recorded times alone.
func differences(base, now Measurement, gates []Gate) []string {
	var all []string
	then, here := base.RecordedWith, now.RecordedWith
	if then.Tool != "" && here.Tool != "" && then.Tool != here.Tool {
		all = append(all, fmt.Sprintf("the baseline was recorded by image-budget %s, this is %s", then.Tool, here.Tool))
	}
	recorded := slices.ContainsFunc(gates, func(g Gate) bool {
		def, _ := metric.Named(g.Metric)
		return def.Timed() && base.Metrics[g.Metric].how() == Recorded
	})
	if differ := classDifferences(then, here); recorded && differ != "" {
		all = append(all, "the baseline's times are from another machine: "+differ)
	}
	return all
}
