package budget

import (
	"errors"
	"math"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// Settings that flags can say and that a file's grammar has no form for.
func TestValidate(t *testing.T) {
	cases := []struct {
		key, problem string
		change       func(*Budget)
	}{
		{"health.port", "is 70000, not a whole number from 1 to 65535", func(b *Budget) { b.Health.Port = 70000 }},
		{"health.port", "is -1", func(b *Budget) { b.Health.Port = -1 }},
		{"health.path", `is "health", not the path`, func(b *Budget) { b.Health.Path = "health" }},
		{"health.path", `is "", not the path`, func(b *Budget) { b.Health.Path = "" }},
		{"health.path", `is "/a b", not the path`, func(b *Budget) { b.Health.Path = "/a b" }},
		{"health.path", `is "/a\r\nHost: x", not the path`, func(b *Budget) { b.Health.Path = "/a\r\nHost: x" }},
		{"health.scheme", `is "ftp"`, func(b *Budget) { b.Health.Scheme = "ftp" }},
		{"health.timeout", "is -5ns, which is no time at all", func(b *Budget) { b.Health.Timeout = -5 }},
		{"health.timeout", "is 0s", func(b *Budget) { b.Health.Timeout = 0 }},
		{"run.memory", "is below 6MiB", func(b *Budget) { b.Run.Memory = 0 }},
		{"run.cpus", "is NaN, not a number above 0", func(b *Budget) { b.Run.CPUs = math.NaN() }},
		{"run.cpus", "is +Inf", func(b *Budget) { b.Run.CPUs = math.Inf(1) }},
		{"run.cpus", "is -2", func(b *Budget) { b.Run.CPUs = -2 }},
		{"run.sandbox", `is "none"`, func(b *Budget) { b.Run.Sandbox = "none" }},
		{"link.latency", "is -1s, less than none", func(b *Budget) { b.Link.Latency = -time.Second }},
	}
	for _, c := range cases {
		b := Defaults()
		require.NoError(t, b.Validate())
		c.change(&b)
		var fault *SettingError
		require.ErrorAs(t, b.Validate(), &fault)
		require.Equal(t, c.key, fault.Key)
		require.Contains(t, fault.Error(), c.key+" "+c.problem)
		require.NotEmpty(t, fault.Hint())
		var user interface{ UserFault() }
		require.True(t, errors.As(b.Validate(), &user))
	}
}

// Every setting is a key that the decoder asks for, so that its fault has a place.
func TestSettingsAreKeysOfTheDecoder(t *testing.T) {
	doc, root, err := newDocument("x.yaml", []byte(full))
	require.NoError(t, err)
	health(root.get("health").mapping(), Health{})
	run(root.get("run").mapping(), Run{})
	link(root.get("link").mapping(), Link{})
	for _, s := range settings {
		require.True(t, doc.at(s.key).given(), s.key)
	}
}
