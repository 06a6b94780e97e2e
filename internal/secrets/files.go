package secrets

import (
	"path"
	"regexp"
	"slices"
	"strings"
)

// sort is a kind of file that often holds secrets.
type sort struct {
	named func(path string) bool
	find  func(content string) string // the kind of what is in it; empty for nothing
}

// files are the sorts that are looked at.
var files = []sort{
	{base(`^\.env(\..+)?$|^\.envrc$`, `(?i)^\.env.*\.(example|sample|template|dist)$`), variables("value in an environment file")},
	{base(`^(secrets?|credentials)\.(ya?ml|toml|json|ini|env)$`, ""), variables("value in a file of secrets")},
	{base(`^[._]netrc$`, ""), text(`(?m)\bpassword\s+\S`, "password of .netrc")},
	{base(`^\.npmrc$`, ""), text(`(?m)^\s*(?:\S*:)?_(?:authToken|auth|password)\s*=\s*[^\s$]`, "credentials of npm")},
	{base(`^\.pypirc$`, ""), text(`(?mi)^\s*password\s*[:=]\s*[^\s$]`, "password of .pypirc")},
	{base(`^\.git-credentials$`, ""), text(`://[^/\s:@]+:[^/\s@]+@`, "credentials of git")},
	{below(`.docker/config.json`), text(`"(?:auth|identitytoken|registrytoken)"\s*:\s*"[^"]+"`, "credentials of a registry")},
	{below(`containers/auth.json`), text(`"auth"\s*:\s*"[^"]+"`, "credentials of a registry")},
	{below(`.aws/credentials`), text(`(?mi)^\s*aws_secret_access_key\s*=\s*\S`, "credentials of AWS")},
	{below(`.kube/config`), text(`(?m)^\s*(?:token|client-key-data|password)\s*:\s*\S`, "credentials of Kubernetes")},
	{below(`huggingface/token`), text(`\S{20}`, "Hugging Face token")},
	{base(`(?i)^(application_default_credentials|service[-_]?account.*|credentials)\.json$`, ""), text(`"(?:private_key|refresh_token|client_secret)"\s*:\s*"[^"]+"`, "credentials of Google Cloud")},
	{base(`^id_(rsa|dsa|ecdsa|ed25519)(_sk)?$|(?i)\.(pem|key|ppk)$`, ""), text(`PuTTY-User-Key-File`, "private key")}, // else by the shape of a key
	{base(`^\.htpasswd$`, ""), text(`(?m)^[^:#\s]+:\S`, "hashed passwords")},
	{base(`(?i)\.(p12|pfx|jks|keystore|kdbx)$`, ""), func(string) string { return "key store" }},
	{base(`(?i)\.tfstate$|^terraform\.tfvars$`, ""), variables("value in Terraform's files")},
	{base(`^\.(bash|zsh|python|psql|mysql)_history$|^\.pgpass$`, ""), variables("value in a history of commands")},
}

// others are places whose files are examples, tests and what everybody has.
var others = regexp.MustCompile(`(?:^|/)(?:site-packages|dist-packages|node_modules|testdata|tests?|examples?|docs?)/|^usr/(?:share|lib/python[0-9.]*|include|src)/|^etc/ssl/certs/`)

// Kept reports whether a file's content is to be kept for InFile.
func Kept(path string) bool {
	return likely(path) && slices.ContainsFunc(files, func(s sort) bool { return s.named(path) }) && !others.MatchString(path)
}

// beginnings and endings are what the names of files begin or end with.
var (
	beginnings = []string{".", "_netrc", "secret", "credentials", "config", "auth.json", "token", "id_", "service", "application_default", "terraform."}
	endings    = []string{".pem", ".key", ".ppk", ".p12", ".pfx", ".jks", ".keystore", ".kdbx", ".tfstate"}
)

// likely tells most files from those of files at little cost: it is asked for every
// file of an image.
func likely(file string) bool {
	base := strings.ToLower(file[strings.LastIndexByte(file, '/')+1:])
	return slices.ContainsFunc(beginnings, func(s string) bool { return strings.HasPrefix(base, s) }) ||
		slices.ContainsFunc(endings, func(s string) bool { return strings.HasSuffix(base, s) })
}

// base is by a file's name, but for one that not matches.
func base(name, not string) func(string) bool {
	want := regexp.MustCompile(name)
	var unwanted *regexp.Regexp
	if not != "" {
		unwanted = regexp.MustCompile(not)
	}
	return func(file string) bool {
		base := path.Base(file)
		return want.MatchString(base) && (unwanted == nil || !unwanted.MatchString(base))
	}
}

// below is by a path from whatever folder.
func below(tail string) func(string) bool {
	return func(file string) bool { return file == tail || strings.HasSuffix(file, "/"+tail) }
}

func text(shape, kind string) func(string) string {
	want := regexp.MustCompile(shape)
	return func(content string) string {
		if want.MatchString(content) {
			return kind
		}
		return ""
	}
}

// setting is NAME=value, NAME: value or "NAME": "value" on a line.
var setting = regexp.MustCompile(`(?m)^\s*(?:export\s+)?"?([A-Za-z_][A-Za-z0-9_.-]{0,80})"?[ \t]*[=:][ \t]*("[^"\n]*"|'[^'\n]*'|[^\s#,]+)`)

// variables finds a value whose name says that it is one to keep.
func variables(kind string) func(string) string {
	return func(content string) string {
		for _, found := range setting.FindAllStringSubmatch(content, -1) {
			if sensitive.MatchString(found[1]) && !placeholder(strings.Trim(found[2], `"'`)) {
				return kind
			}
		}
		return ""
	}
}
