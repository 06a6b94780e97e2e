package secrets

import (
	"regexp"
	"strings"
	"sync"
)

// rule is a kind of secret that is known by its shape.
type rule struct {
	kind    string
	marks   string                // one of these words is in every text with such a secret, in any case: the pattern is run on few
	pattern func() *regexp.Regexp // its first group is the value, or all of it where there is none
	holds   func(value string) bool
	source  string // where the shape is written down
}

// later compiles a pattern when it is first needed: most runs need none.
func later(pattern string) func() *regexp.Regexp {
	return sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(pattern) })
}

// keyRules are for files of keys, where base64 may look like anything else.
var keyRules = []rule{
	{"Google service account key", "service_account", later(`"private_key"\s*:\s*"(-----BEGIN [A-Z ]*PRIVATE KEY-----[^"]{40,})"`), holdsKey, "cloud.google.com/iam/docs/keys-create-delete"},
	{"private key", "-----BEGIN", later(`-----BEGIN (?:[A-Z0-9]+ ){0,3}PRIVATE KEY(?: BLOCK)?-----((?s:.*?)(?:-----END [A-Z0-9 ]*-----|\z))`), holdsKey, "RFC 7468, RFC 9580; openssh PROTOCOL.key"},
	{"private key", "PuTTY-User-Key-File", later(`Private-Lines: [0-9]+\s+([A-Za-z0-9+/=\s]+)`), holdsKey, "PuTTY manual, appendix on its private key format"},
	{"private key", "AGE-SECRET-KEY-1", later(`\bAGE-SECRET-KEY-1[QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L]{58}`), holdsKey, "age-encryption.org/v1"},
}

// rules are in the order in which they give a value its kind.
var rules = append(keyRules[:len(keyRules):len(keyRules)], []rule{
	{"AWS access key", "AKIA ASIA", later(`\b(?:AKIA|ASIA)[A-Z2-7]{16}\b`), isToken, "docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html"},
	{"AWS secret key", "aws_secret awssecret", later(`(?i)aws_?secret_?(?:access_?)?key["']?\s*[:=]\s*["']?([A-Za-z0-9/+]{40})(?:[^A-Za-z0-9/+=]|$)`), isToken, "docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_access-keys.html"},
	{"Google API key", "AIza", later(`\bAIza[\w-]{35}`), isToken, "cloud.google.com/docs/authentication/api-keys"},
	{"Azure account key", "AccountKey= SharedAccessKey=", later(`\b(?:AccountKey|SharedAccessKey)=([A-Za-z0-9+/]{43}=|[A-Za-z0-9+/]{86}==)`), isToken, "learn.microsoft.com/azure/storage/common/storage-configure-connection-string"},
	{"Azure client secret", "Q~", later(`(?:^|[\s"'=:])([\w~.]{3}\dQ~[\w~.-]{31,34})(?:[\s"',;]|$)`), isToken, "gitleaks, rule azure-ad-client-secret"},

	{"GitHub token", "ghp_ gho_ ghu_ ghs_ ghr_", later(`\bgh[pousr]_\w{36,255}`), isToken, "github.blog/2021-04-05-behind-githubs-new-authentication-token-formats"},
	{"GitHub token", "github_pat_", later(`\bgithub_pat_\w{82}`), isToken, "gitleaks, rule github-fine-grained-pat"},
	{"GitLab token", "glpat- gldt- glrt- glcbt- glptt- glft- glimt- glagent- glsoat- glffct- gloas-", later(`\bgl(?:pat|dt|rt|cbt|ptt|ft|imt|agent|soat|ffct|oas)-[\w.-]{20,300}`), isToken, "docs.gitlab.com/security/tokens"},
	{"Slack token", "xoxa- xoxb- xoxe- xoxo- xoxp- xoxr- xoxs- xoxe. xapp-", later(`\b(?:xox[abeoprs](?:\.xox[bp])?|xapp)-[\w-]{10,300}`), isToken, "docs.slack.dev/authentication/tokens"},
	{"Slack webhook", "hooks.slack.com", later(`hooks\.slack\.com/(?:services|workflows|triggers)/([\w+/]{40,60})`), isToken, "docs.slack.dev/messaging/sending-messages-using-incoming-webhooks"},
	{"Stripe key", "k_live_ k_test_ k_prod_", later(`\b[sr]k_(?:live|test|prod)_\w{10,255}`), isToken, "docs.stripe.com/keys"},
	{"Stripe key", "whsec_", later(`\bwhsec_[A-Za-z0-9+/=]{32,}`), isToken, "docs.stripe.com/webhooks"},

	{"Anthropic key", "sk-ant-", later(`\bsk-ant-[a-z0-9]+-[\w-]{40,255}`), isToken, "gitleaks, rule anthropic-api-key"},
	{"OpenAI key", "T3BlbkFJ", later(`\bsk-[\w-]*T3BlbkFJ[\w-]+`), isToken, "gitleaks, rule openai-api-key"},
	{"OpenAI key", "sk-", later(`\bsk-(?:proj|svcacct|admin)-[\w-]{40,255}`), isToken, "platform.openai.com/docs/api-reference/authentication"},
	{"Hugging Face token", "hf_", later(`\bhf_[A-Za-z0-9]{34,}\b`), isToken, "huggingface.co/docs/hub/security-tokens"},
	{"Hugging Face token", "api_org_", later(`\bapi_org_[A-Za-z0-9]{34,}\b`), isToken, "gitleaks, rule huggingface-organization-api-token"},

	{"npm token", "npm_", later(`\bnpm_[A-Za-z0-9]{36}\b`), isToken, "github.blog/2021-09-23-announcing-npms-new-access-token-format"},
	{"PyPI token", "pypi-", later(`\bpypi-Ag[\w-]{50,}`), isToken, "gitleaks, rule pypi-upload-token"},
	{"Docker Hub token", "dckr_", later(`\bdckr_(?:pat|oat)_[\w-]{24,}`), isToken, "trufflehog, detector dockerhub"},
	{"DigitalOcean token", "dop_v1_ doo_v1_ dor_v1_", later(`\bdo[opr]_v1_[0-9a-f]{64}\b`), isToken, "docs.digitalocean.com/reference/api/create-personal-access-token"},
	{"SendGrid key", "SG.", later(`\bSG\.[\w-]{22}\.[\w-]{43}`), isToken, "gitleaks, rule sendgrid-api-token"},
	{"Vault token", "hvs. hvb.", later(`\bhv[bs]\.[\w-]{90,300}`), isToken, "developer.hashicorp.com/vault/docs/concepts/tokens"},
	{"Databricks token", "dapi", later(`\bdapi[0-9a-f]{32}(?:-\d)?\b`), isToken, "gitleaks, rule databricks-api-token"},

	{"JSON web token", "eyJ", later(`\beyJ[\w-]{10,}\.eyJ[\w-]{10,}\.[\w-]{20,}`), isToken, "RFC 7519"},
	{"authorization header", "authorization", later(`(?i)\bauthorization["']?\s*[:=]\s*["']?(?:bearer|basic|token)\s+([\w.~+/-]{12,}=*)`), isFreeText, "RFC 6750, RFC 7617"},
	{"password in a URL", "://", later(`\b[A-Za-z][A-Za-z0-9+.-]*://[^\s/?#:@"'<>]*:([^\s/?#"'<>]+)@[\w\[$%-]`), isFreeText, "RFC 3986, section 3.2.1"},
	{"password", "curl", later(`\bcurl\b[^\n|;&]*?\s(?:-u|--user)[ =]?["']?[^\s:"'$-][^\s:"']*:([^\s"']+)`), isFreeText, "curl(1)"},
	{"password", "chpasswd", later(`\b[a-z_][\w-]*:([^\s"']+)["']?\s*\|\s*(?:sudo\s+)?(?:/usr/sbin/)?chpasswd`), isFreeText, "chpasswd(8)"},
}...)

// tokens are the secrets in a text that are known by their shape.
func tokens(text string) []span { return find(text, rules) }

// privateKeys are the private keys in a text, however they are written.
func privateKeys(text string) []span { return find(text, keyRules) }

func find(text string, rules []rule) []span {
	var spans []span
	lower := strings.ToLower(text)
	for _, r := range rules {
		if !r.mayMatch(lower) {
			continue
		}
		for _, at := range r.pattern().FindAllStringSubmatchIndex(text, -1) {
			s := span{at[0], at[1], r.kind}
			if len(at) > 2 {
				s.from, s.to = at[2], at[3]
			}
			if r.holds(text[s.from:s.to]) {
				spans = append(spans, s)
			}
		}
	}
	return merged(spans)
}

func (r *rule) mayMatch(lower string) bool {
	for mark := range strings.FieldsSeq(r.marks) {
		if strings.Contains(lower, strings.ToLower(mark)) {
			return true
		}
	}
	return false
}

var keyLine = later(`[A-Za-z0-9+/]{40}|AGE-SECRET-KEY-1`)

// holdsKey is whether something stands between the lines that a private key
// begins and ends with: they are in documentation and in programs too.
func holdsKey(value string) bool { return keyLine().MatchString(value) }

// isToken leaves out those that documentation has.
func isToken(value string) bool {
	v := strings.ToLower(value)
	return !strings.Contains(v, "example") && !strings.Contains(v, "xxxx") && !sameAllAlong(v)
}

func isFreeText(value string) bool { return len(value) >= 4 && !isPlaceholder(value) }
