package budget

import (
	"fmt"
	"math"
	"slices"
	"strings"
)

// What a setting may be.
const (
	maxPort = 65535
	// leastMemory is Docker's own minimum.
	leastMemory = 6 << 20
)

var (
	schemes   = []string{"http", "https"}
	sandboxes = []string{string(Standard), string(Strict)}
	networks  = []string{string(BridgeNetwork), string(HostNetwork), string(NoNetwork)}
)

// SettingError is a setting that no trial can run with.
type SettingError struct {
	Key      string // of the setting in a budget file, such as "health.port"
	Problem  string // what is wrong with it, such as "is 70000, not a port"
	Accepted string // what to write instead, as an order
}

func (e *SettingError) Error() string { return e.Key + " " + e.Problem }

// Hint says what to write instead.
func (e *SettingError) Hint() string { return e.Accepted }

// UserFault marks the error as one of the user's.
func (e *SettingError) UserFault() {}

// settings is what the parts of a budget must keep, however they were said: in
// a file or by flags. Each check returns what is wrong and what is accepted,
// or nothing.
var settings = []struct {
	key   string
	check func(Budget) (problem, accepted string)
}{
	{"health.port", func(b Budget) (string, string) {
		return unless(b.Health.Port >= 0 && b.Health.Port <= maxPort,
			fmt.Sprintf("is %d, not a whole number from 1 to %d", b.Health.Port, maxPort), "write a port such as 8000")
	}},
	{"health.path", func(b Budget) (string, string) {
		return unless(strings.HasPrefix(b.Health.Path, "/") && !strings.ContainsFunc(b.Health.Path, notInPath),
			"is "+quoted(b.Health.Path)+", not the path of a URL", "write a path such as /health")
	}},
	{"health.scheme", func(b Budget) (string, string) { return among(b.Health.Scheme, schemes) }},
	{"health.timeout", func(b Budget) (string, string) {
		return unless(b.Health.Timeout > 0, fmt.Sprintf("is %s, which is no time at all", b.Health.Timeout), "write "+durationForm)
	}},
	{"run.memory", func(b Budget) (string, string) {
		return unless(b.Run.Memory >= leastMemory, "is below 6MiB, which no engine runs a container in", "write more, such as 2GiB")
	}},
	{"run.cpus", func(b Budget) (string, string) {
		return unless(b.Run.CPUs > 0 && !math.IsInf(b.Run.CPUs, 1), fmt.Sprintf("is %v, not a number above 0", b.Run.CPUs), "write "+numberForm)
	}},
	{"run.sandbox", func(b Budget) (string, string) { return among(string(b.Run.Sandbox), sandboxes) }},
	{"link.latency", func(b Budget) (string, string) {
		return unless(b.Link.Latency >= 0, fmt.Sprintf("is %s, less than none", b.Link.Latency), "write "+durationForm)
	}},
}

// Validate finds the first setting of health, run and link that no trial can
// run with. Its error is a *SettingError.
func (b Budget) Validate() error {
	if faults := b.settingFaults(); len(faults) > 0 {
		return faults[0]
	}
	return nil
}

func (b Budget) settingFaults() []*SettingError {
	var all []*SettingError
	for _, s := range settings {
		if problem, accepted := s.check(b); problem != "" {
			all = append(all, &SettingError{Key: s.key, Problem: problem, Accepted: accepted})
		}
	}
	return all
}

func unless(right bool, problem, accepted string) (string, string) {
	if right {
		return "", ""
	}
	return problem, accepted
}

func among(s string, allowed []string) (string, string) {
	return unless(slices.Contains(allowed, s), "is "+quoted(s), "write "+strings.Join(allowed, " or "))
}

func notInPath(r rune) bool { return r <= ' ' || r == '#' || r == 0x7f }
