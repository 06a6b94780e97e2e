package secrets

import (
	"cmp"
	"slices"
	"strings"

	ocispec "github.com/opencontainers/image-spec/specs-go/v1"
)

// InConfig is the secrets in the environment of an image's config, and in its
// history, where build arguments and deleted variables stay.
func InConfig(env []string, history []ocispec.History) []Found {
	found, values := inVariables(env)
	known := hiding(values)
	layer := 0
	for _, entry := range history {
		of := None
		if !entry.EmptyLayer {
			of = layer
			layer++
		}
		recorded := start(entry.CreatedBy)
		spans := merged(tokens(recorded), shellAssignments(recorded))
		if len(spans) == 0 {
			continue
		}
		name := instruction(recorded, spans, known)
		for _, kind := range kindsOf(spans) {
			found = append(found, Found{Where: History, Name: name, Kind: kind, Layer: of})
		}
	}
	return found
}

// start is as much of a variable or an instruction as is looked at: as much as
// of a file.
func start(text string) string { return text[:min(len(text), 64<<10)] }

// inVariables returns the values too, which the history repeats.
func inVariables(env []string) (found []Found, values []string) {
	for _, variable := range env {
		variable = start(variable)
		name, value, _ := strings.Cut(variable, "=")
		spans := tokens(variable)
		if kind := kindOfName(name); len(spans) == 0 && kind != "" && isSecret(name, kind, value) {
			spans = []span{{len(name) + 1, len(variable), kind}}
		}
		if len(spans) == 0 {
			continue
		}
		own := append(valuesOf(variable, spans), value)
		values = append(values, own...)
		for _, kind := range kindsOf(spans) {
			found = append(found, Found{Where: Environment, Name: hiding(own).Replace(name), Kind: kind, Layer: None})
		}
	}
	return found, values
}

// maxInstruction is how many runes of an instruction are shown.
const maxInstruction = 200

// Hide is what builders recorded of an image's instructions, without the secrets in
// it and without those of its environment, which the history repeats.
func Hide(recorded, env []string) []string {
	_, values := inVariables(env)
	known := hiding(values)
	shown := make([]string, len(recorded))
	for i, text := range recorded {
		text = start(text)
		shown[i] = without(text, merged(tokens(text), shellAssignments(text)), known)
	}
	return shown
}

// without is an instruction without the secrets in it and without what known hides.
func without(recorded string, spans []span, known *strings.Replacer) string {
	shown := mask(recorded, hidden(recorded, spans))
	return hiding(valuesOf(recorded, spans)).Replace(known.Replace(shown))
}

// instruction is the same on one line.
func instruction(recorded string, spans []span, known *strings.Replacer) string {
	shown := without(recorded, spans, known)
	shown = strings.Join(strings.Fields(shown), " ")
	if runes := []rune(shown); len(runes) > maxInstruction {
		shown = string(runes[:maxInstruction-1]) + "…"
	}
	return shown
}

// valuesOf are the texts of spans, with and without the quotes around them.
func valuesOf(text string, spans []span) []string {
	var values []string
	for _, s := range spans {
		value := text[s.from:s.to]
		values = append(values, value, strings.Trim(value, `"'`))
	}
	return values
}

// hiding puts *** in the place of values, of several at one place the longest.
func hiding(values []string) *strings.Replacer {
	longest := slices.SortedFunc(slices.Values(values), func(a, b string) int { return cmp.Compare(len(b), len(a)) })
	var pairs []string
	for _, value := range longest {
		if value != "" {
			pairs = append(pairs, value, "***")
		}
	}
	return strings.NewReplacer(pairs...)
}

var (
	recordsVariables = later(`^(?:/bin/sh -c #\(nop\)\s+)?(?:ENV|ARG|LABEL)\s`)
	recordsArguments = later(`^(?:RUN )?\|\d+ `)
	shellBehind      = later(` /\S*sh (?:\S+ ){0,5}?-\w*c `)
)

// hidden is what is not shown of an instruction with secrets in it: more than
// the secrets. Builders record variables and build arguments without quotes, so
// that where a value ends cannot be told, and all that follows it is hidden.
func hidden(recorded string, spans []span) []span {
	end := 0
	switch {
	case recordsVariables().MatchString(recorded):
		end = len(recorded)
	case recordsArguments().MatchString(recorded):
		end = len(recorded)
		if places := shellBehind().FindAllStringIndex(recorded, 2); len(places) == 1 {
			end = places[0][0]
		}
	}
	var wide []span
	for _, s := range spans {
		rest := recorded[s.to:min(s.to+maxBehind, len(recorded))]
		s.to += len(rest) - len(strings.TrimLeft(rest, inTokens))
		if s.from < end {
			s.to = max(s.to, end)
		}
		wide = append(wide, s)
	}
	return wide
}

// inTokens may go on behind what a pattern takes of a token, for maxBehind bytes.
const (
	inTokens  = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/=_~.-"
	maxBehind = 4096
)
