package cli

import (
	"cmp"
	"errors"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/image-budget/image-budget/internal/budget"
	"github.com/image-budget/image-budget/internal/gate"
	"github.com/image-budget/image-budget/internal/image"
	"github.com/image-budget/image-budget/internal/lint"
)

// lintInputs are the Dockerfiles that are meant, each once for each way in which it
// is built.
func (p *program) lintInputs(c *cobra.Command, f *lintFlags, paths []string) (inputs []lint.Input, faults []error) {
	if len(paths) == 0 {
		if f.image != "" {
			return nil, nil // it is the image that is meant
		}
		builds, faults := p.budgetInputs(c)
		if len(faults)+len(builds) > 0 {
			return builds, faults
		}
		paths = []string{"."}
	}
	want, _ := f.wanted() // check has found it right
	args, _ := parsePairs("--build-arg", f.buildArgs)
	for _, path := range paths {
		files, err := lint.Files(path)
		if err != nil {
			faults = append(faults, err)
			continue
		}
		for _, file := range files {
			in := lint.Input{Dockerfile: file, Context: cmp.Or(f.context, filepath.Dir(file)), Target: f.target, Args: args, Platform: cmp.Or(want, here)}
			if !slices.ContainsFunc(inputs, func(other lint.Input) bool { return sameInput(in, other) }) {
				inputs = append(inputs, in)
			}
		}
	}
	if f.context != "" && len(inputs) > 0 {
		if stat, err := os.Stat(f.context); err != nil || !stat.IsDir() {
			return nil, append(faults, usage("--context %q: there is no such folder", f.context))
		}
	}
	return inputs, faults
}

// here is what is built where nothing else is said.
var here = image.Platform{OS: "linux", Architecture: runtime.GOARCH}

func present(err error) []error {
	if err == nil {
		return nil
	}
	return []error{err}
}

func sameInput(a, b lint.Input) bool {
	return filepath.Clean(a.Dockerfile) == filepath.Clean(b.Dockerfile) && filepath.Clean(a.Context) == filepath.Clean(b.Context) &&
		a.Target == b.Target && a.Platform == b.Platform && maps.Equal(a.Args, b.Args)
}

// budgetInputs are the Dockerfiles that budgets build; none where there is no
// folder of budgets, unless one is named. A faulty budget hides no other's.
func (p *program) budgetInputs(c *cobra.Command) (inputs []lint.Input, faults []error) {
	if _, err := os.Stat(p.globals.dir); errors.Is(err, fs.ErrNotExist) && !c.Flags().Changed("dir") {
		return nil, nil
	}
	if len(budget.Names(p.globals.dir)) == 0 && !c.Flags().Changed("dir") {
		return nil, nil
	}
	budgets, faults := p.budgetsToLint()
	for _, b := range budgets {
		if b.Source.Build == nil {
			continue
		}
		in := gate.LintInput(b)
		if !slices.ContainsFunc(inputs, func(other lint.Input) bool { return sameInput(in, other) }) {
			inputs = append(inputs, in)
		}
	}
	for _, flag := range []string{"context", "target", "build-arg", "platform"} {
		if c.Flags().Changed(flag) && len(inputs) > 0 {
			return nil, append(faults, hinted("name a PATH, or leave the flag out", "the budgets in %q say how they are built, and so does --%s", p.globals.dir, flag))
		}
	}
	return inputs, faults
}

// budgetsToLint are all budgets, one by one, so that a fault of one is not of all.
// What a budget accepts for a while may have ended: that is for the gate to tell.
func (p *program) budgetsToLint() (budgets []budget.Budget, faults []error) {
	names := budget.Names(p.globals.dir)
	if len(names) == 0 {
		_, err := budget.Find(p.globals.dir, nil) // says why
		return nil, present(err)
	}
	for _, name := range names {
		b, err := budget.FindAt(p.globals.dir, []string{name}, time.Time{})
		if err != nil {
			faults = append(faults, err)
		}
		budgets = append(budgets, b...)
	}
	return budgets, faults
}

// parsePairs reads KEY=VALUE, as often as flag was given.
func parsePairs(flag string, pairs []string) (map[string]string, error) {
	all := map[string]string{}
	for _, pair := range pairs {
		key, value, ok := strings.Cut(pair, "=")
		if !ok || key == "" {
			return nil, usage("%s %q: write KEY=VALUE", flag, pair)
		}
		all[key] = value
	}
	return all, nil
}
