package budget

import (
	"fmt"
	"math/big"
	"math/bits"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// Bytes is a count of bytes, never negative and below 2^53, so that it is
// exact as a JSON number too.
type Bytes int64

// Bandwidth is bits per second, more than zero once parsed.
type Bandwidth int64

// Percent is a share in thousandths of a percent: 20% is 20000 and 12.5% is
// 12500, both exact.
type Percent int64

// whole is 100 %.
const whole Percent = 100_000

// UnitError is a text that does not have the one form its unit is written in.
type UnitError struct {
	Text, Problem, Accepted string
}

func (e *UnitError) Error() string { return fmt.Sprintf("%s %s", quoted(e.Text), e.Problem) }

// Hint names the accepted form.
func (e *UnitError) Hint() string { return "write " + e.Accepted }

// The accepted forms, for people.
const (
	bytesForm     = "bytes with a unit and no space, such as 500MB or 2GiB (kB MB GB are 1000, KiB MiB GiB are 1024)"
	bandwidthForm = "a bandwidth such as 80Mbit/s or 1Gbit/s (kbit/s Mbit/s Gbit/s)"
	percentForm   = "a percentage such as 20% or 12.5%"
	durationForm  = "a duration as Go writes it, without a space, such as 30s, 1.5s, 250ms or 1m30s"
	numberForm    = "a number above 0, such as 2 or 0.5"
)

// The accepted forms, for machines; the JSON schema has the same.
const (
	decimal          = `(0|[1-9][0-9]{0,15})(\.[0-9]{1,9})?`
	bytesPattern     = `^` + decimal + `(kB|MB|GB|KiB|MiB|GiB)$`
	bandwidthPattern = `^` + decimal + `(kbit/s|Mbit/s|Gbit/s)$`
	percentPattern   = `^(0|[1-9][0-9]{0,3})(\.[0-9]{1,3})?%$`
	durationPattern  = `^([0-9]+(\.[0-9]+)?(ns|us|µs|ms|s|m|h))+$`
)

var (
	bytesRegexp     = regexp.MustCompile(bytesPattern)
	bandwidthRegexp = regexp.MustCompile(bandwidthPattern)
	percentRegexp   = regexp.MustCompile(percentPattern)
	durationRegexp  = regexp.MustCompile(durationPattern)
)

// unit is a suffix and what one of it counts.
type unit struct {
	suffix string
	factor int64
}

// Largest first, as String tries them.
var (
	bytesUnits     = []unit{{"GiB", 1 << 30}, {"GB", 1e9}, {"MiB", 1 << 20}, {"MB", 1e6}, {"KiB", 1 << 10}, {"kB", 1e3}}
	bandwidthUnits = []unit{{"Gbit/s", 1e9}, {"Mbit/s", 1e6}, {"kbit/s", 1e3}}
)

// maxExact is the largest integer below which every integer is a float64.
const maxExact = 1<<53 - 1

// ParseBytes reads sizes such as 500MB and 1.5GiB that come to whole bytes.
// Its errors are *UnitError.
func ParseBytes(s string) (Bytes, error) {
	n, err := parseUnits(s, bytesRegexp, bytesUnits, "whole bytes", bytesForm)
	return Bytes(n), err
}

// ParseBandwidth reads bandwidths such as 80Mbit/s. Its errors are *UnitError.
func ParseBandwidth(s string) (Bandwidth, error) {
	n, err := parseUnits(s, bandwidthRegexp, bandwidthUnits, "whole bits per second", bandwidthForm)
	if err == nil && n == 0 {
		err = &UnitError{Text: s, Problem: "lets nothing through", Accepted: bandwidthForm}
	}
	return Bandwidth(n), err
}

// ParsePercent reads percentages such as 20% and 12.5%, up to 9999.999%. Its
// errors are *UnitError.
func ParsePercent(s string) (Percent, error) {
	if !percentRegexp.MatchString(s) {
		return 0, &UnitError{Text: s, Problem: "is not a percentage", Accepted: percentForm}
	}
	n, _ := scaled(strings.TrimSuffix(s, "%"), int64(whole/100))
	return Percent(n), nil
}

// ParseDuration reads durations as Go writes them, without sign and always
// with a unit. Its errors are *UnitError.
func ParseDuration(s string) (time.Duration, error) {
	fault := &UnitError{Text: s, Problem: "is not a duration", Accepted: durationForm}
	if !durationRegexp.MatchString(s) {
		return 0, fault
	}
	d, err := time.ParseDuration(s)
	if err != nil {
		return 0, fault
	}
	return d, nil
}

func parseUnits(s string, form *regexp.Regexp, units []unit, wholes, accepted string) (int64, error) {
	if !form.MatchString(s) {
		return 0, &UnitError{Text: s, Problem: "is not an amount with a unit", Accepted: accepted}
	}
	for _, u := range units {
		number, ok := strings.CutSuffix(s, u.suffix)
		if !ok {
			continue
		}
		n, ok := scaled(number, u.factor)
		if !ok {
			return 0, &UnitError{Text: s, Problem: "is too large, or does not come to " + wholes, Accepted: accepted}
		}
		return n, nil
	}
	panic("a unit that the pattern has and the list has not: " + s)
}

// scaled is the decimal number times factor, where that is an integer that a
// float64 holds exactly.
func scaled(number string, factor int64) (int64, bool) {
	r, ok := new(big.Rat).SetString(number)
	if !ok {
		return 0, false
	}
	r.Mul(r, new(big.Rat).SetInt64(factor))
	if !r.IsInt() || r.Num().Cmp(big.NewInt(maxExact)) > 0 {
		return 0, false
	}
	return r.Num().Int64(), true
}

// String is a form that ParseBytes reads.
func (b Bytes) String() string { return formatUnits(int64(b), bytesUnits) }

// String is a form that ParseBandwidth reads.
func (b Bandwidth) String() string { return formatUnits(int64(b), bandwidthUnits) }

// formatUnits takes the largest unit that needs no fraction, else thousandths
// of the smallest.
func formatUnits(n int64, units []unit) string {
	for _, u := range units {
		if n != 0 && n%u.factor == 0 {
			return strconv.FormatInt(n/u.factor, 10) + u.suffix
		}
	}
	return thousandths(n) + units[len(units)-1].suffix
}

// String is a form that ParsePercent reads.
func (p Percent) String() string { return thousandths(int64(p)) + "%" }

// thousandths writes n/1000 exactly, without zeros at the end.
func thousandths(n int64) string {
	s := fmt.Sprintf("%d.%03d", n/1000, n%1000)
	return strings.TrimSuffix(strings.TrimRight(s, "0"), ".")
}

// Ratio is the percentage as a number: 0.2 for 20%.
func (p Percent) Ratio() float64 { return float64(p) / float64(whole) }

// exceeds reports whether now is more than p above base, both at least zero:
// now*100% > base*(100%+p), in 128-bit integers, so that exactly p is inside.
func exceeds(now, base int64, p Percent) bool {
	nowHigh, nowLow := bits.Mul64(uint64(now), uint64(whole))
	maxHigh, maxLow := bits.Mul64(uint64(base), uint64(whole+p))
	return nowHigh > maxHigh || (nowHigh == maxHigh && nowLow > maxLow)
}
