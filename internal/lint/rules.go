package lint

import (
	"cmp"
	"slices"

	"github.com/moby/buildkit/util/suggest"
)

// Rule is one thing that a Dockerfile can do wrong.
type Rule struct {
	Name      string
	Severity  Severity
	Summary   string // what it finds, in one line
	Why       string // what that costs
	Fix       string // what to write instead
	Doc       string // a paragraph more; for a rule of BuildKit the address of its page
	Bad, Good string // txtar archives of a context with its Dockerfile, in which it finds something and nothing

	// Check returns findings with lines and a message, and with severity and fix
	// where the rule's own do not do. It is nil for rules that look at what the
	// others found.
	Check func(*Subject) []Finding
}

// All is every rule of ours for Dockerfiles, in the order of the documentation.
var All = []Rule{
	SingleStage,
	ToolchainInRuntime,
	SourceBeforeDependencies,
	RequirementsInOneFile,
	DevelopmentDependencies,
	NoCacheMount,
	AptListsKept,
	AptRecommends,
	FullImage,
	AlpineWheels,
	ModelBakedIn,
	ContextUnfiltered,
	SecretInArgOrEnv,
	FloatingTag,
	RootUser,
	NoHealthcheck,
	BadIgnore,
	UnusedIgnore,
}

// run holds a Dockerfile against the rule.
func (r Rule) run(s *Subject) []Finding {
	if r.Check == nil {
		return nil
	}
	all := r.Check(s)
	for n := range all {
		all[n] = r.fill(s, all[n])
	}
	return all
}

// fill says of a finding what is the same for all of the rule.
func (r Rule) fill(s *Subject, f Finding) Finding {
	f.Rule, f.File = r.Name, s.Dockerfile
	f.Severity = cmp.Or(f.Severity, r.Severity)
	f.Why, f.Fix = cmp.Or(f.Why, r.Why), cmp.Or(f.Fix, r.Fix)
	return f
}

// known reports whether a rule is called that, and a name that is near if not.
func known(name string) (ok bool, near string) {
	var names []string
	for _, rules := range [][]Rule{All, BuildKitRules()} {
		for _, r := range rules {
			names = append(names, r.Name)
		}
	}
	if slices.Contains(names, name) {
		return true, ""
	}
	near, _ = suggest.Search(name, names, false)
	return false, near
}
