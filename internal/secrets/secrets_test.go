package secrets

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestEveryRuleHasASourceAndAFake(t *testing.T) {
	for _, r := range rules {
		require.NotEmpty(t, r.source, r.kind)
		found := false
		for _, f := range fakes {
			found = found || f.kind == r.kind && r.mayMatch(strings.ToLower(f.value)) && r.pattern().MatchString(f.value)
		}
		require.True(t, found, "%s: nothing matches %s", r.kind, r.pattern())
	}
}

// A secret is found wherever it stands, and once.
func TestKnownShapes(t *testing.T) {
	for _, f := range fakes {
		for _, text := range []string{f.value, "X=" + f.value + "\n", "# settings\nA: \"1\"\n  x: " + f.value + "\n"} {
			found := InFile("app/.env", text)
			require.Contains(t, kinds(found), f.kind, text)
			for _, one := range found {
				require.Equal(t, Found{Where: "file", Name: "app/.env", Kind: one.Kind, Layer: -1}, one)
			}
		}
		if f.kind == "private key" {
			require.Equal(t, []string{"private key"}, kinds(InFile("etc/tls/server.key", f.value)))
		}
	}
}

func TestFiles(t *testing.T) {
	word := made(12)
	cases := []struct{ path, content, want string }{
		{"app/.env", "LOG=info\nDB_PASSWORD=" + word + "\n", "password"},
		{"app/.env.production", "export SESSION_SECRET='" + word + "' # of the app\n", "secret"},
		{"app/prod.env", "OPENWEATHER_API_KEY=\"" + word + "\"\r\n", "API key"},
		{"root/.netrc", "machine git.internal\n  login ci\n  password " + word + "\n", "password"},
		{"root/.npmrc", "//registry.internal/:_authToken=" + word + "\n", "token"},
		{"root/.npmrc", "_auth=" + "Y2k6" + "aHVudGVyMjI=" + "\n", "registry login"},
		{"root/.pypirc", "[pypi]\nusername = ci\npassword = " + word + "\n", "password"},
		{"etc/pip.conf", "[global]\nindex-url = https://ci:" + word + "@packages.internal/simple\n", "password in a URL"},
		{"root/.git-credentials", "https://ci:" + word + "@git.internal\n", "password in a URL"},
		{"app/.git/config", "[remote \"origin\"]\n\turl = https://ci:" + word + "@git.internal/x.git\n", "password in a URL"},
		{"root/.docker/config.json", `{"auths":{"registry.internal":{"auth":"` + "Y2k6" + "aHVudGVyMjI=" + `"}}}`, "registry login"},
		{"root/.aws/credentials", "[default]\naws_secret" + "_access_key = " + made(40) + "\n", "AWS secret key"},
		{"root/.kube/config", "users:\n- name: ci\n  user:\n    token: " + word + "\n", "token"},
		{"root/.kube/config", "    client-key-data: " + made(80) + "\n", "private key"},
		{"root/.cache/huggingface/token", made(37) + "\n", "Hugging Face token"},
		{"root/.huggingface/token", made(37), "Hugging Face token"},
		{"app/credentials.json", `{"installed": {"client_secret": "` + word + `"}}`, "secret"},
		{"app/service-account-prod.json", `{"type": "service_account", "private_key": "-----BEGIN ` + privateKey + `-----\n` + made(64) + `\n"}`, "Google service account key"},
		{"srv/.htpasswd", "ci:$2y$05$" + made(53) + "\n", "password hash"},
		{"etc/shadow", "root:$6$" + made(20) + "$" + made(86) + ":19000:0:99999:7:::\nbin:*:19000::::::\n", "password hash"},
		{"app/secrets.yaml", "database:\n  password: \"" + word + "\"\n", "password"},
		{"app/terraform.tfstate", `{"attributes": {"password": "` + word + `"}}`, "password"},
		{"app/terraform.tfvars", "db_password = \"" + word + "\"\n", "password"},
		{"var/www/wp-config.php", "define( 'DB_PASSWORD', '" + word + "' );\n", "password"},
		{"root/.m2/settings.xml", "<server><password>" + word + "</password></server>", "password"},
		{"root/.bash_history", "ls\nmysql --password=" + word + " app\n", "password"},
		{"root/.bash_history", "export GH_TOKEN=" + word + "; gh auth status\n", "token"},
		{"root/.pgpass", "db.internal:5432:app:app:" + word + "\n", "password"},
		{"root/.ssh/id_ed25519", pem("OPENSSH " + privateKey), "private key"},
		{"etc/ssh/ssh_host_rsa_key", pem("RSA " + privateKey), "private key"},
		{"etc/ssl/private/ssl-cert-snakeoil.key", pem(privateKey), "private key"},
		{"etc/haproxy/site.pem", pem("CERTIFICATE") + pem(privateKey), "private key"},
		{"app/signing.p12", "", "key store"},
		{"app/signing.pfx", "\x00\x01", "key store"},
		{"home/a/Passwords.kdbx", "", "password database"},
	}
	for _, c := range cases {
		found := InFile(c.path, c.content)
		require.Equal(t, []Found{{Where: "file", Name: c.path, Kind: c.want, Layer: -1}}, found, c.path)
		require.Equal(t, c.want != "key store" && c.want != "password database", Kept(c.path), c.path)
	}
}

// What is no secret, in files that may have one.
func TestNoSecrets(t *testing.T) {
	values := []string{"", `""`, "changeme", "CHANGE_ME", "xxx", "xxxxxxxxxxxxxxxxxxxxxxxx", "********", "${DB_PASSWORD}", "$DB_PASSWORD", "$(cat /run/secrets/db)",
		"<your password>", "[redacted]", "{{ .Values.password }}", "%DB_PASSWORD%", "/run/secrets/db_password", "./secrets/db", "~/.secret", `C:\secret`,
		"yes", "true", "null", "password", "your-password-here", "example-password", "https://vault.internal/v1", "arn:aws:secretsmanager:eu-west-1:1:secret:x",
		"op://vault/db/password", "vault:secret/data/db#password", "ENC[AES256_GCM,data:abcdefgh]", "process.env.DB_PASSWORD"}
	for _, value := range values {
		require.Empty(t, InFile("app/.env", "DB_PASSWORD="+value+"\n"), value)
		require.Empty(t, InFile("app/secrets.json", `{"password": "`+value+`"}`), value)
		found := InConfig([]string{"DB_PASSWORD=" + value}, nil)
		require.Empty(t, found, value)
	}
	for path, content := range map[string]string{
		"app/.env":                 "MAX_TOKEN=4096000000\nPAD_TOKEN=<pad>\nEOS_TOKEN=endoftext9\nNEXT_PUBLIC_API_KEY=pk123456789\nTOKENIZERS_PARALLELISM=false\nPASSWORD_MIN_LENGTH=12345\nSECRET_NAME=my-app-secret-name\n",
		"app/.env.local":           "AWS_ACCESS_KEY_ID=AKIA" + "IOSFODNN7" + "EXAMPLE\nGH=gh" + "p_" + strings.Repeat("x", 36) + "\nURL=https://user:${PASSWORD}@host/ http://localhost:8080/x@y\n",
		"etc/ssl/server.pem":       pem("CERTIFICATE") + pem("PUBLIC KEY") + pem("DH PARAMETERS"),
		"etc/apt/docker.asc":       pem("PGP PUBLIC KEY BLOCK"),
		"app/notes.key":            "-----BEGIN " + privateKey + "-----\n...\n-----END " + privateKey + "-----\n",
		"etc/shadow":               "root:*:19000:0:99999:7:::\nbin:!:19000::::::\nx:!!::::\ny:::0:::::\n",
		"root/.netrc":              "machine git.internal login ci password ${CI_TOKEN}\n",
		"root/.bash_history":       "export TOKEN=$(cat /run/secrets/token)\nPASSWORD=\"$PW\" make\ncurl -u \"$USER:$PW\" https://x\ndocker login --password-stdin registry.internal\n",
		"root/.gitconfig":          "[user]\n\temail = a@b.internal\n[url \"git@host:\"]\n",
		"root/.docker/config.json": `{"credsStore": "desktop", "auths": {"x": {"auth": ""}}}`,
		"root/.aws/config":         "[default]\nregion = eu-west-1\ncredential_process = /bin/get\n",
	} {
		require.True(t, Kept(path), path)
		require.Empty(t, InFile(path, content), path)
	}
}

// Files that packages bring, patterns to be filled in, and files that only look
// like candidates are not even kept.
func TestNotCandidates(t *testing.T) {
	for _, path := range []string{
		"app/.env.example", "app/.env.sample", "app/.env.template", "app/.env.dist", "app/example.env", "app/secrets.example.yaml", "app/credentials.json/x",
		"usr/local/lib/python3.12/test/certdata/keycert.pem", "usr/lib/python3/dist-packages/x/tests/key.pem", "usr/lib/python3.11/test/ssl_key.pem",
		"opt/venv/lib/python3.12/site-packages/certifi/cacert.pem", "srv/site-packages/aiohttp/tests/server.key", "app/node_modules/x/test/.env", "node_modules/x/server.key",
		"usr/share/doc/openssl/demo.key", "usr/share/ca-certificates/mozilla/A.pem", "usr/local/go/src/crypto/tls/testdata/example-key.pem", "root/go/pkg/mod/x/key.pem",
		"app/main.py", "app/config.json", "huggingface/tokenizer.json", "app/token", "app/config", "app/environment", "app/.environment", "etc/passwd", "app/credentials", ".env/x",
		"", "/", ".",
	} {
		require.False(t, Kept(path), path)
		require.Empty(t, InFile(path, "DB_PASSWORD="+made(12)+"\n"+pem(privateKey)), path)
	}
	require.True(t, Kept(".env"))
	require.True(t, Kept("etc/shadow"))
	require.False(t, Kept("backup/etc/shadow"))
}
