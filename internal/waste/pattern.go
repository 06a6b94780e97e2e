package waste

import (
	"path"
	"slices"
	"strings"
)

// names are what packages or files are called. A star stands for anything, at
// the beginning of a name, at its end, or at both.
type names struct {
	exact           map[string]bool
	begin, end, has []string
}

// named reads names that stand in one string, apart by white space.
func named(list string) names {
	n := names{exact: map[string]bool{}}
	for _, name := range strings.Fields(list) {
		rest, begins := strings.CutSuffix(name, "*")
		rest, ends := strings.CutPrefix(rest, "*")
		switch {
		case begins && ends:
			n.has = append(n.has, rest)
		case begins:
			n.begin = append(n.begin, rest)
		case ends:
			n.end = append(n.end, rest)
		default:
			n.exact[name] = true
		}
	}
	return n
}

func (n names) have(name string) bool {
	if n.exact[name] {
		return true
	}
	return slices.ContainsFunc(n.begin, func(s string) bool { return strings.HasPrefix(name, s) }) ||
		slices.ContainsFunc(n.end, func(s string) bool { return strings.HasSuffix(name, s) }) ||
		slices.ContainsFunc(n.has, func(s string) bool { return strings.Contains(name, s) })
}

// folders are paths of folders, by their first part. "/usr/include" begins at
// the root of the image, ".cache/pip" may stand anywhere, and "/opt/rocm*" is any
// folder whose name begins so; a star stands in the last part alone, of two or more.
type folders map[string][]string

// below reads paths that stand in one string, apart by white space.
func below(list string) folders {
	f := folders{}
	for _, folder := range strings.Fields(list) {
		first, _, _ := strings.Cut(strings.TrimPrefix(folder, "/"), "/")
		if strings.HasSuffix(first, "*") {
			panic("waste: folders are found by their first part: " + folder)
		}
		f[first] = append(f[first], folder)
	}
	return f
}

// hold reports whether path stands in one of the folders, at any depth.
func (f folders) hold(path string) bool {
	for start := 0; ; {
		size := strings.IndexByte(path[start:], '/')
		if size < 0 {
			return false // the file's own name is not a folder
		}
		for _, folder := range f[path[start:start+size]] {
			fromRoot := folder[0] == '/'
			if fromRoot && start > 0 {
				continue
			}
			if stands(path[start:], strings.TrimPrefix(folder, "/")) {
				return true
			}
		}
		start += size + 1
	}
}

// stands reports whether path, from here, is something in the folder.
func stands(path, folder string) bool {
	if begin, ok := strings.CutSuffix(folder, "*"); ok {
		return strings.HasPrefix(path, begin) && strings.IndexByte(path[len(begin):], '/') >= 0
	}
	return len(path) > len(folder) && path[len(folder)] == '/' && strings.HasPrefix(path, folder)
}

// under is the rest of the path below the innermost folder that is called so, or
// empty.
func under(folder, path string) string {
	for end := len(path); ; {
		i := strings.LastIndex(path[:end], folder)
		if i < 0 {
			return ""
		}
		rest := path[i+len(folder):]
		if (i == 0 || path[i-1] == '/') && len(rest) > 1 && rest[0] == '/' {
			return rest[1:]
		}
		end = i
	}
}

// in reports whether the folder that holds the file is called so.
func in(folder, file string) bool {
	return path.Base(path.Dir(file)) == folder
}
