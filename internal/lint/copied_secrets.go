package lint

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/moby/patternmatcher"

	"github.com/image-budget/image-budget/internal/secrets"
)

// Bounds of what is read of a context to find secrets in it.
const (
	mostSecretBytes  = 16 << 20
	leastSecretBytes = 4 << 10 // what a file counts for, however small it is
	mostSecrets      = 200
)

// secretsCopied are the secrets that a COPY or ADD takes from the context, in files
// that it names and in what else it takes along.
func (s *Subject) secretsCopied(step *Step) (all []Finding) {
	c := step.Copy
	if c == nil || c.From != "" {
		return nil
	}
	var along []string
	for _, source := range c.Sources {
		name := inFolder(source)
		switch {
		case strings.Contains(source, "://"):
		case s.Folder == nil || !isGlob(name) && !s.Folder.Has(name):
			if f, ok := s.secretByName(step, source); ok {
				all = append(all, f)
			}
		case isGlob(name) || s.Folder.IsDir(name):
			along = append(along, s.secretsUnder(name, c.Excludes)...)
		case s.Folder.Ignored(name):
		default:
			if kind := s.secretInNamed(name); kind != "" {
				all = append(all, step.finding(fmt.Sprintf("it copies a file with a secret: %s, %s", quoted(source), kind)))
			} else if slices.Contains(sshKeys, path.Base(name)) {
				f := step.finding(fmt.Sprintf("it copies %s, which is called like a private key though what is in it has no known shape", quoted(source)))
				f.Severity = Warning
				all = append(all, f)
			}
		}
	}
	if s.unsearched && s.copiesMuch(c) {
		f := step.finding("the context has more files that may hold secrets than are looked at")
		f.Severity, f.Fix = Info, "leave out in .dockerignore what the build does not need"
		all = append(all, f)
	}
	if len(along) > 0 {
		slices.Sort(along)
		f := step.finding("it takes files with secrets along: " + list(slices.Compact(along)))
		f.Fix = "leave them out in .dockerignore, and replace the secrets where the image was pushed"
		if !s.InRuntime(step.Stage) { // only the cache of the build has it
			f.Severity = Warning
		}
		all = append(all, f)
	}
	return all
}

// secretByName goes by the name of a file that cannot be looked at: where there is
// no context, or where it is not in this one, as what git ignores is not on CI.
func (s *Subject) secretByName(step *Step, source string) (Finding, bool) {
	switch name := inFolder(source); {
	case !isSecretFile(path.Base(name)):
		return Finding{}, false
	case s.Folder == nil:
		return step.finding("it copies a file with a secret: " + quoted(source)), true
	case s.Folder.Ignored(name):
		return Finding{}, false
	}
	f := step.finding(fmt.Sprintf("it copies %s, which is called like a file with secrets and is not in the context here", quoted(source)))
	f.Severity, f.Fix = Warning, "hand it to the build with RUN --mount=type=secret, or to the service when it starts"
	return f, true
}

// secretInNamed is the kind of the secret in a file that a COPY names. What a
// program looks for in one folder alone is known without it.
func (s *Subject) secretInNamed(name string) string {
	as := name
	switch base := path.Base(name); {
	case secrets.Kept(name):
	case base == "credentials":
		as = ".aws/credentials"
	case base == "config.json":
		as = ".docker/config.json"
	case path.Ext(base) == ".json": // a service account's
		as = "key.pem"
	}
	return s.kindIn(name, as)
}

// kindIn is the kind of the first secret in a file of the context, looked at as
// one that is called as; empty for none.
func (s *Subject) kindIn(name, as string) string {
	if !secrets.Kept(as) { // the name is enough, or means nothing
		return kind(secrets.InFile(as, ""))
	}
	if found, ok := s.read[name]; ok {
		return found
	}
	text, err := s.Folder.Read(name, manifestCap)
	if err != nil {
		text = nil
	}
	if s.read == nil {
		s.read = map[string]string{}
	}
	s.read[name] = kind(secrets.InFile(as, string(text)))
	return s.read[name]
}

// contextSecret is a file of the context that holds a secret.
type contextSecret struct{ path, kind string }

// secretsUnder are the files with secrets that a folder or a pattern takes along.
func (s *Subject) secretsUnder(source string, excludes []string) (all []string) {
	excluded, err := patternmatcher.New(excludes)
	if err != nil {
		return nil
	}
	for _, of := range s.contextSecrets() {
		if out, err := excluded.MatchesOrParentMatches(of.path); takes(source, of.path) && (err != nil || !out) {
			all = append(all, of.path+" ("+of.kind+")")
		}
	}
	return all
}

// contextSecrets are the files with secrets that a build gets to see. The context
// is looked through once, for whatever is copied.
func (s *Subject) contextSecrets() []contextSecret {
	if s.searched {
		return s.found
	}
	s.searched = true
	left := int64(mostSecretBytes)
	for _, entry := range s.Folder.Entries() {
		named := secrets.Kept(entry.Path) && entry.Bytes > 0 || kind(secrets.InFile(entry.Path, "")) != ""
		if entry.Dir || !named {
			continue
		}
		left -= min(max(entry.Bytes, leastSecretBytes), manifestCap)
		if s.unsearched = left < 0 || len(s.found) == mostSecrets; s.unsearched {
			break
		}
		if s.Folder.Ignored(entry.Path) {
			continue
		}
		if kind := s.kindIn(entry.Path, entry.Path); kind != "" {
			s.found = append(s.found, contextSecret{entry.Path, kind})
		}
	}
	return s.found
}

func isGlob(name string) bool { return strings.ContainsAny(name, "*?[") }

// takes reports whether a file is copied with a folder of the context, or with
// what a pattern means.
func takes(source, name string) bool {
	if !isGlob(source) {
		_, in := under("/"+name, "/"+source)
		return in
	}
	parts := strings.Split(name, "/")
	n := strings.Count(source, "/") + 1
	if n > len(parts) {
		return false
	}
	matched, err := path.Match(source, strings.Join(parts[:n], "/"))
	return err == nil && matched
}

var sshKeys = []string{"id_rsa", "id_dsa", "id_ecdsa", "id_ed25519"}

// isSecretFile reports whether a file is called like one that holds secrets and
// seldom anything else. An .npmrc mostly names a registry alone.
func isSecretFile(base string) bool {
	words := fileTokens(base)
	has := func(any ...string) bool {
		return slices.ContainsFunc(words, func(word string) bool { return slices.Contains(any, word) })
	}
	switch ending := path.Ext(base); {
	case slices.Contains(sshKeys, base), slices.Contains([]string{".env", ".netrc", ".pypirc", ".git-credentials", ".pgpass", ".htpasswd"}, base):
		return true
	case strings.HasPrefix(base, ".env."):
		return secrets.Kept(base) // .env.example is there to be filled in
	case ending == ".pem":
		return has("private", "privkey", "key") && !has("public", "pub")
	case ending == ".key":
		return has("private", "server", "client", "tls", "ssl")
	}
	return false
}
