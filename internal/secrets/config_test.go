package secrets

import (
	"strings"
	"testing"
	"unicode/utf8"

	ocispec "github.com/opencontainers/image-spec/specs-go/v1"
	"github.com/stretchr/testify/require"
)

func TestEnvironment(t *testing.T) {
	for _, f := range fakes {
		found := InConfig([]string{"PATH=/usr/bin", "SETTING=" + f.value}, nil)
		require.Equal(t, []Found{{Where: "environment", Name: "SETTING", Kind: f.kind, Layer: -1}}, found, f.value)
	}
	for name, kind := range map[string]string{
		"DB_PASSWORD": "password", "MYSQL_ROOT_PASSWORD": "password", "SMTP_PASS": "password", "DB_PWD": "password", "REDIS_PASSWD": "password", "KEY_PASSPHRASE": "password",
		"GITHUB_TOKEN": "token", "AUTH-TOKEN": "token", "clientSecret": "secret", "SECRET_KEY": "secret", "SECRET_KEY_BASE": "secret", "AZURE_OPENAI_API_KEY": "API key",
		"apiKey": "API key", "JWT_PRIVATE_KEY": "private key", "S3_ACCESS_KEY": "secret",
	} {
		value := made(16) + " with a blank"
		found := InConfig([]string{name + "=" + value}, nil)
		require.Equal(t, []Found{{Where: "environment", Name: name, Kind: kind, Layer: -1}}, found)
	}
}

// The variables and the history of official images of Docker Hub, and others
// that want to be taken for secrets.
func TestNoSecretsInConfig(t *testing.T) {
	env := []string{"PATH=/usr/local/bin:/usr/bin", "LANG=C.UTF-8", "GPG_KEY=7169605F62C751356D054A26A821E680E5FA6305", "PYTHON_VERSION=3.12.7",
		"PYTHON_SHA256=24887b92e2afd4a2ac602419ad4b596372f67ac9b077190f459aba390faf5550", "GPG_KEYS=1198C0117593497A5EC5C199286AF1F9897469DC",
		"NODE_VERSION=22.11.0", "YARN_VERSION=1.22.22", "PWD=/srv/application", "OLDPWD=/srv/application", "COMPASS=abcdefghij", "POSTGRES_PASSWORD_FILE=/run/secrets/pg",
		"ALLOW_EMPTY_PASSWORD=yes", "SSL_CERT_FILE=/etc/ssl/certs/ca.pem", "VAULT_TOKEN_PATH=/var/run/token", "API_KEY=", "TOKEN", "KEY_TOKEN=TOKEN", "=", "", "A=B=C",
		"NVIDIA_REQUIRE_CUDA=cuda>=12.4 brand=tesla,driver>=470", "TOKEN_LIMIT=12345678", "COUNT_TOKEN=12345678"}
	history := []ocispec.History{
		{CreatedBy: "/bin/sh -c #(nop) ADD file:4d192565a7220e135cab6c77fbc1c73211b69f3d9fb37e62857b2c6eb9363d51 in / "},
		{CreatedBy: "ENV GPG_KEY=7169605F62C751356D054A26A821E680E5FA6305", EmptyLayer: true},
		{CreatedBy: "ENV PYTHON_SHA256=24887b92e2afd4a2ac602419ad4b596372f67ac9b077190f459aba390faf5550", EmptyLayer: true},
		{CreatedBy: `RUN /bin/sh -c set -eux; gpg --batch --keyserver hkps://keys.openpgp.org --recv-keys "$GPG_KEY"; wget -O python.tar.xz "https://www.python.org/ftp/python/${PYTHON_VERSION%%[a-z]*}/x" # buildkit`},
		{CreatedBy: "ARG DB_PASSWORD", EmptyLayer: true}, {CreatedBy: "ARG NPM_TOKEN=", EmptyLayer: true}, {CreatedBy: "ARG API_KEY=changeme", EmptyLayer: true},
		{CreatedBy: "ARG VERSION=1.2.3", EmptyLayer: true}, {CreatedBy: "RUN |2 VERSION=1.2.3 TARGETARCH=amd64 /bin/sh -c make # buildkit"},
		{CreatedBy: "RUN /bin/sh -c --mount=type=secret,id=npm_token,env=NPM_TOKEN npm ci # buildkit"},
		{CreatedBy: `RUN /bin/sh -c NPM_TOKEN=$(cat /run/secrets/npm) PASSWORD="$(cat /run/p)" TOKEN=` + "`cat /t`" + ` npm ci # buildkit`},
		{CreatedBy: `CMD ["postgres" "--auth-token-file" "/run/secrets/x"]`, EmptyLayer: true}, {}, {CreatedBy: "COPY . /app # buildkit"},
	}
	require.Empty(t, InConfig(env, history))
}

func TestHistory(t *testing.T) {
	token, word := "np"+"m_"+made(36), made(14)
	cases := []struct{ recorded, want, kind string }{
		{"RUN |1 NPM_TOKEN=" + token + " /bin/sh -c npm ci # buildkit", "RUN |1 NPM_TOKEN=*** /bin/sh -c npm ci # buildkit", "npm token"},
		{"|2 A=1 DB_PASSWORD=" + word + " and more B=2 /bin/bash -o pipefail -c make", "|2 A=1 DB_PASSWORD=*** /bin/bash -o pipefail -c make", "password"},
		{"|1 DB_PASSWORD=" + word + " make", "|1 DB_PASSWORD=***", "password"},
		{"ENV DB_PASSWORD=" + word + " of four words", "ENV DB_PASSWORD=***", "password"},
		{"/bin/sh -c #(nop)  ENV A=1 DB_PASSWORD=" + word, "/bin/sh -c #(nop) ENV A=1 DB_PASSWORD=***", "password"},
		{"ARG DB_PASSWORD=" + word, "ARG DB_PASSWORD=***", "password"},
		{"RUN /bin/sh -c pip install --index-url https://ci:" + word + "@packages.internal/ app", "RUN /bin/sh -c pip install --index-url https://ci:***@packages.internal/ app", "password in a URL"},
		{`RUN /bin/sh -c curl -H "Authorization: Bearer ` + word + `" x && echo ` + word, `RUN /bin/sh -c curl -H "Authorization: Bearer ***" x && echo ***`, "authorization header"},
		{`RUN /bin/sh -c TOKEN=` + word + `'quoted part'"and this" make`, `RUN /bin/sh -c TOKEN=*** make`, "token"},
		{`RUN /bin/sh -c TOKEN='` + word + `' make; echo ` + word, `RUN /bin/sh -c TOKEN=*** make; echo ***`, "token"},
		{`RUN /bin/sh -c sh -c "TOKEN=` + word + `" && make`, `RUN /bin/sh -c sh -c "TOKEN=***" && make`, "token"},
		{"RUN /bin/sh -c login --password " + word + " && make", "RUN /bin/sh -c login --password *** && make", "password"},
		{`RUN /bin/sh -c echo "root:` + word + `" | chpasswd`, `RUN /bin/sh -c echo "root:***" | chpasswd`, "password"},
		{"RUN /bin/sh -c cat > k <<EOF\n" + pem(privateKey) + "EOF\n", "RUN /bin/sh -c cat > k <<EOF -----BEGIN " + privateKey + "-----*** EOF", "private key"},
	}
	for _, c := range cases {
		found := InConfig(nil, []ocispec.History{{CreatedBy: "ADD rootfs"}, {CreatedBy: "WORKDIR /x", EmptyLayer: true}, {CreatedBy: c.recorded}, {CreatedBy: c.recorded, EmptyLayer: true}})
		require.Equal(t, []Found{{Where: History, Name: c.want, Kind: c.kind, Layer: 1}, {Where: History, Name: c.want, Kind: c.kind, Layer: None}}, found)
		for _, secret := range []string{word, token, "of four words", "and more", "quoted part", "and this"} {
			hidesAll(t, secret, found)
		}
	}
}

// A value that the environment knows whole is nowhere in the history's text, and
// one that is cut by the length of an instruction is not half shown.
func TestHistoryWithTheEnvironment(t *testing.T) {
	word := made(14) + " X=1 " + made(10)
	found := InConfig([]string{"DB_PASSWORD=" + word}, []ocispec.History{
		{CreatedBy: "RUN /bin/sh -c DB_PASSWORD='" + word + "' make; echo " + word + strings.Repeat(" more", 60) + " gh" + "p_" + made(36)},
	})
	require.Equal(t, []string{"password", "password", "GitHub token"}, kinds(found))
	hidesAll(t, word, found)
	require.LessOrEqual(t, utf8.RuneCountInString(found[1].Name), maxInstruction)
	require.True(t, strings.HasSuffix(found[1].Name, "…"))
}

func TestFakesInHistoryAreHidden(t *testing.T) {
	for _, f := range fakes {
		for _, shape := range []string{"RUN /bin/sh -c X %s && make", "ENV A=1 X=%s", "|1 X=%s /bin/sh -c make", "RUN echo '%s' > x"} {
			found := InConfig([]string{"X=" + f.value}, []ocispec.History{{CreatedBy: strings.ReplaceAll(shape, "%s", f.value)}})
			require.Greater(t, len(found), 1, f.value)
			require.Contains(t, kinds(found[1:]), f.kind, f.value)
			require.NotContains(t, found[1].Name, made(8), f.value)
			require.NotContains(t, found[1].Name, hex(8), f.value)
		}
	}
}
