package budget

import (
	"math"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestParseBytes(t *testing.T) {
	for _, c := range []struct {
		text string
		want Bytes
	}{
		{"0kB", 0}, {"1kB", 1000}, {"1KiB", 1024}, {"120MB", 120e6}, {"120MiB", 120 << 20},
		{"2GiB", 2 << 30}, {"2.8GB", 28e8}, {"1.5GiB", 3 << 29}, {"402723.682kB", 402723682},
		{"9007199254740.991kB", maxExact},
	} {
		got, err := ParseBytes(c.text)
		require.NoError(t, err, c.text)
		require.Equal(t, c.want, got, c.text)
	}
	for _, text := range []string{
		"", "5", "5B", "5b", "5 MB", " 5MB", "5MB ", "5mb", "5M", "5K", "5KB", "5Mb", "+5MB", "-5MB", "05MB", ".5MB", "5.MB",
		"5,5MB", "1e3kB", "0x5MB", "1_000MB", "5TB", "0.0001kB", "0.1KiB", "9007199254740.992kB", "9999999999999999GiB", "∞MB", "NaNMB",
	} {
		_, err := ParseBytes(text)
		var unit *UnitError
		require.ErrorAs(t, err, &unit, text)
		require.Contains(t, unit.Hint(), "such as 500MB or 2GiB", text)
	}
}

func TestParsePercent(t *testing.T) {
	for text, want := range map[string]Percent{"0%": 0, "20%": 20000, "12.5%": 12500, "0.001%": 1, "100%": whole, "9999.999%": 9999999, "20.0%": 20000} {
		got, err := ParsePercent(text)
		require.NoError(t, err, text)
		require.Equal(t, want, got, text)
	}
	for _, text := range []string{"", "20", "0.2", "20 %", "%", "-1%", "+1%", "020%", "1.2345%", "1e1%", "20%%", "10000%", "NaN%", ".5%"} {
		_, err := ParsePercent(text)
		require.ErrorContains(t, err, "is not a percentage", text)
	}
}

func TestParseDuration(t *testing.T) {
	for text, want := range map[string]time.Duration{"0s": 0, "60s": time.Minute, "1.5s": 1500 * time.Millisecond, "1m30s": 90 * time.Second, "7.282193847s": 7282193847, "10µs": 10 * time.Microsecond} {
		got, err := ParseDuration(text)
		require.NoError(t, err, text)
		require.Equal(t, want, got, text)
	}
	for _, text := range []string{"", "0", "20", "1.5 s", "-1s", "+1s", ".5s", "1.s", "1e3s", "1d", "1S", "9999999999h", "Inf", "NaNs"} {
		_, err := ParseDuration(text)
		require.ErrorContains(t, err, "is not a duration", text)
	}
}

func TestParseBandwidth(t *testing.T) {
	for text, want := range map[string]Bandwidth{"80Mbit/s": 80e6, "1Gbit/s": 1e9, "56kbit/s": 56e3, "2.5Gbit/s": 25e8, "0.001kbit/s": 1} {
		got, err := ParseBandwidth(text)
		require.NoError(t, err, text)
		require.Equal(t, want, got, text)
	}
	for _, text := range []string{"", "0Mbit/s", "80", "80Mbit", "80 Mbit/s", "10MB/s", "80mbit/s", "80Mbps", "-1Mbit/s", "0.0001kbit/s"} {
		_, err := ParseBandwidth(text)
		var unit *UnitError
		require.ErrorAs(t, err, &unit, text)
		require.Contains(t, unit.Hint(), "80Mbit/s or 1Gbit/s", text)
	}
}

func TestUnitsReadWhatTheyWrite(t *testing.T) {
	require.Equal(t, "2GiB", Bytes(2<<30).String())
	require.Equal(t, "500MB", Bytes(500e6).String())
	require.Equal(t, "402723.682kB", Bytes(402723682).String())
	require.Equal(t, "80Mbit/s", Bandwidth(80e6).String())
	require.Equal(t, "12.5%", Percent(12500).String())
	require.Equal(t, "20%", Percent(20000).String())
	for _, n := range []int64{0, 1, 7, 999, 1000, 1001, 1023, 1024, 1e6 - 1, 1e6, 1 << 20, 1e9, 1 << 30, 1<<30 + 1, 402723682, maxExact} {
		b, err := ParseBytes(Bytes(n).String())
		require.NoError(t, err)
		require.Equal(t, Bytes(n), b)
		if n > 0 {
			w, err := ParseBandwidth(Bandwidth(n).String())
			require.NoError(t, err)
			require.Equal(t, Bandwidth(n), w)
		}
		p, err := ParsePercent(Percent(n % 1e7).String())
		require.NoError(t, err)
		require.Equal(t, Percent(n%1e7), p)
		d, err := ParseDuration(formatSeconds(time.Duration(n)))
		require.NoError(t, err)
		require.Equal(t, time.Duration(n), d)
	}
	require.Equal(t, []string{"7.282s", "0.621s", "72s", "0.000000001s"}, []string{
		formatSeconds(7282 * time.Millisecond), formatSeconds(621 * time.Millisecond), formatSeconds(72 * time.Second), formatSeconds(1),
	})
}

// TestExceeds has E2: exactly the tolerance is inside it, whatever the size.
func TestExceeds(t *testing.T) {
	for _, c := range []struct {
		now, base int64
		tolerance Percent
		want      bool
	}{
		{120, 100, 20000, false},
		{121, 100, 20000, true},
		{36, 30, 20000, false}, // 3 to 3.6, which floats get wrong
		{37, 30, 20000, true},
		{1125, 1000, 12500, false},
		{1126, 1000, 12500, true},
		{0, 0, 0, false},
		{1, 0, 20000, true},
		{100, 100, 0, false},
		{101, 100, 0, true},
		{80, 100, 20000, false},
		{math.MaxInt64 / 5 * 6 / 2, math.MaxInt64 / 2, 20000, false},
		{6e18, 5e18, 20000, false},
		{6e18 + 1, 5e18, 20000, true},
		{math.MaxInt64, math.MaxInt64, 0, false},
		{math.MaxInt64, math.MaxInt64 - 1, 0, true},
	} {
		require.Equal(t, c.want, exceeds(c.now, c.base, c.tolerance), "%+v", c)
	}
}
