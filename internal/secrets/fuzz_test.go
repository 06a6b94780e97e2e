package secrets

import (
	"slices"
	"strings"
	"testing"

	ocispec "github.com/opencontainers/image-spec/specs-go/v1"
	"github.com/stretchr/testify/require"
)

// paths have every way to look at a file.
var paths = []string{"app/.env", "root/.netrc", "root/.bash_history", "etc/shadow", "root/.pgpass", "etc/x.key", "root/.huggingface/token", "x.p12", "README"}

// FuzzInFile also takes the content for a variable and an instruction.
func FuzzInFile(f *testing.F) {
	for _, one := range fakes {
		f.Add(one.value)
	}
	for _, seed := range []string{"", "=", "PASSWORD=", "PASSWORD=\"", "password: 'x\\", "TOKEN=\\", "--token ", "define('DB_PASSWORD', '\\", "a:$", "://:@", "-----BEGIN " + privateKey + "-----",
		"ENV DB_PASSWORD=hunter22 more", "|1 TOKEN=abcdefgh9 /bin/sh -c x", "password hunter22", "h:1:d:u:hunter22", "\xff\xfe=\x00", "PASSWORD=\xff\xff\xff\xff"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		for _, path := range paths {
			for _, found := range InFile(path, text) {
				require.True(t, slices.Contains(allKinds, found.Kind), found.Kind)
				require.Equal(t, Found{Where: "file", Name: path, Kind: found.Kind, Layer: -1}, found)
			}
		}
		for _, variable := range []string{"DB_PASSWORD=" + text, text} {
			_, value, _ := strings.Cut(variable, "=")
			for _, found := range InConfig([]string{variable}, nil) {
				require.True(t, slices.Contains(allKinds, found.Kind), found.Kind)
				require.True(t, len(value) < 4 || !strings.Contains(found.Name, value))
			}
		}
		spans := merged(tokens(text), shellAssignments(text))
		for _, found := range InConfig(nil, []ocispec.History{{CreatedBy: text}}) {
			for _, s := range spans {
				if value := text[s.from:s.to]; !strings.Contains("***…", value) {
					require.NotContains(t, found.Name, value)
				}
			}
		}
	})
}

// allKinds are fixed texts, so that none is of the content.
var allKinds = func() []string {
	all := []string{"key store", "password database", "password hash", "Hugging Face token", "Vault token", registryLogin}
	for _, r := range rules {
		all = append(all, r.kind)
	}
	for _, k := range nameKinds {
		all = append(all, k.kind)
	}
	return all
}()

func BenchmarkKept(b *testing.B) {
	for b.Loop() {
		Kept("opt/venv/lib/python3.12/site-packages/torch/include/ATen/ops/add.h")
	}
}

func BenchmarkInFile(b *testing.B) {
	text := strings.Repeat("LOG_LEVEL=info\nDB_HOST=db.internal\nDB_PORT=5432\nFEATURE_X=true\n", 64) + "DB_PASSWORD=" + made(12) + "\n"
	b.SetBytes(int64(len(text)))
	for b.Loop() {
		InFile("app/.env", text)
	}
}
