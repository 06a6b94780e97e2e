package owners

import "strings"

// compiledFrom is the source of bytecode: of a/__pycache__/b.cpython-312.pyc it
// is a/b.py (PEP 3147), and of a/b.pyc too.
func compiledFrom(file string) (source string, ok bool) {
	folder, base := split(file)
	stem, ok := strings.CutSuffix(base, ".pyc")
	if !ok {
		return "", false
	}
	if above, name := split(folder); name == "__pycache__" {
		module, _, _ := strings.Cut(stem, ".")
		return join(above, module+".py"), true
	}
	return join(folder, stem+".py"), true
}
