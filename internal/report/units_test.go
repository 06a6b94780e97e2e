package report

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/image-budget/image-budget/internal/budget"
)

func TestNumbers(t *testing.T) {
	for _, c := range []struct {
		unit      string
		now, base float64
		want      [2]string
	}{
		{"bytes", 402723682, 402723682, [2]string{"402.7 MB", "402.7 MB"}},
		{"bytes", 0, 0, [2]string{"0 B", "0 B"}},
		{"bytes", 999, 1000, [2]string{"999 B", "1000 B"}},
		{"bytes", 1100000, 900000, [2]string{"1100.0 kB", "900.0 kB"}},
		{"bytes", 2.8e9, 450e6, [2]string{"2800.0 MB", "450.0 MB"}},
		{"bytes", 2.8e9, 2.7e9, [2]string{"2.80 GB", "2.70 GB"}},
		{"bytes", 402723682, 3, [2]string{"402.7 MB", "3 B"}},
		{"bytes", 402723682, 0, [2]string{"402.7 MB", "0 B"}},
		{"count", 5, 4, [2]string{"5", "4"}},
		{"count", 100000, 1, [2]string{"100000", "1"}},
		{"seconds", 7.282, 7.301, [2]string{"7.28 s", "7.30 s"}},
		{"seconds", 0.6213, 12, [2]string{"0.621 s", "12.000 s"}},
		{"seconds", 125.44, 118, [2]string{"125.4 s", "118.0 s"}},
	} {
		r := row("x", c.unit, c.now, c.base)
		now, base := scales(r)
		require.Equal(t, c.want, [2]string{unglue(now.format(r.Value)), unglue(base.format(r.Baseline))})
	}
}

// What broke a limit never reads as if it had not.
func TestLimitsAreVisible(t *testing.T) {
	for _, c := range []struct {
		row               budget.Row
		now, change, most string
	}{
		{overMax(size(500e6+1, 500e6), 500e6), "500.000001 MB", "+0.0 %", "500 MB"},
		{overMax(size(2.6e9, 2.5e9), 2.5e9), "2.60 GB", "+4.0 %", "2.5 GB"},
		{overMax(layers(16, 15), 15), "16", "+6.7 %", "15"},
		{overMax(start(10.0004, 9), 10), "10.0004 s", "+11.1 %", "10 s"},
		{overMax(size(524288001, 1), 524288000), "524.3 MB", "+52428800000.0 %", "524.288 MB"},
		{broke(layers(121, 100)), "121", "+21.0 %", "-"},
		{broke(size(483268419, 402723682)), "483.3 MB", "+20.0000001 %", "-"},
		{broke(row("size", "bytes", 1000000001, 1000000000)), "1.000000001 GB", "+0.0 %", "-"},
		{size(120, 100), "120 B", "+20.0 %", "-"}, // exactly on the limit passes (E2)
		{size(99, 100), "99 B", "-1.0 %", "-"},
	} {
		now, _ := scales(c.row)
		require.Equal(t, c.now, unglue(now.format(c.row.Value)))
		require.Equal(t, c.change, unglue(change(c.row)))
		require.Equal(t, c.most, unglue(ceiling(c.row.Unit, c.row.Max)))
	}
}

func TestTolerance(t *testing.T) {
	for v, want := range map[float64]string{0.2: "20 %", 0.07: "7 %", 0.125: "12.5 %", 0: "0 %", 1.5: "150 %", 0.00001: "0.001 %"} {
		require.Equal(t, want, unglue(tolerance(v)))
	}
}
