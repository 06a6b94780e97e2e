package secrets

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// Nothing here is a secret of anybody's. They are put together so that no search
// for secrets stops at this file.
var (
	letters    = strings.Repeat("aB3dE6gH9", 8)
	privateKey = "-----BEGIN " + "OPENSSH PRIVATE KEY-----\n" + letters + "\n-----END "
	github     = "gh" + "p_" + letters[:36]
	aws        = "AK" + "IA" + "ABCDEFGHIJKLMNOP"
)

func TestInFile(t *testing.T) {
	for _, c := range []struct {
		path, content string
		want          []string
	}{
		{"root/.ssh/id_ed25519", privateKey, []string{"private key"}},
		{"etc/ssl/private/ssl-cert-snakeoil.key", privateKey, []string{"private key"}},
		{"app/server.pem", "-----BEGIN CERTIFICATE-----\n" + letters, nil},
		{"app/.env", "DEBUG=1\nSTRIPE_SECRET_KEY=" + letters[:20] + "\n", []string{"value in an environment file"}},
		{"app/.env", "export GITHUB_TOKEN=" + github, []string{"value in an environment file", "GitHub token"}},
		{"app/.env.local", "API_KEY: \"" + letters[:12] + "\"", []string{"value in an environment file"}},
		{"app/.env.example", "API_KEY=" + letters[:12], nil},
		{"app/.env", "API_KEY=\nDB_PASSWORD=changeme\nAPP_TOKEN=${TOKEN}\nSECRET=/run/secrets/app\nTOKENIZERS_PARALLELISM=false\nLANG=C", nil},
		{"root/.npmrc", "//registry.example/:_authToken=" + letters[:36], []string{"credentials of npm"}},
		{"root/.npmrc", "//registry.example/:_authToken=${NPM_TOKEN}", nil},
		{"root/.netrc", "machine example.org login me password " + letters[:8], []string{"password of .netrc"}},
		{"root/.pypirc", "[upload]\nusername = me\npassword = " + letters[:9], []string{"password of .pypirc"}},
		{"root/.docker/config.json", `{"auths":{"r.example":{"auth":"` + letters[:16] + `"}}}`, []string{"credentials of a registry"}},
		{"root/.docker/config.json", `{"credsStore":"pass"}`, nil},
		{"root/.aws/credentials", "[default]\naws_secret_access_key = " + letters[:40] + "\naws_access_key_id = " + aws, []string{"credentials of AWS", "AWS access key"}},
		{"root/.kube/config", "users:\n- user:\n    token: " + letters, []string{"credentials of Kubernetes"}},
		{"root/.cache/huggingface/token", "hf_" + letters[:34], []string{"Hugging Face token"}},
		{"srv/service-account.json", `{"type":"service_account","private_key": "x` + letters + `"}`, []string{"credentials of Google Cloud"}},
		{"srv/store.p12", "\x30\x82", []string{"key store"}},
		{"root/.bash_history", "export DB_PASSWORD='" + letters[:10] + "'\n", []string{"value in a history of commands"}},
		{"root/.git-credentials", "https://me:" + letters[:10] + "@git.example", []string{"credentials of git", "password in an address"}},
		// What packages bring along.
		{"usr/lib/python3.12/test/certdata/keycert.pem", privateKey, nil},
		{"opt/venv/lib/python3.12/site-packages/tornado/test/test.key", privateKey, nil},
		{"usr/share/doc/x/examples/.env", "API_KEY=" + letters, nil},
		{"app/node_modules/x/test/key.pem", privateKey, nil},
		{"app/main.py", "TOKEN = '" + github + "'", nil}, // not a file that is looked at
	} {
		var kinds []string
		for _, found := range InFile(c.path, c.content, 2) {
			require.Equal(t, Found{Where: File, Name: c.path, Kind: found.Kind, Layer: 2}, found)
			kinds = append(kinds, found.Kind)
		}
		require.Equal(t, c.want, kinds, c.path+": "+c.content)
	}
}

func TestInConfig(t *testing.T) {
	found := InConfig([]string{
		"PATH=/usr/bin", "GPG_KEY=A035C8C19219BA821ECEA86B64E628F8D684696D", "PYTHON_SHA256=" + letters, "LANG=C.UTF-8", "TOKENIZERS_PARALLELISM=false",
		"DB_PASSWORD=" + letters[:9], "DB_PASSWORD_FILE=/run/secrets/db", "SESSION=" + github, "DATABASE_URL=postgres://app:" + letters[:9] + "@db/app", "EMPTY_TOKEN=", "OPENAI_API_KEY=changeme", "broken",
	}, []Entry{
		{"/bin/sh -c #(nop) ENV LANG=C.UTF-8", None},
		{"RUN |1 PIP_TOKEN=" + letters[:12] + " /bin/sh -c pip install app # buildkit", 1},
		{"ARG NPM_TOKEN", None},
		{"RUN /bin/sh -c curl -u me https://me:" + letters[:8] + "@example.org/x # buildkit", 2},
		{"ENV API_TOKEN=" + letters[:14], None},
		{"COPY . . # buildkit", 3},
	})
	require.Equal(t, []Found{
		{Where: Environment, Name: "DB_PASSWORD", Kind: "value of a variable that is named as one", Layer: None},
		{Where: Environment, Name: "SESSION", Kind: "GitHub token", Layer: None},
		{Where: Environment, Name: "DATABASE_URL", Kind: "password in an address", Layer: None},
		{Where: History, Name: "RUN instruction, history entry 1", Kind: "value of PIP_TOKEN", Layer: 1},
		{Where: History, Name: "RUN instruction, history entry 3", Kind: "password in an address", Layer: 2},
		{Where: History, Name: "ENV instruction, history entry 4", Kind: "value of API_TOKEN", Layer: None},
	}, found)
}

// TestNoValue: no part of a value is in what was found.
func TestNoValue(t *testing.T) {
	for _, found := range append(InFile("app/.env", "API_TOKEN="+github, 0), InConfig([]string{"API_TOKEN=" + github}, []Entry{{"RUN API_TOKEN=" + github + " make", 0}})...) {
		require.NotContains(t, found.Name+found.Kind, github[4:10])
	}
}

// TestLikely: what is asked first leaves no file out.
func TestLikely(t *testing.T) {
	for _, path := range []string{
		".env", "a/.envrc", "secrets.yaml", "secret.toml", "credentials.json", "_netrc", ".netrc", ".npmrc", ".pypirc", ".git-credentials", "x/.docker/config.json",
		"run/containers/auth.json", ".aws/credentials", ".kube/config", ".cache/huggingface/token", "Service_Account-1.json", "application_default_credentials.json",
		"id_rsa", "x.PEM", "a.key", "b.ppk", "s.p12", "s.pfx", "s.jks", "s.keystore", "db.kdbx", "a.tfstate", "terraform.tfvars", ".bash_history", ".pgpass", ".htpasswd",
	} {
		require.True(t, Kept(path), path)
	}
}

func FuzzInFile(f *testing.F) {
	f.Add("app/.env", "API_KEY="+letters)
	f.Add("root/.ssh/id_rsa", privateKey)
	f.Add("root/.docker/config.json", `{"auth":"`+letters+`"}`)
	f.Add("\xff/.env", "\x00=\xff\nTOKEN=\u202e"+letters)
	f.Fuzz(func(t *testing.T, path, content string) {
		for _, found := range InFile(path, content, 0) {
			require.Equal(t, path, found.Name)
			require.Less(t, len(found.Kind), 100)
		}
		InConfig([]string{content}, []Entry{{content, 0}})
	})
}
