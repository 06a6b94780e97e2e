package report

import (
	"math"
	"strconv"
	"strings"

	"github.com/image-budget/image-budget/internal/metric"
)

// signed writes a change in bytes: +2.35 GB, -12.3 MB, 0 B.
func signed(n int64) string { return strings.ReplaceAll(metric.Bytes.Signed(n), " ", glue) }

// percent writes how much larger now is than old, in three digits or as many more
// as it takes to tell it from 0 % and from -100 %; absent where old is 0.
func percent(old, now int64) string {
	if old == 0 {
		return absent
	}
	if old == now {
		return "0" + glue + "%"
	}
	change := 100 * (float64(now) - float64(old)) / float64(old)
	decimals := 2
	switch size := math.Abs(change); {
	case size >= 100 || now == 0:
		decimals = 0
	case size >= 10:
		decimals = 1
	}
	s := scale{divisor: 1, decimals: decimals}
	for v := s.number(change); (v == 0 || v == -100 && now > 0) && s.decimals < maxDecimals; v = s.number(change) {
		s.decimals++
	}
	sign := ""
	if change > 0 {
		sign = "+"
	}
	return sign + strconv.FormatFloat(change, 'f', s.decimals, 64) + glue + "%"
}
