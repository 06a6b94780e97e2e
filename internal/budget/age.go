package budget

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"
)

const (
	day     = 24 * time.Hour
	ageForm = "an age in days or as Go writes durations, without a space, such as 90d or 36h"
)

// daysRegexp has no more days than a time.Duration does.
var daysRegexp = regexp.MustCompile(`^([1-9][0-9]{0,4})d$`)

// ParseAge reads ages such as 90d and 36h, more than none: no limit is not
// written as 0. Its errors are *UnitError.
func ParseAge(s string) (time.Duration, error) {
	if days := daysRegexp.FindStringSubmatch(s); days != nil {
		n, _ := strconv.Atoi(days[1])
		return time.Duration(n) * day, nil
	}
	d, err := ParseDuration(s)
	switch {
	case err != nil:
		return 0, &UnitError{Text: s, Problem: "is not an age", Accepted: ageForm}
	case d == 0:
		return 0, &UnitError{Text: s, Problem: "is no time at all", Accepted: ageForm}
	}
	return d, nil
}

// clockSkew is how far ahead of this machine's clock the one of another may be
// that recorded a baseline.
const clockSkew = day

// Stale is a *FileError that says how old b's baseline m is, where m was
// recorded more than maxAge before now. A maxAge of 0 is no limit. What was
// recorded after now has no age to speak of, and is not taken for young.
func Stale(b Budget, m Measurement, maxAge time.Duration, now time.Time) error {
	if maxAge <= 0 {
		return nil
	}
	age := now.Sub(m.Recorded)
	on := "was recorded on " + m.Recorded.UTC().Format(time.DateOnly)
	fault := &FileError{Path: BaselinePath(b.Path), Accepted: "run image-budget record " + b.Name}
	switch {
	case age < -clockSkew:
		fault.Problem = on + ", which is still to come"
		fault.Accepted += ", or set this machine's clock"
	case age > maxAge:
		fault.Problem = fmt.Sprintf("%s, %s ago, more than the %s allowed", on, ageText(above(age, maxAge)), ageText(maxAge))
	default:
		return nil
	}
	return fault
}

// above rounds age down, but not to limit, so that "90 days ago, more than the
// 90 days allowed" is never said.
func above(age, limit time.Duration) time.Duration {
	for _, unit := range []time.Duration{day, time.Hour, time.Minute, time.Second} {
		if rounded := age.Truncate(unit); rounded > limit {
			return rounded
		}
	}
	return age
}

// ageText writes whole days as such: 1 day, 90 days, 90 days 5h, 36m.
func ageText(d time.Duration) string {
	var words []string
	switch days := d / day; days {
	case 0:
	case 1:
		words = append(words, "1 day")
	default:
		words = append(words, fmt.Sprintf("%d days", days))
	}
	if rest := d % day; rest > 0 {
		s := rest.String()
		for _, zero := range []string{"m0s", "h0m"} {
			if strings.HasSuffix(s, zero) {
				s = s[:len(s)-2]
			}
		}
		words = append(words, s)
	}
	return strings.Join(words, " ")
}
