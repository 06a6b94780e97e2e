package report

import (
	"math"
	"strconv"
	"strings"

	"github.com/image-budget/image-budget/internal/budget"
	"github.com/image-budget/image-budget/internal/metric"
)

// absent stands where there is no value.
const absent = "-"

// maxDecimals is where adding digits to tell two numbers apart ends.
const maxDecimals = 9

// scale is how the numbers of one row are written.
type scale struct {
	divisor  float64 // value per unit of suffix
	suffix   string  // with its space; empty for a count
	decimals int
}

// scaleFor is the scale in which v is easiest to read: 402.7 MB, 1.24 GB,
// 0.621 s, 5. Units of bytes are powers of 1000.
func scaleFor(unit string, v float64) scale {
	switch metric.Unit(unit) {
	case metric.Bytes:
		return bytesScale(math.Abs(v))
	case metric.Seconds:
		return scale{1, glue + "s", decimalsFor(math.Abs(v), 3)}
	case metric.Count:
		return scale{1, "", 0}
	}
	return scale{1, "", 1} // of a metric that this version does not know
}

func bytesScale(v float64) scale {
	s := scale{1, glue + "B", 0}
	for _, suffix := range []string{"kB", "MB", "GB", "TB"} {
		if v/s.divisor < 1000 {
			break
		}
		s.divisor, s.suffix = s.divisor*1000, glue+suffix
		s.decimals = decimalsFor(v/s.divisor, 2)
	}
	return s
}

// decimalsFor gives three significant digits, and at least one decimal.
func decimalsFor(v float64, most int) int {
	switch {
	case v >= 10:
		return 1
	case v >= 1:
		return min(2, most)
	default:
		return most
	}
}

// format writes v, which may be nil.
func (s scale) format(v *float64) string {
	if v == nil {
		return absent
	}
	return strconv.FormatFloat(*v/s.divisor, 'f', s.decimals, 64) + s.suffix
}

// number is v as format shows it, without its unit, as a number again.
func (s scale) number(v float64) float64 {
	shown, err := strconv.ParseFloat(strconv.FormatFloat(v/s.divisor, 'f', s.decimals, 64), 64)
	if err != nil {
		return v
	}
	return shown * s.divisor
}

// scales are those of the row's value and baseline: one for both unless they
// lie so far apart that one of them could not be read.
func scales(row budget.Row) (now, base scale) {
	switch {
	case row.Value == nil && row.Baseline == nil:
		return scale{}, scale{}
	case row.Value == nil:
		base = scaleFor(row.Unit, *row.Baseline)
		return base, base
	case row.Baseline == nil:
		now = scaleFor(row.Unit, *row.Value)
		return tellApart(now, row), now
	}
	now, base = scaleFor(row.Unit, *row.Value), scaleFor(row.Unit, *row.Baseline)
	low, high := math.Abs(*row.Baseline), math.Abs(*row.Value)
	shared := base
	if high < low {
		low, high, shared = high, low, now
	}
	if high >= 10*1000*low { // also with low 0
		return tellApart(now, row), base
	}
	shared = tellApart(shared, row)
	return shared, shared
}

// tellApart adds decimals to s until a value that broke a limit also reads as
// if it had: 500.001 MB, not 500.0 MB, where the ceiling is 500 MB.
func tellApart(s scale, row budget.Row) scale {
	v := *row.Value
	hidden := func() bool {
		if row.Max != nil && v > *row.Max && s.number(v) <= *row.Max {
			return true
		}
		return row.Verdict == budget.Regression && row.Baseline != nil &&
			v > *row.Baseline && s.number(v) <= s.number(*row.Baseline)
	}
	for hidden() && s.decimals < maxDecimals && s.suffix != "" {
		s.decimals++
	}
	return s
}

// ceiling writes a limit with no more digits than it needs: 500 MB, 2.5 GB.
func ceiling(unit string, v *float64) string {
	if v == nil {
		return absent
	}
	s := scaleFor(unit, *v)
	s.decimals = maxDecimals
	number, suffix, _ := strings.Cut(s.format(v), glue)
	return strings.TrimSuffix(trimZeros(number)+glue+suffix, glue)
}

// change writes a ratio less one as a signed percentage, with as many digits
// as it takes to see on which side of the tolerance a regression lies.
func change(row budget.Row) string {
	if row.Change == nil {
		return absent
	}
	percent := *row.Change * 100
	if percent == 0 {
		return "0" + glue + "%"
	}
	sign := ""
	if percent > 0 {
		sign = "+"
	}
	return sign + strconv.FormatFloat(percent, 'f', changeDecimals(row), 64) + glue + "%"
}

func changeDecimals(row budget.Row) int {
	decimals, percent := 1, *row.Change*100
	for row.Verdict == budget.Regression && percent > row.Tolerance*100 && decimals < maxDecimals {
		s := scale{divisor: 1, decimals: decimals}
		if s.number(percent) > s.number(row.Tolerance*100) {
			break
		}
		decimals++
	}
	return decimals
}

// tolerance writes 0.2 as "20 %".
func tolerance(t float64) string {
	return trimZeros(strconv.FormatFloat(t*100, 'f', maxDecimals, 64)) + glue + "%"
}

func trimZeros(number string) string {
	if !strings.Contains(number, ".") {
		return number
	}
	return strings.TrimRight(strings.TrimRight(number, "0"), ".")
}
