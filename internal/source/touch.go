package source

import (
	"fmt"
	"os"
	"path/filepath"

	"github.com/moby/patternmatcher"
	"github.com/moby/patternmatcher/ignorefile"

	"github.com/image-budget/image-budget/internal/budget"
)

// checkTouch finds that a change to the file would be none to the build: there is
// no such file, or the build is not sent it.
func checkTouch(build *budget.Build, touch string) error {
	const fix = "name a source file that the Dockerfile copies: rebuild: {touch: FILE}, relative to the context"
	folder, err := filepath.EvalSymlinks(build.Context)
	if err != nil {
		return err
	}
	path := filepath.Join(folder, touch)
	stat, err := os.Lstat(path)
	if err != nil || !stat.Mode().IsRegular() {
		return inputErrorf(fix, "rebuild.touch %q is not a regular file of the context", touch)
	}
	if resolved, err := filepath.EvalSymlinks(path); err != nil || resolved != path {
		return inputErrorf(fix, "rebuild.touch %q lies behind a symbolic link, which a build does not follow", touch)
	}
	if dockerfile, err := os.Stat(build.Dockerfile); err == nil && os.SameFile(dockerfile, stat) {
		return inputErrorf(fix, "rebuild.touch %q is the Dockerfile, which says how to build and is no source", touch)
	}
	file, ignored, err := ignores(build, touch)
	if err != nil {
		return err
	}
	if ignored {
		return inputErrorf(fix, "rebuild.touch %q is left out of the build by %s", touch, file)
	}
	return nil
}

// ignores reports whether the build leaves a path of the context out, and the file
// that says so: the Dockerfile's own ignore file, or else the context's.
func ignores(build *budget.Build, path string) (file string, ignored bool, err error) {
	for _, file = range []string{build.Dockerfile + ".dockerignore", filepath.Join(build.Context, ".dockerignore")} {
		f, err := os.Open(file)
		if os.IsNotExist(err) {
			continue
		}
		if err != nil {
			return file, false, err
		}
		patterns, err := ignorefile.ReadAll(f)
		_ = f.Close()
		if err == nil {
			ignored, err = patternmatcher.MatchesOrParentMatches(path, patterns)
		}
		if err != nil {
			return file, false, &InputError{Err: fmt.Errorf("reading %q: %w", file, err), Fix: "mend the pattern"}
		}
		return file, ignored, nil
	}
	return "", false, nil
}
