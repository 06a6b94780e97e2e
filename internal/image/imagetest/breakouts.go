package imagetest

import (
	"archive/tar"
	"path/filepath"
	"strings"
	"testing"
)

// Hostile is an image that wants to do harm: its layers, and what is to come of
// reading them.
type Hostile struct {
	Name    string
	Layers  [][]byte // uncompressed tars, base first
	Content int64    // bytes, as metric size defines them
	Fault   string   // part of the error; empty where the image can be measured
}

// Breakouts (B1) are images that would change or reach the file at canary, an
// absolute path, if anything unpacked them without care.
func Breakouts(t testing.TB, canary string) []Hostile {
	t.Helper()
	folder, name := filepath.Split(canary)
	folder = strings.TrimSuffix(folder, "/")
	up := strings.Repeat("../", 30)
	out := up + canary[1:]
	const body = "overwritten"
	const n = int64(len(body))
	size := func(s string) int64 { return int64(len(s)) }
	one := func(name string, content int64, entries ...Entry) Hostile {
		return Hostile{Name: name, Layers: [][]byte{LyingTar(t, entries...)}, Content: content}
	}
	two := func(name string, content int64, lower, upper []Entry) Hostile {
		return Hostile{Name: name, Layers: [][]byte{LyingTar(t, lower...), LyingTar(t, upper...)}, Content: content}
	}
	node := func(kind byte, name string) Entry {
		return Entry{Header: tar.Header{Typeflag: kind, Name: name, Mode: 0o6777, Devmajor: 8}}
	}
	return []Hostile{
		one("absolute path", n, File(canary, body)),
		one("two slashes", n, File("/"+canary, body)),
		one("up and up", n, File(out, body)),
		one("up after a slash", n, File("/"+out, body)),
		one("up after a dot", n, File("./"+out, body)),
		one("up from below", n, File("a/b/"+out, body)),
		one("up behind a folder of dots", n, Dir("..."), File(".../"+out, body)),
		one("backslashes", n, File(strings.ReplaceAll(out, "/", `\`), body)),
		one("a drive letter", n, File(`C:\`+name, body)),
		one("the root as a file", n, File(".", body)),
		one("the folder above as a file", n, File("..", body)),
		one("the folder above", 0, Dir(".."), Dir("../.."), Dir(up)),
		one("a folder over the canary", 0, Dir(canary)),
		one("a link over the canary", size("/etc/passwd"), Symlink(canary, "/etc/passwd")),
		one("through an absolute link", size(folder)+n, Symlink("d", folder), File("d/"+name, body)),
		one("through a relative link", size(up+folder)+n, Symlink("d", up+folder), File("d/"+name, body)),
		one("through a link to the root", 1+n, Symlink("d", "/"), File("d"+canary, body)),
		one("through a link to dot and up", 1+n, Symlink("d", "."), File("d/"+out, body)),
		one("through a chain of links", 1+1+size(folder)+n, Symlink("a", "b"), Symlink("b", "c"), Symlink("c", folder), File("a/"+name, body)),
		one("through a link in a linked folder", 3+2+n, Dir("x"), Symlink("x/y", "../"), Symlink("z", ".."), File("x/y/z/"+name, body)),
		one("through a link to itself", 1+n, Symlink("d", "d"), File("d/"+name, body)),
		one("through links round and round", 2+n, Symlink("a", "b"), Symlink("b", "a"), File("a/"+name, body)),
		one("onto a link", n, Symlink("f", canary), File("f", body)),
		one("onto a link, in another spelling", n, Symlink("f", canary), File("./x/../f", body)),
		one("hard link to an absolute path", 0, Hardlink("h", canary)),
		one("hard link up and up", 0, Hardlink("h", out)),
		one("hard link, and then content", n, Hardlink("h", canary), File("h", body)),
		one("content, and then a hard link over it", 0, File("h", body), Hardlink("h", canary)),
		one("hard link through a link", size(folder), Symlink("d", folder), Hardlink("h", "d/"+name)),
		one("hard link to a link, and then through it", size(folder)+n, Symlink("d", folder), Hardlink("h", "d"), File("h/"+name, body)),
		one("hard link to the root", 0, Hardlink("h", "/"), Hardlink("/", "h")),
		one("hard link to itself", 0, Hardlink("h", "h")),
		one("hard link at the canary", n, File("f", body), Hardlink(canary, "f")),
		one("a folder that becomes a link", size(folder)+n, Dir("d"), Symlink("d", folder), File("d/"+name, body)),
		one("a link that becomes a folder", n, Symlink("d", folder), Dir("d"), File("d/"+name, body)),
		one("a file that becomes a folder", 2*n, File("d", body), File("d/"+name, body)),
		two("a link below, and written through above", size(folder)+n, []Entry{Symlink("d", folder)}, []Entry{File("d/"+name, body)}),
		two("a link below, and a folder above", size(folder)+n, []Entry{Symlink("d", folder)}, []Entry{Dir("d"), File("d/"+name, body)}),
		two("a folder below, and a link above", n+size(folder)+n, []Entry{File("d/"+name, body)}, []Entry{Symlink("d", folder), File("d/"+name, body)}),
		two("a hard link to a link below", size(canary)+n, []Entry{Symlink("f", canary)}, []Entry{Hardlink("h", "f"), File("h", body)}),
		one("whiteout of the canary", 0, Whiteout(folder, name)),
		one("whiteout up and up", 0, Whiteout(filepath.Dir(out), name)),
		one("whiteout through a link", size(folder), Symlink("d", folder), Whiteout("d", name)),
		one("whiteout of the folder above", 0, File("d/.wh...", body), File(".wh...", body)),
		one("whiteout of the folder itself", 0, File("d/.wh..", body)),
		one("opaque mark up and up", 0, Opaque(up+folder)),
		two("opaque mark through a link", size(folder), []Entry{Symlink("d", folder)}, []Entry{Opaque("d")}),
		one("a device and a pipe at the canary", 0, node(tar.TypeBlock, canary), node(tar.TypeFifo, out)),
		one("an entry of no known type", 0, Entry{Header: tar.Header{Typeflag: 'Z', Name: canary, Mode: 0o644}}),
	}
}
