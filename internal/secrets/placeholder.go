package secrets

import "strings"

// words are values that stand in the place of a secret, or are no secret in the
// place of one: ALLOW_EMPTY_PASSWORD=yes.
var words = map[string]bool{
	"": true, "true": true, "false": true, "yes": true, "no": true, "on": true, "off": true, "none": true, "null": true, "nil": true,
	"undefined": true, "empty": true, "unset": true, "required": true, "optional": true, "string": true, "disabled": true, "enabled": true,
	"password": true, "passwd": true, "pass": true, "secret": true, "token": true, "apikey": true, "api_key": true, "api-key": true, "key": true,
	"foo": true, "bar": true, "test": true, "user:password": true,
}

// parts are what placeholders have in them.
var parts = []string{"changeme", "change_me", "change-me", "change_this", "change-this", "changethis", "placeholder", "example", "dummy", "redacted",
	"replace_", "replace-", "replaceme", "your_", "your-", "yourpass", "yoursecret", "yourtoken", "my_password", "mypassword", "insert_", "insert-", "xxxx", "****", "todo",
	"getenv", "environ[", "environ.", "process.env", "${", "$(", "{{", "`"}

// references lead to where the secret is, and are none.
var references = []string{"http://", "https://", "file:", "arn:aws", "op://", "vault:", "vault://", "!vault", "$ansible_vault", "enc[", "secret://", "ssm:", "keyring:", "env:"}

// isPlaceholder is whether a value is no secret although it stands where one does.
func isPlaceholder(value string) bool {
	v := strings.ToLower(strings.TrimSpace(value))
	if words[v] || isBracketed(v) || isPath(v) || isVariable(v) {
		return true
	}
	for _, part := range parts {
		if strings.Contains(v, part) {
			return true
		}
	}
	for _, r := range references {
		if strings.HasPrefix(v, r) {
			return true
		}
	}
	return sameAllAlong(v)
}

// isBracketed is whether it is <your password>, of which the reader of settings
// sees one word, or the like.
func isBracketed(v string) bool {
	return len(v) > 1 && (v[0] == '<' && v[1] >= 'a' && v[1] <= 'z' || v[0] == '[' && v[len(v)-1] == ']' || v[0] == '%' && v[len(v)-1] == '%')
}

func isVariable(v string) bool {
	return len(v) > 1 && v[0] == '$' && (v[1] == '_' || v[1] >= 'a' && v[1] <= 'z' || v[1] == '{' || v[1] == '(')
}

// isPath is whether it is a path such as /run/secrets/db. A slash alone does not
// make one, for base64 has them too.
func isPath(v string) bool {
	rest := strings.TrimLeft(v, "~.")
	if !strings.HasPrefix(rest, "/") || strings.ContainsAny(rest, "+=$ ") {
		return len(v) > 2 && v[1] == ':' && v[2] == '\\'
	}
	for part := range strings.SplitSeq(rest[1:], "/") {
		if len(part) > 24 && strings.ContainsAny(part, "0123456789") && !strings.Contains(part, ".") {
			return false
		}
	}
	return true
}

// sameAllAlong is whether a long value has hardly any different characters.
func sameAllAlong(v string) bool {
	if len(v) < 3 {
		return false
	}
	var seen [256]bool
	different := 0
	for i := range len(v) {
		if !seen[v[i]] {
			seen[v[i]] = true
			different++
		}
	}
	return different == 1 || len(v) >= 20 && different <= 5
}
