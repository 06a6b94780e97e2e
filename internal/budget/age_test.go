package budget

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestParseAge(t *testing.T) {
	for s, want := range map[string]time.Duration{
		"1d": day, "90d": 90 * day, "99999d": 99999 * day, "36h": 36 * time.Hour, "1h30m": 90 * time.Minute, "1.5h": 90 * time.Minute,
	} {
		got, err := ParseAge(s)
		require.NoError(t, err, s)
		require.Equal(t, want, got, s)
	}
	for _, s := range []string{"", "0", "0d", "0s", "90", "90 d", "-90d", "-1h", "+1h", "1.5d", "090d", "100000d", "90days", "90D", "1d12h", "12w", "9999999h", "1_0d", "٩d"} {
		_, err := ParseAge(s)
		var unit *UnitError
		require.ErrorAs(t, err, &unit, s)
		require.Contains(t, unit.Hint(), "90d or 36h", s)
	}
}

// TestStale has E12.
func TestStale(t *testing.T) {
	recorded := time.Date(2026, 1, 2, 10, 0, 0, 0, time.UTC)
	for _, c := range []struct {
		name        string
		maxAge, age time.Duration
		problem     string // empty for none
	}{
		{"no limit", 0, 1000 * day, ""},
		{"no limit, and recorded in the future", 0, -1000 * day, ""},
		{"young", 90 * day, 10 * day, ""},
		{"exactly as old as allowed", 90 * day, 90 * day, ""},
		{"a second older", 90 * day, 90*day + time.Second, "90 days 1s ago, more than the 90 days allowed"},
		{"a nanosecond older", 90 * day, 90*day + 1, "90 days 1ns ago, more than the 90 days allowed"},
		{"hours older", 90 * day, 90*day + 5*time.Hour + 1, "90 days 5h ago, more than the 90 days allowed"},
		{"old", 90 * day, 200*day + time.Hour, "was recorded on 2026-01-02, 200 days ago, more than the 90 days allowed"},
		{"old by hours", 36 * time.Hour, 60 * time.Hour, "2 days ago, more than the 1 day 12h allowed"},
		{"old by minutes", 90 * time.Minute, 10*time.Hour + time.Second, "10h ago, more than the 1h30m allowed"},
		{"as old as a Duration gets", 99999 * day, 1<<63 - 1, "106751 days ago"},
		{"a clock ahead", time.Hour, -day, ""},
		{"recorded in the future", 90 * day, -day - time.Second, "was recorded on 2026-01-02, which is still to come"},
	} {
		t.Run("E12 "+c.name, func(t *testing.T) {
			b := Budget{Name: "agent", Path: "budgets/agent.yaml"}
			err := Stale(b, Measurement{Recorded: recorded}, c.maxAge, recorded.Add(c.age))
			if c.problem == "" {
				require.NoError(t, err)
				return
			}
			requireFault(t, err, c.problem, "run image-budget record agent")
			require.ErrorContains(t, err, "budgets/agent.baseline.yaml: was recorded")
		})
	}
	err := Stale(Budget{}, Measurement{}, 99999*day, recorded)
	require.ErrorContains(t, err, "was recorded on 0001-01-01", "no time at all is old")
}
