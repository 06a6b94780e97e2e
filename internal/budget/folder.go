package budget

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

const budgetSuffix = ".yaml"

// BaselineSuffix is how the names of baseline files end.
const BaselineSuffix = ".baseline.yaml"

// BaselinePath is where the baseline of the budget file at path is kept.
func BaselinePath(path string) string {
	return strings.TrimSuffix(path, budgetSuffix) + BaselineSuffix
}

// Names lists the budgets in dir, sorted; none where it cannot be read.
func Names(dir string) []string {
	names, err := list(dir)
	if err != nil {
		return nil
	}
	return names
}

// Find reads the named budgets in dir, each once, or every one, sorted by name,
// where names is empty. That there is none is an error: a gate without a budget
// passes everything. Its errors are *FileError.
func Find(dir string, names []string) ([]Budget, error) { return FindAt(dir, names, time.Now()) }

// FindAt is Find of budgets as they were at when; for who asks nothing of what is
// accepted for a while, at the zero time, nothing has ended.
func FindAt(dir string, names []string, when time.Time) ([]Budget, error) {
	there, err := list(dir)
	if err != nil {
		return nil, err
	}
	if len(there) == 0 {
		return nil, &FileError{Path: dir, Problem: "holds no budget", Accepted: "write one as NAME.yaml, or name another folder with --dir"}
	}
	if len(names) == 0 {
		names = there
	}
	var budgets []Budget
	for i, name := range names {
		if !slices.Contains(there, name) {
			return nil, &FileError{Path: dir, Problem: "holds no budget " + quoted(name), Accepted: otherBudgets(name, there)}
		}
		if slices.Contains(names[:i], name) {
			continue
		}
		b, err := LoadAt(filepath.Join(dir, name+budgetSuffix), when)
		if err != nil {
			return nil, err
		}
		budgets = append(budgets, b)
	}
	return budgets, nil
}

func otherBudgets(wrong string, there []string) string {
	all := "the budgets there are " + strings.Join(there, ", ")
	if near, ok := nearest(wrong, there); ok {
		return fmt.Sprintf("did you mean %s? %s", near, all)
	}
	return all
}

// list is the names of the budget files in dir, sorted. A budget under the
// other common suffix would never be checked, so it is an error.
func list(dir string) ([]string, error) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		fault := unreadable(dir, err)
		if errors.Is(err, fs.ErrNotExist) {
			fault.Accepted = "run in the folder that holds budgets/, or name that folder with --dir"
		}
		return nil, fault
	}
	var names []string
	for _, entry := range entries { // sorted by file name
		file := entry.Name()
		name, isYAML := strings.CutSuffix(file, budgetSuffix)
		switch {
		case strings.HasPrefix(file, "."), strings.HasSuffix(file, BaselineSuffix):
		case isYAML:
			names = append(names, name)
		case strings.HasSuffix(file, ".yml"):
			return nil, &FileError{Path: filepath.Join(dir, file), Problem: "is not read: its name does not end in .yaml", Accepted: "rename it to " + strings.TrimSuffix(file, ".yml") + budgetSuffix}
		}
	}
	slices.Sort(names)
	return names, nil
}
