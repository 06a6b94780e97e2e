package main

import (
	"fmt"
	"regexp"
	"strings"
	"time"
)

// part is a stretch of a run, as its lines of progress tell.
type part struct {
	name   string
	trials bool
	from   time.Duration // from the start of the run
	took   time.Duration
	lines  int // of trials
}

func (p part) String() string {
	text := fmt.Sprintf("%s %.2f s", p.name, p.took.Seconds())
	if p.trials {
		text += fmt.Sprintf(" (%d rounds with warm-ups)", p.lines)
	}
	return text
}

var (
	roundLine = regexp.MustCompile(`^app: (pull_time|cold_start): (.*?) \(`)
	aTime     = regexp.MustCompile(`\d[0-9.a-zµ]*s\b`)
)

// begins are the lines that come when a part begins.
var begins = []struct{ prefix, part string }{
	{"building ", "build"},
	{"saving ", "save from the engine and read"},
	{"app: waiting ", "wait for other gates"},
	{"copying ", "copy the baseline into the engine"},
}

// parts cuts a run into its parts. A line about a round of trials comes when
// they have ended and names their times, so the first began that much earlier.
func (o outcome) parts() []part {
	all := []part{{name: "begin"}}
	next := func(p part) {
		last := &all[len(all)-1]
		last.took = p.from - last.from
		all = append(all, p)
	}
	var ended time.Duration // the last trial
	for _, line := range o.lines {
		for _, b := range begins {
			if strings.HasPrefix(line.text, b.prefix) {
				next(part{name: b.part, from: line.at})
			}
		}
		found := roundLine.FindStringSubmatch(line.text)
		if found == nil {
			continue
		}
		if all[len(all)-1].name != found[1] {
			from := max(all[len(all)-1].from, line.at-sum(found[2]))
			next(part{name: found[1], trials: true, from: from})
		}
		all[len(all)-1].lines++
		ended = line.at
	}
	if ended > 0 {
		next(part{name: "end", from: ended})
	}
	last := &all[len(all)-1]
	last.took = o.wall - last.from
	return all
}

// trials is the time from the beginning of trials to the removal of what they
// made.
func (o outcome) trials() (sum time.Duration) {
	for _, p := range o.parts() {
		if p.trials {
			sum += p.took
		}
	}
	return sum
}

// sum adds up the times of a text.
func sum(text string) (total time.Duration) {
	for _, found := range aTime.FindAllString(text, -1) {
		if d, err := time.ParseDuration(found); err == nil {
			total += d
		}
	}
	return total
}
