package secrets

import (
	"regexp"
	"strings"
)

// assigning are the ways in which a line of settings gives a name a value, as
// its groups.
var assigning = []func() *regexp.Regexp{
	later(`([A-Za-z_][\w.-]{0,100})["']?[ \t]*(?:=>|:=|=|:)[ \t]*("(?:[^"\\\n]|\\.)*"|'[^'\n]*'|[^\s"'{}\[\],#][^\s"']*)`),
	later(`define\(\s*["'](\w{1,100})["']\s*,\s*("(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*')`), // PHP
	later(`<([A-Za-z_][\w.-]{0,100})>([^<>\s]+)</`),                                         // XML
}

// listed is a variable in a list of them, in JSON and over several lines.
var listed = later(`"[Nn]ame"\s*:\s*"([\w.-]{1,100})"\s*,\s*"[Vv]alue"\s*:\s*("(?:[^"\\\n]|\\.)*")`)

// named is whether a line may have a name of nameKinds in it.
var named = later(`(?i)pass|pwd|token|secret|key|auth`)

// assignments are the secrets in a file of settings that are known by a name.
func assignments(text string) []span {
	spans := assigned(text, 0, listed())
	at := 0
	for line := range strings.Lines(text) {
		if named().MatchString(line) {
			for _, pattern := range assigning {
				spans = append(spans, assigned(line, at, pattern())...)
			}
		}
		at += len(line)
	}
	return merged(spans)
}

// assigned are those that a pattern finds in a part of a text that begins at a
// byte of it.
func assigned(part string, begin int, pattern *regexp.Regexp) []span {
	var spans []span
	for _, at := range pattern.FindAllStringSubmatchIndex(part, -1) {
		name, from, to := part[at[2]:at[3]], at[4], at[5]
		kind := kindOfName(name)
		if kind == "" {
			continue
		}
		if part[from] == '"' || part[from] == '\'' {
			from, to = from+1, to-1
		} else {
			to = from + len(strings.TrimRight(part[from:to], ",;}])"))
		}
		if isSecret(name, kind, part[from:to]) {
			spans = append(spans, span{begin + from, begin + to, kind})
		}
	}
	return spans
}
