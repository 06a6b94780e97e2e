package owners

import (
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/require"
)

// requireSound is what holds for every image, whatever is in it.
func requireSound(t *testing.T, files image, paths ...string) *Owners {
	o := files.readThrough(map[string]string{"lib": "usr/lib", "usr/lib/loop": "usr/lib/loop/x", "a": "b/c"})
	for _, p := range o.Packages() {
		require.True(t, wellFormed(p.Name), "%q", p.Name)
		require.True(t, p.Version == "" || wellFormed(p.Version), "%q", p.Version)
		require.True(t, slices.ContainsFunc(Kinds, func(k Kind) bool { return k.Name == p.Kind }), p.Kind)
		require.NotEmpty(t, p.Source)
	}
	for _, problem := range o.Problems() {
		require.True(t, utf8.ValidString(problem.Path+problem.Reason))
		require.LessOrEqual(t, len(problem.Reason), 3*maxProblemText+len("…"))
	}
	for _, path := range append(paths, "usr/lib/x", "x/__pycache__/y.cpython-312.pyc", "a/b.so", "") {
		if index, ok := o.Of(path); ok {
			require.Less(t, index, len(o.Packages()))
			require.GreaterOrEqual(t, index, 0)
		} else {
			require.False(t, o.Listed(path))
		}
	}
	return o
}

func FuzzRecord(f *testing.F) {
	for path, text := range pythonImage {
		if strings.HasSuffix(path, "/RECORD") {
			f.Add(text, "Name: torch\nVersion: 2.5.1\n", "torch\nfunctorch\n")
		}
	}
	f.Add("\"a \"\"b\"\", c.py\",sha256=x,1\r\n/abs/olute,,\n../../../bin/x,,\n", "", "")
	f.Add("../../../../../../etc/passwd,,\n\"unclosed,,\n,,\n\x00,,\n\xff\xfe,,\nloop/loop/y,,\n", "Name: \nVersion:\n", "../..\n\x00")
	f.Add("../flask/__init__.py\r\nPKG-INFO\r\n", "Metadata-Version: 1.0\nName: Flask_Old\nVersion: 1.0\n\nbody\n", "flask")
	f.Fuzz(func(t *testing.T, record, metadata, top string) {
		const site = "usr/lib/python3/site-packages/"
		o := requireSound(t, image{
			site + "a-1.dist-info/RECORD":   record,
			site + "a-1.dist-info/METADATA": metadata,
			site + "b-2.dist-info/METADATA": metadata, site + "b-2.dist-info/top_level.txt": top,
			site + "c-3.dist-info/direct_url.json": record, site + "d-4.egg-info": metadata,
			site + "e.egg-info/PKG-INFO": metadata, site + "e.egg-info/installed-files.txt": record,
			"s/_vendor/f-5.dist-info/RECORD": record, "g-6.dist-info/RECORD": record,
		}, site+top, record)
		for line := range lines(record) {
			if strings.Trim(line, "abcxyz/.") != "" || strings.Contains(line, "..") || strings.HasPrefix(line, "/") || len(line) > 1000 {
				continue
			}
			if place := join(site, line); place+"/" != site {
				require.True(t, o.Listed(place), "%q is a row", line)
			}
		}
	})
}

func FuzzDpkgStatus(f *testing.F) {
	f.Add(dpkgStatus, debianImage["var/lib/dpkg/info/libc6:amd64.list"], debianImage["var/lib/dpkg/info/libc6:amd64.md5sums"],
		"/usr/bin/vi\n/usr/bin/vi.real\nvim\n:\n\n")
	f.Add(stanza("a", "1")+stanza("a", "2")+"package:a\nstatus:x y z", "/.\n/usr\n/usr/bin\n/usr/bin/a\n", "", "/usr/bin/a\n/../x\n:\n")
	f.Add("Package: a\n b\nStatus: install ok installed\r\n\r\n\x00:\n", "/\n//\n/lib/loop/y\n../..\n", strings.Repeat("f", 32)+"  ../../x\n"+strings.Repeat("f", 34), "\n\n\n")
	f.Fuzz(func(t *testing.T, status, list, md5sums, diversions string) {
		requireSound(t, image{
			"var/lib/dpkg/status": status, "var/lib/dpkg/status.d/d": status, "var/lib/dpkg/status.d/d.md5sums": md5sums,
			"var/lib/dpkg/info/a.list": list, "var/lib/dpkg/info/a.md5sums": md5sums,
			"var/lib/dpkg/info/libc6:amd64.list": list, "var/lib/dpkg/diversions": diversions,
		}, strings.Split(list, "\n")...)
	})
}

func FuzzApk(f *testing.F) {
	f.Add(apkInstalled)
	f.Add("P:a\nV:1\nF:../..\nR:x\nF:\nR:\n\n\n\nR:y\nF:lib/loop\nR:z\n\nP:\x00\nP:b\r\nV:\xff\nM:0:0:755\n")
	f.Fuzz(func(t *testing.T, installed string) {
		requireSound(t, image{"lib/apk/db/installed": installed})
	})
}

func FuzzNpm(f *testing.F) {
	f.Add(`{"name": "express", "version": "4.19.2", "license": "MIT", "repository": {"type": "git"}, "dependencies": {"debug": "2.6.9"}}`, "app/node_modules/express")
	f.Add("\uFEFF"+`{"name": "@babel/core", "version": "7.24.0"}`, "node_modules/@babel/core")
	f.Add(`{"name": ["x"], "version": 1}`, "usr/lib/node_modules/x/node_modules/y")
	f.Add(`{"name": "a\u0000", "version": "`, "node_modules/\xff")
	f.Add(`{"name":"numpy","version":"1.26.4","files":["lib/python3.12/x.py","../../../x",""]}`, "opt/conda")
	f.Fuzz(func(t *testing.T, manifest, folder string) {
		folder = join(folder, "")
		o := requireSound(t, image{join(folder, "package.json"): manifest, join(folder, "conda-meta/x.json"): manifest})
		if npmName(folder) != "" && len(o.Packages()) > 0 && len(folder) < 1000 && !strings.ContainsAny(folder, "\x00\n") {
			require.True(t, Kept(join(folder, "package.json")))
		}
	})
}
