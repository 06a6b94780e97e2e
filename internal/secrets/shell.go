package secrets

import "strings"

var shellName = later(`([A-Za-z_][\w.-]{0,100})=|--([A-Za-z][\w-]{0,100})[ \t]+`)

// maxWord is how many bytes of a word are looked at to tell what it is.
const maxWord = 8 << 10

// shellAssignments are the secrets in commands that are known by a name: NAME=x
// and --name x.
func shellAssignments(text string) []span {
	var spans []span
	behind := 0 // the last secret
	for _, at := range shellName().FindAllStringSubmatchIndex(text, -1) {
		start, end := at[2], at[3]
		if start < 0 {
			start, end = at[4], at[5]
		}
		kind := kindOfName(text[start:end])
		if kind == "" || start < behind {
			continue
		}
		from, to := at[1], at[1]+wordLength(text[at[1]:min(at[1]+maxWord, len(text))])
		if start > 0 && strings.IndexByte(`"'`, text[start-1]) >= 0 { // the quotes are around both
			if end := strings.IndexByte(text[from:to], text[start-1]); end >= 0 {
				to = from + end
			}
		}
		value := strings.Trim(text[from:to], `"'`)
		if strings.HasPrefix(value, "-") || !isSecret(text[start:end], kind, value) {
			continue
		}
		if to == from+maxWord {
			to = from + wordLength(text[from:])
		}
		spans, behind = append(spans, span{from, to, kind}), to
	}
	return merged(spans)
}

// wordLength is how many bytes the shell takes as one word: up to a blank or an
// operator that is neither quoted nor escaped.
func wordLength(text string) int {
	var quote byte
	for i := 0; i < len(text); i++ {
		switch c := text[i]; {
		case c == '\\' && quote != '\'':
			i++
		case quote != 0:
			if c == quote {
				quote = 0
			}
		case c == '"' || c == '\'':
			quote = c
		case strings.IndexByte(" \t\r\n;&|<>()", c) >= 0:
			return i
		}
	}
	return len(text)
}
