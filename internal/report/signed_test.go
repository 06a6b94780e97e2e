package report

import (
	"math"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestSigned(t *testing.T) {
	for n, want := range map[int64]string{0: "0 B", 7: "+7 B", -7: "-7 B", 2_350_000_000: "+2.35 GB", -12_345_678: "-12.3 MB", 999_999: "+1.00 MB"} {
		require.Equal(t, want, unglue(signed(n)))
	}
}

func TestPercent(t *testing.T) {
	for _, test := range []struct {
		old, now int64
		want     string
	}{
		{0, 5, "-"}, {0, 0, "-"}, {5, 5, "0 %"}, {5, 0, "-100 %"},
		{450_000_000, 2_800_000_000, "+522 %"}, {2_800_000_000, 450_000_000, "-83.9 %"}, {100, 200, "+100 %"},
		{1000, 1003, "+0.30 %"}, {1000, 1020, "+2.00 %"},
		{450_000_000, 450_000_012, "+0.000003 %"}, {450_000_000, 449_999_988, "-0.000003 %"},
		{1_000_000, 1, "-99.9999 %"}, {1, math.MaxInt64, "+922337203685477580800 %"},
	} {
		require.Equal(t, test.want, unglue(percent(test.old, test.now)), "%d to %d", test.old, test.now)
	}
}
