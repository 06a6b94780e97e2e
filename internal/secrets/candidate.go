package secrets

import "strings"

// look is how a file is looked at.
type look struct {
	whole string // kind of a secret that the name alone gives away, else empty
	find  func(text string) []span
}

var (
	keys     = look{find: privateKeys}
	settings = look{find: func(text string) []span { return merged(tokens(text), assignments(text)) }}
	commands = look{find: func(text string) []span { return merged(tokens(text), shellAssignments(text)) }}
	logins   = look{find: func(text string) []span { return merged(tokens(text), netrc(text)) }}
	hashes   = look{find: passwordHashes}
	postgres = look{find: pgpass}
)

// looks are the names of files that may hold a secret.
var looks = map[string]look{
	".env": settings, ".envrc": commands, ".netrc": logins, "_netrc": logins, ".authinfo": logins,
	".npmrc": settings, ".yarnrc.yml": settings, ".pypirc": settings, "pip.conf": settings,
	".git-credentials": settings, ".gitconfig": settings, ".dockercfg": settings, ".dockerconfigjson": settings,
	"credentials.json": settings, "application_default_credentials.json": settings, "credentials.tfrc.json": settings, ".terraformrc": settings,
	"secrets.yaml": settings, "secrets.yml": settings, "secrets.json": settings, "secrets.toml": settings,
	"secret.yaml": settings, "secret.yml": settings, "secret.json": settings, "secret.toml": settings,
	"local.settings.json": settings, "appsettings.json": settings, "settings.local.json": settings, "settings.local.yaml": settings,
	"settings.local.yml": settings, "settings.local.toml": settings, "config.local.json": settings, "config.local.yaml": settings,
	"config.local.yml": settings, "config.local.toml": settings, "application.properties": settings, "application.yml": settings,
	"wp-config.php": settings, ".my.cnf": settings, ".pgpass": postgres, ".s3cfg": settings, ".boto": settings, "rclone.conf": settings,
	".bash_history": commands, ".zsh_history": commands, ".ash_history": commands, ".sh_history": commands, ".python_history": settings,
	".psql_history": settings, ".mysql_history": settings,
	".htpasswd": hashes, ".vault-token": wholeText("Vault token"),
	"id_rsa": keys, "id_dsa": keys, "id_ecdsa": keys, "id_ed25519": keys, "id_ecdsa_sk": keys, "id_ed25519_sk": keys,
	"ssh_host_rsa_key": keys, "ssh_host_dsa_key": keys, "ssh_host_ecdsa_key": keys, "ssh_host_ed25519_key": keys,
}

// looksByFolder are names that mean something in one folder alone, by the end of
// the path.
var looksByFolder = map[string]look{
	".docker/config.json": settings, ".aws/credentials": settings, ".aws/config": settings, ".kube/config": settings, ".git/config": settings,
	"git/credentials": settings, "git/config": settings, "gh/hosts.yml": settings, ".cargo/credentials.toml": settings, ".cargo/credentials": settings,
	".gem/credentials": settings, ".m2/settings.xml": settings, "huggingface/token": wholeText("Hugging Face token"),
	".huggingface/token": wholeText("Hugging Face token"), "huggingface/stored_tokens": settings, ".streamlit/secrets.toml": settings,
}

// looksByExtension are those of any name.
var looksByExtension = map[string]look{
	".pem": keys, ".key": keys, ".p8": keys, ".ppk": keys, ".asc": keys, ".env": settings,
	".tfstate": settings, ".tfvars": settings, ".htpasswd": hashes,
	".p12": {whole: "key store"}, ".pfx": {whole: "key store"}, ".kdbx": {whole: "password database"},
}

// Kept reports whether the content of the file at path has to be kept to see
// whether it has a secret in it.
func Kept(path string) bool {
	look, ok := lookAt(path)
	return ok && look.whole == ""
}

// lookAt is cheap, for every file of an image is asked for.
func lookAt(path string) (look, bool) {
	base := path[strings.LastIndexByte(path, '/')+1:]
	found, ok := looks[base]
	if !ok {
		found, ok = byExtension(base)
	}
	if !ok {
		found, ok = byFolder(path, base)
	}
	if !ok || isPattern(base) || shipped(path) {
		return look{}, false
	}
	return found, true
}

func byExtension(base string) (look, bool) {
	if strings.HasPrefix(base, ".env.") {
		return settings, true
	}
	dot := strings.LastIndexByte(base, '.')
	if dot < 0 {
		return look{}, false
	}
	if found, ok := looksByExtension[base[dot:]]; ok {
		return found, true
	}
	account := strings.HasPrefix(base, "service-account") || strings.HasPrefix(base, "service_account")
	return settings, account && base[dot:] == ".json" || strings.HasSuffix(base, ".tfstate.backup") ||
		strings.HasPrefix(base, "appsettings.") && base[dot:] == ".json"
}

func byFolder(path, base string) (look, bool) {
	if path == "etc/shadow" {
		return hashes, true
	}
	folders := strings.TrimSuffix(path, base)
	above := strings.LastIndexByte(strings.TrimSuffix(folders, "/"), '/') + 1
	found, ok := looksByFolder[path[above:]]
	return found, ok
}

// isPattern is whether a file is there to be copied and filled in.
func isPattern(base string) bool {
	for word := range strings.FieldsFuncSeq(base, func(r rune) bool { return r == '.' || r == '-' || r == '_' }) {
		switch word {
		case "example", "examples", "sample", "template", "dist", "default", "defaults", "tmpl", "tpl":
			return true
		}
	}
	return false
}

// shippedRoots and shippedFolders are where packages put what they are
// documented and tested with.
var shippedRoots = []string{"usr/share/doc/", "usr/share/ca-certificates/", "usr/share/perl", "usr/lib/python", "usr/local/go/", "usr/lib/go"}

var shippedFolders = []string{"/site-packages/", "/dist-packages/", "/node_modules/", "/lib/python2", "/lib/python3", "/go/pkg/mod/", "/gems/", "/vendor/bundle/"}

func shipped(path string) bool {
	for _, root := range shippedRoots {
		if strings.HasPrefix(path, root) {
			return true
		}
	}
	for _, folder := range shippedFolders {
		if strings.HasPrefix(path, folder[1:]) || strings.Contains(path, folder) {
			return true
		}
	}
	return false
}
