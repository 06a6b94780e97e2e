package waste

import "strings"

// Tests are test folders in what is installed, and in the application's own code.
// In installed packages a file's name alone says nothing: torch imports
// torch/_inductor/test_operators.py, and Google's clients have types/test_case.py.
// Modules called testing are imported at run time: numpy.testing, torch.testing.
var Tests = &Category{
	Name:  "tests",
	Title: "test packages and test folders",
	Why:   "Tests run before an image is shipped, and packages install theirs without being asked; they are needed only where an image tests itself, or where a package imports its own tests, and those that are known to are left out here.",
	Fix:   "Put tests/ into .dockerignore, and in the instruction that installs packages remove theirs, trying afterwards that each still imports.",
	matches: func(s *subject) bool {
		switch {
		case s.owner.is(system, systemTests), s.owner.is(python, pythonTests):
			return true
		case s.python != "" || s.owner.kind == python:
			return isInstalledTest(s)
		case s.node != "":
			return isModuleTest(s)
		}
		return s.ours() && isOwnTest(s)
	},
}

var (
	systemTests = named("*-tests *-test *-testsuite *-testdata *-test-results")
	pythonTests = named("*-tests tests test")
)

var (
	testFolders = below("tests test _tests SelfTest")
	// importedTests are imported by the rest of their packages, or by packages that
	// are built on them. TensorFlow's public names (tf.test) have a folder each.
	importedTests = below(`tables/tests numexpr/tests astropy/tests networkx/tests django/test dagster/utils/test dagster/_utils/test
		tensorflow/_api tensorflow/python tensorflow_core keras/api`)
)

func isInstalledTest(s *subject) bool {
	path := s.python
	if path == "" {
		path = s.Path
	}
	return testFolders.hold(path) && !importedTests.hold(path) || s.base == "conftest.py"
}

var (
	moduleTests = named("test tests __tests__ __mocks__ __snapshots__")
	scriptTests = named("*.test.js *.test.mjs *.test.cjs *.test.jsx *.test.ts *.test.tsx *.spec.js *.spec.mjs *.spec.jsx *.spec.ts *.spec.tsx")
)

// isModuleTest asks for the first folder of an npm package: deeper down, and in
// packages that do things with tests, the name may be that of a part of it.
func isModuleTest(s *subject) bool {
	first, _, deeper := strings.Cut(s.inModule(), "/")
	return deeper && moduleTests.have(first) || scriptTests.have(s.base)
}

var (
	ownTests = below("tests __tests__ __mocks__ __snapshots__")
	ownTest  = below("test")
	// splits are folders in which test is a part of a data set, or an environment.
	splits = below("data dataset datasets splits config configs conf env envs environments settings templates models")
)

// isOwnTest takes the names that pytest, go and jest collect.
func isOwnTest(s *subject) bool {
	stem, script := strings.CutSuffix(s.base, ".py")
	switch {
	case ownTests.hold(s.Path), ownTest.hold(s.Path) && !splits.hold(s.Path):
		return true
	case script:
		return strings.HasPrefix(stem, "test_") || strings.HasSuffix(stem, "_test") || stem == "conftest"
	}
	return strings.HasSuffix(s.base, "_test.go") || scriptTests.have(s.base)
}
