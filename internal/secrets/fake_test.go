package secrets

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// made is n characters of no secret at all. Fakes are put together from parts,
// so that no scanner takes this repository for one with secrets.
func made(n int) string {
	return strings.Repeat("NotARealValue0JustForTheseTests9", n/32+1)[:n]
}

func upper(n int) string { return strings.Repeat("NTAREALVLUEJSTFOHQBCDG2345", n/26+1)[:n] }

func hex(n int) string { return strings.Repeat("0d1e2c3b4a596877", n/16+1)[:n] }

func pem(kind string) string {
	begin, end := "-----BEGIN "+kind+"-----\n", "-----END "+kind+"-----\n"
	return begin + made(64) + "\n" + made(64) + "\n" + made(20) + "==\n" + end
}

const privateKey = "PRIVATE" + " KEY"

// fake is a secret of a known shape, and its kind.
type fake struct{ kind, value string }

// fakes have one for every rule of the table, at least.
var fakes = []fake{
	{"private key", pem(privateKey)}, {"private key", pem("RSA " + privateKey)}, {"private key", pem("OPENSSH " + privateKey)},
	{"private key", pem("EC " + privateKey)}, {"private key", pem("ENCRYPTED " + privateKey)}, {"private key", pem("PGP " + privateKey + " BLOCK")},
	{"private key", "PuTTY-User-Key-" + "File-3: ssh-ed25519\nPrivate-Lines: 1\n" + made(48) + "\n"},
	{"private key", "AGE-SECRET-" + "KEY-1" + strings.Repeat("QPZRY9X8", 8)[:58]},
	{"Google service account key", `{"type": "service_account", "private_key": "-----BEGIN ` + privateKey + `-----\n` + made(64) + `\n-----END ` + privateKey + `-----\n"}`},
	{"AWS access key", "AK" + "IA" + upper(16)}, {"AWS access key", "AS" + "IA" + upper(16)},
	{"AWS secret key", "aws_secret" + "_access_key = " + made(40)},
	{"Google API key", "AI" + "za" + made(35)},
	{"Azure account key", "DefaultEndpointsProtocol=https;Account" + "Key=" + made(86) + "=="},
	{"Azure account key", "Endpoint=sb://x/;SharedAccess" + "Key=" + made(43) + "="},
	{"Azure client secret", "abc8" + "Q~" + made(34)},
	{"GitHub token", "gh" + "p_" + made(36)}, {"GitHub token", "gh" + "s_" + made(36)}, {"GitHub token", "github" + "_pat_" + made(82)},
	{"GitLab token", "gl" + "pat-" + made(20)}, {"GitLab token", "gl" + "rt-" + made(20)},
	{"Slack token", "xo" + "xb-" + "123456789012-123456789012-" + made(24)}, {"Slack token", "xa" + "pp-1-" + upper(10)},
	{"Slack webhook", "https://hooks.slack" + ".com/services/T" + upper(8) + "/B" + upper(8) + "/" + made(24)},
	{"Stripe key", "sk" + "_live_" + made(24)}, {"Stripe key", "rk" + "_test_" + made(24)}, {"Stripe key", "wh" + "sec_" + made(32)},
	{"Anthropic key", "sk-" + "ant-api03-" + made(93) + "AA"},
	{"OpenAI key", "sk-" + "proj-" + made(74)}, {"OpenAI key", "sk-" + made(20) + "T3Blbk" + "FJ" + made(20)},
	{"Hugging Face token", "h" + "f_" + made(34)}, {"Hugging Face token", "api" + "_org_" + made(34)},
	{"npm token", "np" + "m_" + made(36)}, {"PyPI token", "py" + "pi-Ag" + made(60)},
	{"Docker Hub token", "dckr" + "_pat_" + made(27)}, {"DigitalOcean token", "do" + "p_v1_" + hex(64)},
	{"SendGrid key", "S" + "G." + made(22) + "." + made(43)}, {"Vault token", "hv" + "s." + made(92)}, {"Databricks token", "da" + "pi" + hex(32)},
	{"JSON web token", "ey" + "J" + made(20) + ".ey" + "J" + made(30) + "." + made(43)},
	{"authorization header", "Authoriz" + "ation: Bearer " + made(30)},
	{"password in a URL", "postgres://app:" + made(12) + "@db.internal/app"}, {"password in a URL", "redis://:" + made(12) + "@cache.internal:6379/0"},
	{"password", "curl -fsS -u ci:" + made(12) + " https://registry.internal"},
	{"password", `echo "root:` + made(10) + `" | chpasswd`},
}

// hidesAll is that not even eight bytes in a row of what is secret can be read.
func hidesAll(t testing.TB, value string, found []Found) {
	t.Helper()
	for _, f := range found {
		for i := 0; i+8 <= len(value); i++ {
			require.NotContains(t, f.Name+"\n"+f.Kind, value[i:i+8])
		}
	}
}

func kinds(found []Found) []string {
	var all []string
	for _, f := range found {
		all = append(all, f.Kind)
	}
	return all
}
