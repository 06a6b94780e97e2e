package waste

import "strings"

// Bytecode is attributed by the caller to files of which CompiledFrom names the
// source and the image has that source too. It is optional, since it is the one
// kind of file here that is of use: without it every new container compiles what
// it imports, and starts later. Bytecode without its source is the program.
var Bytecode = &Category{
	Name:     "bytecode",
	Title:    "Python bytecode beside its source",
	Why:      "Python makes it again from the source when it is missing; it is needed for a fast start, since a fresh container would compile all that it imports each time.",
	Fix:      "Where size counts more than the start, set PYTHONDONTWRITEBYTECODE=1 and install with pip --no-compile; where the start counts more, leave it.",
	Optional: true,
}

// CompiledFrom is the path of the source that Python bytecode was compiled from:
// a/x.py for a/__pycache__/x.cpython-312.pyc (PEP 3147), for one with a level of
// optimization (PEP 488), and for a/x.pyc as Python 2 and compileall -b write it.
func CompiledFrom(path string) (source string, ok bool) {
	stem, ok := strings.CutSuffix(path, ".pyc")
	if !ok {
		if stem, ok = strings.CutSuffix(path, ".pyo"); !ok {
			return "", false
		}
	}
	at := strings.LastIndexByte(stem, '/') + 1
	folder, name := stem[:at], stem[at:]
	if outer, cached := strings.CutSuffix(folder, "__pycache__/"); cached && (outer == "" || outer[len(outer)-1] == '/') {
		module, _, tagged := strings.Cut(name, ".")
		return outer + module + ".py", tagged && module != ""
	}
	return stem + ".py", name != ""
}
