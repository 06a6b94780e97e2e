package secrets

import (
	"regexp"
	"strings"
)

var (
	login  = later(`(?i)\bpassword\s+("[^"\n]+"|\S+)`)
	hashed = later(`(?m)^[^:\s#]+:(\$[^:\s]{8,}|\{SHA\}[^:\s]+|[./0-9A-Za-z]{13}$)`)
	pgLine = later(`(?m)^[^#:\n][^:\n]*:[^:\n]*:[^:\n]*:[^:\n]*:(.+)$`)
)

// netrc are the passwords of ftp(1)'s file of logins.
func netrc(text string) []span {
	return groups(text, "password", login(), func(value string) bool { return len(value) >= 4 && !isPlaceholder(value) })
}

// passwordHashes are those of crypt(5), in htpasswd(1)'s and shadow(5)'s files.
func passwordHashes(text string) []span {
	return groups(text, "password hash", hashed(), func(string) bool { return true })
}

// pgpass are the passwords of PostgreSQL's password file, host:port:database:user:password.
func pgpass(text string) []span {
	return groups(text, "password", pgLine(), func(value string) bool { return !isPlaceholder(value) })
}

// groups are the first groups of a pattern that are secrets.
func groups(text, kind string, pattern *regexp.Regexp, ok func(value string) bool) []span {
	var spans []span
	for _, at := range pattern.FindAllStringSubmatchIndex(text, -1) {
		if ok(text[at[2]:at[3]]) {
			spans = append(spans, span{at[2], at[3], kind})
		}
	}
	return spans
}

// wholeText is for files that hold a token and nothing else.
func wholeText(kind string) look {
	return look{find: func(text string) []span {
		value := strings.TrimSpace(text)
		if len(value) < 8 || strings.ContainsAny(value, " \t\n") || isPlaceholder(value) {
			return nil
		}
		from := strings.Index(text, value)
		return []span{{from, from + len(value), kind}}
	}}
}
