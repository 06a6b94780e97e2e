package lint

import (
	"path"
	"regexp"
	"slices"
	"strings"
)

// Family is what kind of packages a tool installs.
type Family string

// The families of package managers.
const (
	Python Family = "Python"
	Node   Family = "Node.js"
	System Family = "system"
	Other  Family = "other"
)

// Install is a command that installs packages.
type Install struct {
	Tool     string // pip, uv, poetry, apt, ...
	Family   Family
	Packages []string // as they are named, with versions
	Files    []string // of requirements
	Paths    []string // of projects and archives; "." for that of the working directory
	Options  []string // every word that begins with -
	Command  Command
}

// manager is a program that installs packages.
type manager struct {
	tool    string
	family  Family
	install [][]string // what follows the program's name
	valued  []string   // options with a value in the next word
}

var pipValued = []string{
	"-c", "--constraint", "-i", "--index-url", "--extra-index-url", "-f", "--find-links", "-t", "--target", "--prefix", "--root", "--python",
	"--platform", "--python-version", "--implementation", "--abi", "--progress-bar", "--timeout", "--retries", "--trusted-host", "--cache-dir",
	"--src", "--no-binary", "--only-binary", "--upgrade-strategy", "-C", "--config-settings", "--global-option", "--proxy", "--cert",
	"--client-cert", "--exists-action", "--report", "--group", "--index", "--default-index", "--index-strategy", "--keyring-provider",
	"--resolution", "--prerelease", "--exclude-newer", "--link-mode", "-p", "--torch-backend", "--override", "--extra", "--log", "--directory",
	"--project", "--no-group", "--only-group", "--no-install-package", "--package", "--with", "--without", "--only", "-E", "--extras", "-P", "--path",
}

// managers are the programs that are known to install packages.
var managers = []manager{
	{"pip", Python, [][]string{{"install"}, {"wheel"}}, pipValued},
	{"uv", Python, [][]string{{"pip", "install"}, {"pip", "sync"}, {"sync"}, {"add"}, {"tool", "install"}}, pipValued},
	{"poetry", Python, [][]string{{"install"}, {"sync"}, {"add"}}, pipValued},
	{"pdm", Python, [][]string{{"install"}, {"sync"}}, pipValued},
	{"pipenv", Python, [][]string{{"install"}, {"sync"}}, pipValued},
	{"conda", Python, [][]string{{"install"}, {"create"}, {"env", "create"}, {"env", "update"}}, []string{"-n", "--name", "-c", "--channel", "-p", "--prefix", "-f", "--file"}},
	{"npm", Node, [][]string{{"ci"}, {"install"}, {"i"}, {"clean-install"}}, []string{"--prefix", "-w", "--workspace", "--registry", "--cache", "--include", "--omit"}},
	{"yarn", Node, [][]string{{"install"}, {"add"}, nil}, []string{"--cwd", "--registry", "--cache-folder"}},
	{"pnpm", Node, [][]string{{"install"}, {"i"}, {"add"}}, []string{"--filter", "-C", "--dir", "--store-dir"}},
	{"bun", Node, [][]string{{"install"}, {"i"}, {"add"}}, nil},
	{"apt", System, [][]string{{"install"}}, []string{"-t", "--target-release", "-o", "--option", "-c"}},
	{"apk", System, [][]string{{"add"}}, []string{"-t", "--virtual", "-X", "--repository", "-p", "--root"}},
	{"dnf", System, [][]string{{"install"}, {"groupinstall"}, {"group", "install"}}, []string{"-c", "--setopt", "--installroot", "--releasever"}},
	{"zypper", System, [][]string{{"install"}, {"in"}}, nil},
	{"go", Other, [][]string{{"mod", "download"}, {"mod", "vendor"}}, nil},
	{"cargo", Other, [][]string{{"fetch"}, {"chef", "cook"}}, nil},
	{"bundle", Other, [][]string{{"install"}}, nil},
	{"composer", Other, [][]string{{"install"}}, nil},
	{"dotnet", Other, [][]string{{"restore"}}, []string{"-r", "--runtime", "-s", "--source", "--packages", "--configfile"}},
	{"mvn", Other, [][]string{{"dependency:go-offline"}, {"dependency:resolve"}}, nil},
}

// spellings are other names of the programs.
var spellings = map[string]string{
	"apt-get": "apt", "aptitude": "apt", "yum": "dnf", "microdnf": "dnf", "dnf5": "dnf", "tdnf": "dnf", "mamba": "conda", "micromamba": "conda",
}

var (
	pipName    = regexp.MustCompile(`^pip[0-9.]*$`)
	pythonName = regexp.MustCompile(`^(python|pypy)[0-9.]*$`)
)

// tool is what a command is called here, and its arguments.
func (c Command) tool() (name string, rest []string) {
	name, rest = c.Name(), c.Words[1:]
	if pythonName.MatchString(name) && len(rest) >= 2 && rest[0] == "-m" {
		name, rest = rest[1], rest[2:]
	}
	if pipName.MatchString(name) {
		name = "pip"
	}
	if of, ok := spellings[name]; ok {
		name = of
	}
	return name, rest
}

// install is what a command installs; ok is false where it is no such command.
func (c Command) install() (of Install, ok bool) {
	name, rest := c.tool()
	n := slices.IndexFunc(managers, func(m manager) bool { return m.tool == name })
	if n < 0 {
		return Install{}, false
	}
	m := managers[n]
	of = Install{Tool: m.tool, Family: m.family, Command: c}
	words := m.sort(&of, rest)
	for _, verb := range m.install {
		if len(verb) > len(words) || !slices.Equal(words[:len(verb)], verb) || len(verb) == 0 && len(words) > 0 {
			continue
		}
		for _, word := range words[len(verb):] {
			of.add(word)
		}
		if m.family == Python && m.tool != "pip" && !slices.Contains(verb, "pip") && !slices.Contains(verb, "tool") && verb[0] != "add" && m.tool != "conda" {
			of.Paths = append(of.Paths, ".") // what the project file says
		}
		return of, true
	}
	return Install{}, false
}

// sort takes the options out of the words and returns the others.
func (m manager) sort(of *Install, rest []string) (words []string) {
	for n := 0; n < len(rest); n++ {
		word := rest[n]
		if !strings.HasPrefix(word, "-") || word == "-" {
			words = append(words, word)
			continue
		}
		name, value, joined := strings.Cut(word, "=")
		takes := slices.Contains(m.valued, name) || m.family == Python && (isRequirement(name) || isEditable(name))
		if takes && !joined && n+1 < len(rest) {
			n++
			value = rest[n]
			word += "=" + value
		}
		of.Options = append(of.Options, word)
		switch {
		case m.family != Python:
		case isRequirement(name) || m.tool == "conda" && (name == "-f" || name == "--file"):
			of.Files = append(of.Files, value)
		case strings.HasPrefix(word, "-r") && len(word) > 2 && m.tool == "pip":
			of.Files = append(of.Files, word[2:])
		case isEditable(name):
			of.add(value)
		}
	}
	return words
}

func isRequirement(name string) bool {
	return name == "-r" || name == "--requirement" || name == "--requirements"
}

func isEditable(name string) bool { return name == "-e" || name == "--editable" }

// add sorts one thing that is to be installed.
func (of *Install) add(word string) {
	plain, _, _ := strings.Cut(word, "[")
	switch {
	case word == "" || strings.HasPrefix(word, "$"):
	case of.Family != Python:
		of.Packages = append(of.Packages, word)
	case of.Tool == "uv" && strings.HasSuffix(word, ".txt"): // uv pip sync
		of.Files = append(of.Files, word)
	case plain == "." || strings.HasPrefix(plain, "./") || strings.HasPrefix(plain, "../") || strings.HasPrefix(plain, "/") || strings.HasSuffix(plain, ".whl") || strings.HasSuffix(plain, ".gz"):
		of.Paths = append(of.Paths, word)
	default:
		of.Packages = append(of.Packages, word)
	}
}

// directory is where a command installs: the step's, behind each cd before it, and
// what its option says.
func (of Install) directory(step *Step) string {
	dir := orRoot(step.Workdir)
	for _, c := range step.Commands {
		if &c.Words[0] == &of.Command.Words[0] {
			break
		}
		if c.Name() == "cd" && len(c.Words) == 2 && !strings.Contains(c.Words[1], "$") {
			dir = join(dir, c.Words[1])
		}
	}
	for _, option := range of.Options {
		if name, value, ok := strings.Cut(option, "="); ok && of.Family == Node && slices.Contains([]string{"--prefix", "--cwd", "-C", "--dir"}, name) {
			dir = join(dir, value)
		}
	}
	return dir
}

// Has reports whether one of the options is given, also with a value.
func (of Install) Has(options ...string) bool {
	for _, given := range of.Options {
		for _, option := range options {
			if given == option || strings.HasPrefix(given, option+"=") {
				return true
			}
		}
	}
	return false
}

// Names are the packages without versions.
func (of Install) Names() []string {
	var names []string
	for _, word := range of.Packages {
		names = append(names, packageName(word))
	}
	return names
}

// packageName is the name in a requirement, as PEP 503 writes it, and that of a
// system package without version, release and architecture.
func packageName(word string) string {
	if at := strings.IndexAny(word, "<>=!~;@ [:/"); at > 0 {
		word = word[:at]
	}
	return strings.ToLower(strings.NewReplacer("_", "-", ".", "-").Replace(word))
}

// fileTokens are the words in a file's name: requirements, dev of
// requirements-dev.txt.
func fileTokens(name string) []string {
	return strings.FieldsFunc(strings.ToLower(strings.TrimSuffix(path.Base(name), path.Ext(name))), func(r rune) bool {
		return r == '-' || r == '_' || r == '.'
	})
}
