package secrets

import (
	"encoding/base64"
	"strings"
)

// nameKinds are the kinds that the end of a name gives away, in small letters
// and with _ for what else words are put together with.
var nameKinds = []struct {
	kind string
	ends []string
}{
	{"password", []string{"password", "passwd", "passphrase", "_pass", "_pwd"}},
	{"token", []string{"token"}},
	{"API key", []string{"api_key", "apikey"}},
	{"private key", []string{"private_key", "privatekey", "client_key_data"}},
	{"secret", []string{"secret", "secret_key_base", "secret_key", "secretkey", "access_key", "accesskey", "encryption_key", "encryptionkey",
		"signing_key", "signingkey", "account_key", "accountkey", "auth_key", "authkey", "jwt_key", "master_key", "masterkey"}},
}

var inWords = strings.NewReplacer("-", "_", ".", "_")

// harmless are names that end as those do and hold no secret: tokens of a
// language model or a page, and what frameworks hand to every browser.
var harmless = later(`(?:^|_)(?:pad|eos|bos|unk|mask|sep|cls|max|min|num|count|next|page|stop)_?token$|public|^vite_|^react_app_`)

// kindOfName is the kind of secret that goes by a name, empty where none does.
func kindOfName(name string) string {
	name = inWords.Replace(strings.ToLower(name))
	for _, k := range nameKinds {
		for _, end := range k.ends {
			if strings.HasSuffix(name, end) {
				if harmless().MatchString(name) {
					return ""
				}
				return k.kind
			}
		}
	}
	if name == "auth" || name == "_auth" {
		return registryLogin
	}
	return ""
}

// registryLogin is what Docker and npm keep as "auth": user and password in
// base64.
const registryLogin = "registry login"

// isSecret is whether a value can be what its name promises.
func isSecret(name, kind, value string) bool {
	if isPlaceholder(value) || strings.Contains(strings.ToLower(name), strings.ToLower(value)) {
		return false
	}
	switch kind {
	case "password":
		return len(value) >= 4
	case registryLogin:
		login, err := base64.StdEncoding.DecodeString(value)
		return err == nil && strings.Contains(string(login), ":")
	}
	return len(value) >= 8 && strings.Trim(value, "0123456789.") != ""
}
