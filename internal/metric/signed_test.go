package metric

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestSigned(t *testing.T) {
	for n, want := range map[int64]string{
		0: "0 B", 1: "+1 B", -999: "-999 B", 1000: "+1.00 kB", 999_499: "+999 kB", 999_600: "+1.00 MB",
		12_345_678: "+12.3 MB", -812_113_211: "-812 MB", 2_350_000_000: "+2.35 GB", 9_999_000: "+10.0 MB", 1 << 60: "+1152922 TB",
	} {
		require.Equal(t, want, Bytes.Signed(n))
	}
	require.Equal(t, "+3", Count.Signed(3))
	require.Equal(t, "-1", Count.Signed(-1))
}
