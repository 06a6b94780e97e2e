package waste

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestCompiledFrom(t *testing.T) {
	for path, source := range map[string]string{
		"a/__pycache__/x.cpython-312.pyc":             "a/x.py",
		"a/__pycache__/x.cpython-312.opt-2.pyc":       "a/x.py",
		"a/__pycache__/x.pypy310.pyc":                 "a/x.py",
		"a/__pycache__/t.cpython-312-pytest-8.3.pyc":  "a/t.py",
		"__pycache__/x.cpython-312.pyc":               "x.py",
		"a/x.pyc":                                     "a/x.py",
		"a/x.pyo":                                     "a/x.py",
		"a/not__pycache__/x.pyc":                      "a/not__pycache__/x.py",
		"x.pyc":                                       "x.py",
		"usr/lib/python3/__pycache__/six.cpython.pyc": "usr/lib/python3/six.py",
	} {
		got, ok := CompiledFrom(path)
		require.True(t, ok, path)
		require.Equal(t, source, got, path)
	}
	for _, path := range []string{"", "a/x.py", "a/x.pyc/y", ".pyc", "a/.pyc", "a/__pycache__/x.pyc", "a/__pycache__/.cpython-312.pyc", "pyc"} {
		_, ok := CompiledFrom(path)
		require.False(t, ok, path)
	}
}
