package lint

import (
	"encoding/json"
	"testing"

	ocispec "github.com/opencontainers/image-spec/specs-go/v1"
	"github.com/stretchr/testify/require"

	"github.com/image-budget/image-budget/internal/secrets"
)

// subject is an image with that config and no files.
func subject(t *testing.T, config string) ImageSubject {
	t.Helper()
	var spec ocispec.Image
	require.NoError(t, json.Unmarshal([]byte(config), &spec))
	of, err := ReadImage("app:ci", []byte(config), secrets.InConfig(spec.Config.Env, spec.History))
	require.NoError(t, err)
	return of
}

// found is how often each rule finds something.
func found(all []Finding) map[string]int {
	rules := map[string]int{}
	for _, f := range all {
		rules[f.Rule]++
	}
	return rules
}

// Every rule finds its bad example once and its good one not at all, and says what
// a reader needs.
func TestImageRules(t *testing.T) {
	for _, rule := range ImageRules {
		t.Run(rule.Name, func(t *testing.T) {
			require.Equal(t, 1, found(Image(subject(t, rule.Bad)))[rule.Name])
			require.Zero(t, found(Image(subject(t, rule.Good)))[rule.Name])
			for _, text := range []string{rule.Summary, rule.Why, rule.Fix, rule.Doc} {
				require.NotEmpty(t, text)
			}
			require.Contains(t, Severities, rule.Severity)
		})
	}
}

func TestImageRulesNearMisses(t *testing.T) {
	for _, c := range []struct {
		name, config, rule, message string // an empty message: nothing is found
	}{
		{"root by name", `{"config": {"User": "root"}}`, "image-root-user", `the user is "root"`},
		{"root by number, with a group", `{"config": {"User": "0:1000"}}`, "image-root-user", `the user is "0:1000"`},
		{"root, spelled long", `{"config": {"User": "00"}}`, "image-root-user", `the user is "00"`},
		{"root's group alone", `{"config": {"User": "1000:0"}}`, "image-root-user", ""},
		{"a user by name", `{"config": {"User": "rooted"}}`, "image-root-user", ""},
		{"no config at all", `{}`, "image-root-user", "names no user"},
		{"a group alone", `{"config": {"User": ":1000"}}`, "image-root-user", "names no user"},
		{"no health check", `{"config": {}}`, "image-no-healthcheck", "has no health check"},
		{"an empty one", `{"config": {"Healthcheck": {"Test": []}}}`, "image-no-healthcheck", "has no health check"},
		{"one taken back", `{"config": {"Healthcheck": {"Test": ["NONE"]}}}`, "image-no-healthcheck", "takes the health check"},
		{"one in a shell", `{"config": {"Healthcheck": {"Test": ["CMD-SHELL", "curl -f localhost"]}}}`, "image-no-healthcheck", ""},
		{"a label missing", `{"config": {"Labels": {"org.opencontainers.image.source": "x", "org.opencontainers.image.version": "1"}}}`, "image-no-origin", "no label org.opencontainers.image.revision"},
		{"a label that says nothing", `{"config": {"Labels": {"org.opencontainers.image.source": "", "org.opencontainers.image.version": "1", "org.opencontainers.image.revision": "a"}}}`, "image-no-origin", "no label org.opencontainers.image.source"},
		{"a secret in the history", `{"history": [{"created_by": "RUN curl -H 'Authorization: Bearer x' https://user:hunter22hunter@example.com/x"}]}`, "image-secret", "the history holds a secret"},
		{"a secret in the environment", `{"config": {"Env": ["API_TOKEN=vK8rq2xWm4TzLp0s"]}}`, "image-secret", `the environment variable "API_TOKEN"`},
	} {
		t.Run(c.name, func(t *testing.T) {
			var messages []string
			for _, f := range Image(subject(t, c.config)) {
				require.Equal(t, "app:ci", f.Image)
				require.Empty(t, f.File)
				if f.Rule == c.rule {
					messages = append(messages, f.Message)
				}
			}
			if c.message == "" {
				require.Empty(t, messages)
				return
			}
			require.Len(t, messages, 1)
			require.Contains(t, messages[0], c.message)
		})
	}
}

// The value of a secret is in no finding, wherever it was.
func TestImageSecretKeepsTheValue(t *testing.T) {
	of := subject(t, `{"config": {"Env": ["API_TOKEN=vK8rq2xWm4TzLp0s"]}, "history": [{"created_by": "ENV API_TOKEN=vK8rq2xWm4TzLp0s"}]}`)
	of.Secrets = append(of.Secrets, secrets.Found{Where: secrets.File, Name: "root/.npmrc", Kind: "npm token", Layer: 2, Gone: true})
	text, err := json.Marshal(Image(of))
	require.NoError(t, err)
	require.NotContains(t, string(text), "vK8rq2xWm4TzLp0s")
	require.Contains(t, string(text), `the file \"/root/.npmrc\" of layer 2 holds a secret: npm token, deleted later and still in its layer`)
}

func TestReadImageOfWhatIsNoConfig(t *testing.T) {
	_, err := ReadImage("app:ci", []byte(`{"config": {"User": 5}}`), nil)
	require.ErrorContains(t, err, `parsing the config of "app:ci"`)
}
