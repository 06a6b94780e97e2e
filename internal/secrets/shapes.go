package secrets

import (
	"regexp"
	"strings"
)

// shapes are secrets that can be told by how they look. The sources are what those
// who issue them say of their form.
var shapes = []struct {
	kind  string
	shape *regexp.Regexp
}{
	{"private key", regexp.MustCompile(`-----BEGIN (?:[A-Z0-9]+ ){0,3}PRIVATE KEY(?: BLOCK)?-----`)},                                // RFC 7468, OpenSSH, OpenPGP (RFC 4880, 6.2)
	{"AWS access key", regexp.MustCompile(`\b(?:AKIA|ASIA)[A-Z2-7]{16}\b`)},                                                         // IAM identifiers, unique ID prefixes
	{"GitHub token", regexp.MustCompile(`\b(?:gh[pousr]_[A-Za-z0-9]{36,}|github_pat_[A-Za-z0-9_]{60,})\b`)},                         // "Behind GitHub's new authentication token formats"
	{"GitLab token", regexp.MustCompile(`\bgl(?:pat|dt|rt|ptt|cbt)-[A-Za-z0-9_-]{20,}`)},                                            // GitLab token overview, prefixes
	{"Slack token", regexp.MustCompile(`\bxox[abeprs]-[A-Za-z0-9-]{10,}`)},                                                          // Slack token types
	{"Google API key", regexp.MustCompile(`\bAIza[A-Za-z0-9_-]{35}\b`)},                                                             // Google Cloud API keys
	{"npm token", regexp.MustCompile(`\bnpm_[A-Za-z0-9]{36}\b`)},                                                                    // npm access tokens
	{"PyPI token", regexp.MustCompile(`\bpypi-[A-Za-z0-9_-]{50,}`)},                                                                 // PyPI's API tokens, a macaroon behind the prefix
	{"Stripe key", regexp.MustCompile(`\b[rs]k_live_[A-Za-z0-9]{20,}\b`)},                                                           // Stripe API keys
	{"OpenAI key", regexp.MustCompile(`\bsk-(?:(?:proj|svcacct|admin)-[A-Za-z0-9_-]{32,}|[A-Za-z0-9]{48}\b)`)},                      // OpenAI API keys
	{"Anthropic key", regexp.MustCompile(`\bsk-ant-[A-Za-z0-9_-]{32,}`)},                                                            // Anthropic API keys
	{"Hugging Face token", regexp.MustCompile(`\bhf_[A-Za-z0-9]{30,}\b`)},                                                           // Hugging Face user access tokens
	{"signed token", regexp.MustCompile(`\beyJ[A-Za-z0-9_-]{10,}\.eyJ[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{20,}`)},                      // RFC 7519
	{"password in an address", regexp.MustCompile(`\b[a-z][a-z0-9+.-]{1,20}://[^/\s:@"'<>$]+:[^/\s:@"'<>${}*]{3,}@[A-Za-z0-9.-]+`)}, // RFC 3986, 3.2.1
}

// shapesIn are the kinds of secrets whose shape is in a text.
func shapesIn(text string) (kinds []string) {
	for _, s := range shapes {
		if s.shape.MatchString(text) {
			kinds = append(kinds, s.kind)
		}
	}
	return kinds
}

var (
	// sensitive is the name of a variable whose value is to be kept to oneself.
	sensitive = regexp.MustCompile(`(?i)(?:^|[_.-])(?:TOKEN|SECRET|PASSWORD|PASSWD|PASSPHRASE|API_?KEY|SECRET_?KEY|PRIVATE_?KEY|ACCESS_?KEY|AUTH_?TOKEN)$`)

	// assignment is NAME=value amid other text.
	assignment = regexp.MustCompile(`(?:^|[\s;&|"'])(?:export )?([A-Za-z_][A-Za-z0-9_.-]{0,80})=("[^"]*"|'[^']*'|[^\s;&|"']+)`)

	// stand are words that stand for a value.
	stand = regexp.MustCompile(`(?i)^(?:change[-_ ]?(?:me|it|this).*|x+|\*+|\.+|example.*|placeholder.*|dummy.*|fake.*|redacted|none|null|nil|true|false|todo|tbd|your[-_ ].*|my[-_ ].*|insert.*|secret|password|passwd|token|test(?:ing)?|\d{1,3})$`)
)

// placeholder reports whether a value is none: empty, a word that stands for one, a
// reference to a variable, or a path to where the value is.
func placeholder(value string) bool {
	return len(value) < 4 || stand.MatchString(value) || strings.ContainsAny(value[:1], "$<{/.%~") || strings.HasPrefix(value, "file:")
}

// instructions are the words that an entry of the history may begin with.
var instructions = strings.Fields("RUN COPY ADD ENV ARG LABEL CMD ENTRYPOINT USER WORKDIR EXPOSE VOLUME HEALTHCHECK SHELL ONBUILD STOPSIGNAL MAINTAINER")
