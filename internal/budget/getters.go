package budget

import (
	"errors"
	"fmt"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"gopkg.in/yaml.v3"

	"github.com/image-budget/image-budget/internal/image"
)

// The getters turn a field into a typed value. Each takes what an absent field
// stands for, and returns that too when it finds a fault.

var (
	integerRegexp = regexp.MustCompile(`^(0|[1-9][0-9]*)$`)
	decimalRegexp = regexp.MustCompile(`^` + decimal + `$`)
)

// scalar is the text as it stands in the file.
func (f field) scalar(accepted string) (string, bool) {
	if f.given() && f.node.Kind != yaml.ScalarNode {
		f.fault("is not a single value", "write "+accepted)
		return "", false
	}
	return f.node.Value, true
}

// text is a string that is not empty. What YAML takes for a number or a
// boolean is none, lest 3.10 be read as 3.1 by another tool.
func (f field) text(absent string) string {
	if !f.given() {
		return absent
	}
	s, ok := f.scalar("text")
	if !ok {
		return absent
	}
	switch tag := f.node.ShortTag(); {
	case tag != "!!str" && tag != "!!timestamp":
		f.fault(fmt.Sprintf("is not text: YAML takes %s for something else", quoted(s)), fmt.Sprintf("write it in quotes: %q", s))
		return absent
	case s == "":
		f.fault("is empty", "write a value, or leave the key out")
		return absent
	}
	return s
}

// words is text that may also be empty or look like a number.
func (f field) words(absent string) string {
	if !f.given() {
		return absent
	}
	s, ok := f.scalar("text")
	if !ok {
		return absent
	}
	return s
}

// texts is a list of strings.
func (f field) texts() []string {
	var all []string
	for _, element := range f.list() {
		all = append(all, element.text(""))
	}
	return all
}

// strings maps the names of variables to strings that may be empty.
func (f field) strings() map[string]string {
	m := f.mapping()
	if m.node == nil {
		return nil
	}
	all := make(map[string]string, len(m.values))
	for i, value := range m.all() {
		key := m.node.Content[2*i]
		if key.Value == "" || strings.ContainsAny(key.Value, "=\x00") {
			m.doc.fault(key, quoted(key.Value)+" is not the name of a variable", "write a name without =")
		}
		if value.node.Kind == yaml.ScalarNode && value.node.Value == "" {
			all[key.Value] = ""
		} else {
			all[key.Value] = value.text("")
		}
	}
	return all
}

// oneOf is one of the words of the list.
func (f field) oneOf(absent string, allowed ...string) string {
	s := f.text(absent)
	if f.given() && s != absent && !slices.Contains(allowed, s) {
		f.fault(fmt.Sprintf("is %s", quoted(s)), "write "+alternatives(allowed))
		return absent
	}
	return s
}

// alternatives are words as in "off, warn or error".
func alternatives(words []string) string {
	last := len(words) - 1
	return strings.TrimPrefix(strings.Join(words[:last], ", ")+" or "+words[last], " or ")
}

// integer is a plain decimal integer from low to high.
func (f field) integer(absent, low, high int64) int64 {
	if !f.given() {
		return absent
	}
	accepted := fmt.Sprintf("a whole number from %d to %d", low, high)
	if high == math.MaxInt64 {
		accepted = fmt.Sprintf("a whole number from %d", low)
	}
	s, ok := f.scalar(accepted)
	if !ok {
		return absent
	}
	n, err := strconv.ParseInt(s, 10, 64)
	if f.node.Style != 0 || !integerRegexp.MatchString(s) || err != nil || n < low || n > high {
		f.fault(fmt.Sprintf("is %s, not %s", f.shown(), accepted), "write "+accepted+", in digits, without quotes, signs, points or underscores")
		return absent
	}
	return n
}

// shown is the value for an error, in the quotes that the file has.
func (f field) shown() string {
	if f.node.Style == 0 && len(f.node.Value) < 30 {
		return f.node.Value
	}
	return quoted(f.node.Value)
}

// number is a plain decimal number above 0, such as 2 or 0.5.
func (f field) number(absent float64) float64 {
	if !f.given() {
		return absent
	}
	const accepted = numberForm
	s, ok := f.scalar(accepted)
	if !ok {
		return absent
	}
	n, err := strconv.ParseFloat(s, 64)
	if f.node.Style != 0 || !decimalRegexp.MatchString(s) || err != nil || n <= 0 {
		f.fault(fmt.Sprintf("is %s, not %s", f.shown(), accepted), "write "+accepted)
		return absent
	}
	return n
}

// parsed is a scalar that parse reads. Its errors are *UnitError.
func parsed[T any](f field, absent T, accepted string, parse func(string) (T, error)) T {
	if !f.given() {
		return absent
	}
	s, ok := f.scalar(accepted)
	if !ok {
		return absent
	}
	value, err := parse(s)
	if err == nil {
		return value
	}
	problem := err.Error()
	var unit *UnitError
	if errors.As(err, &unit) { // which quotes a bare value as if it had quotes
		problem = f.shown() + " " + unit.Problem
	}
	f.in.doc.fault(f.node, f.name+": "+problem, "write "+accepted)
	return absent
}

func (f field) bytes(absent Bytes) Bytes { return parsed(f, absent, bytesForm, ParseBytes) }

func (f field) percent(absent Percent) Percent { return parsed(f, absent, percentForm, ParsePercent) }

func (f field) bandwidth(absent Bandwidth) Bandwidth {
	return parsed(f, absent, bandwidthForm, ParseBandwidth)
}

func (f field) duration(absent time.Duration) time.Duration {
	return parsed(f, absent, durationForm, ParseDuration)
}

// positive is a duration that takes time.
func (f field) positive(absent time.Duration) time.Duration {
	return parsed(f, absent, durationForm, func(s string) (time.Duration, error) {
		d, err := ParseDuration(s)
		if err == nil && d == 0 {
			err = &UnitError{Text: s, Problem: "is no time at all"}
		}
		return d, err
	})
}

func (f field) platform(absent image.Platform) image.Platform {
	const form = "a platform, os/architecture or os/architecture/variant, such as linux/amd64"
	return parsed(f, absent, form, func(s string) (image.Platform, error) {
		p, err := image.ParsePlatform(s)
		if err != nil {
			err = &UnitError{Text: s, Problem: "is not a platform"}
		}
		return p, err
	})
}

// moment is a date or time in the form of layout, in UTC.
func (f field) moment(layout, example string) time.Time {
	return parsed(f, time.Time{}, "it as in "+example, func(s string) (time.Time, error) {
		t, err := time.Parse(layout, s)
		if err != nil {
			err = &UnitError{Text: s, Problem: "is not a date of this form"}
		}
		return t, err
	})
}
