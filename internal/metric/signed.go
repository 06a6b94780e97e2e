package metric

import (
	"fmt"
	"math"
	"strconv"
)

// Signed is a difference in whole units as a person reads it: bytes to three
// digits, such as "+2.35 GB" and "-812 MB".
func (u Unit) Signed(n int64) string {
	if u != Bytes {
		return fmt.Sprintf("%+d", n)
	}
	x, suffix := float64(n), " B"
	for _, next := range []string{" kB", " MB", " GB", " TB"} {
		if math.Abs(x) < 999.5 {
			break
		}
		x, suffix = x/1000, next
	}
	decimals := 0
	switch size := math.Abs(x); {
	case suffix == " B" || size >= 99.95:
	case size >= 9.995:
		decimals = 1
	default:
		decimals = 2
	}
	text := strconv.FormatFloat(x, 'f', decimals, 64) + suffix
	if n > 0 {
		text = "+" + text
	}
	return text
}
