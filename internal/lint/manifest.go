package lint

import (
	"encoding/json"
	"path"
	"slices"
	"strings"

	"github.com/BurntSushi/toml"
)

// Requirement is a package that a file of the context asks for.
type Requirement struct {
	Name string // as PEP 503 writes it
	File string // path in the context; empty where the RUN itself names it
}

// requirementsOf is the packages that a command installs, as far as they are
// named in it or in files of the context.
func (s *Subject) requirementsOf(step *Step, of Install) []Requirement {
	var all []Requirement
	if of.Family != Python {
		return nil
	}
	for _, name := range of.Names() {
		all = append(all, Requirement{Name: name})
	}
	for _, file := range of.Files {
		if at, ok := s.fromContext(step, join(of.directory(step), file)); ok {
			all = append(all, s.requirementsIn(at, 5)...)
		}
	}
	for _, project := range of.Paths {
		dir, _, _ := strings.Cut(project, "[")
		if at, ok := s.fromContext(step, join(of.directory(step), path.Join(dir, "pyproject.toml"))); ok {
			for _, text := range s.projectIn(at).packages(extrasOf(project)) {
				all = append(all, Requirement{packageName(text), at})
			}
		}
	}
	return all
}

// requirementsIn reads a file of requirements, and those that it includes. What
// cannot be read names nothing: pip will say so.
func (s *Subject) requirementsIn(at string, depth int) []Requirement {
	text, err := s.Folder.Read(at, manifestCap)
	if err != nil || depth == 0 {
		return nil
	}
	var all []Requirement
	for line := range strings.Lines(string(text)) {
		line, _, _ = strings.Cut(line, " #")
		line = strings.TrimSpace(line)
		name, value, _ := strings.Cut(strings.ReplaceAll(line, "=", " "), " ")
		switch {
		case line == "" || line[0] == '#':
		case isRequirement(name) && len(all) < mostEntries:
			all = append(all, s.requirementsIn(inFolder(path.Join(path.Dir(at), strings.TrimSpace(value))), depth-1)...)
		case line[0] == '-' || strings.Contains(line, "://") && !strings.Contains(line, "@"):
		default:
			all = append(all, Requirement{packageName(line), at})
		}
	}
	return all
}

// project is what of a pyproject.toml says which packages there are. Groups may
// hold more than texts.
type project struct {
	Project struct {
		Dependencies []string            `toml:"dependencies"`
		Optional     map[string][]string `toml:"optional-dependencies"`
	} `toml:"project"`
	Groups map[string][]any `toml:"dependency-groups"`
	Tool   struct {
		Poetry struct {
			Dependencies map[string]any `toml:"dependencies"`
			Development  map[string]any `toml:"dev-dependencies"`
			Group        map[string]struct {
				Optional     bool           `toml:"optional"`
				Dependencies map[string]any `toml:"dependencies"`
			} `toml:"group"`
		} `toml:"poetry"`
		UV struct {
			Development []string `toml:"dev-dependencies"`
			Default     any      `toml:"default-groups"`
		} `toml:"uv"`
		PDM struct {
			Development map[string][]string `toml:"dev-dependencies"`
		} `toml:"pdm"`
	} `toml:"tool"`
}

// projectIn reads a pyproject.toml; what cannot be read says nothing.
func (s *Subject) projectIn(at string) (p project) {
	text, err := s.Folder.Read(at, manifestCap)
	if err != nil || strings.Count(string(text), "[") > 10_000 {
		return project{}
	}
	if _, err := toml.Decode(string(text), &p); err != nil {
		return project{}
	}
	return p
}

// packages are those that are installed with the extras, as they are written.
func (p project) packages(extras []string) []string {
	all := slices.Clone(p.Project.Dependencies)
	for name := range p.Tool.Poetry.Dependencies {
		if name != "python" {
			all = append(all, name)
		}
	}
	for _, extra := range extras {
		all = append(all, p.Project.Optional[extra]...)
	}
	slices.Sort(all)
	return all
}

// development is what uv, Poetry and PDM install for development unless they are
// told not to.
func (p project) development() []string {
	var all []string
	defaults, told := p.Tool.UV.Default.([]any)
	for name, group := range p.Groups {
		if told && !slices.Contains(defaults, any(name)) || !told && name != "dev" && p.Tool.UV.Default != "all" {
			continue
		}
		for _, member := range group {
			if text, ok := member.(string); ok {
				all = append(all, packageName(text))
			}
		}
	}
	for _, group := range p.Tool.Poetry.Group {
		if !group.Optional {
			for name := range group.Dependencies {
				all = append(all, packageName(name))
			}
		}
	}
	for name := range p.Tool.Poetry.Development {
		all = append(all, packageName(name))
	}
	for _, name := range p.Tool.UV.Development {
		all = append(all, packageName(name))
	}
	for _, group := range p.Tool.PDM.Development {
		for _, name := range group {
			all = append(all, packageName(name))
		}
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// developmentOfNode is the devDependencies of a package.json, and whether it could
// be read.
func (s *Subject) developmentOfNode(at string) (names []string, ok bool) {
	text, err := s.Folder.Read(at, manifestCap)
	if err != nil {
		return nil, false
	}
	var manifest struct {
		Development map[string]any `json:"devDependencies"`
	}
	if err := json.Unmarshal(text, &manifest); err != nil {
		return nil, false
	}
	for name := range manifest.Development {
		names = append(names, name)
	}
	slices.Sort(names)
	return names, true
}

// extrasOf are those in .[dev,test].
func extrasOf(requirement string) []string {
	_, rest, _ := strings.Cut(requirement, "[")
	rest, _, _ = strings.Cut(rest, "]")
	return strings.FieldsFunc(rest, func(r rune) bool { return r == ',' || r == ' ' })
}
