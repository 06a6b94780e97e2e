package owners

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func stanza(name, version string) string {
	return "Package: " + name + "\nStatus: install ok installed\nArchitecture: amd64\nVersion: " + version + "\n\n"
}

const dpkgStatus = `Package: libc6
Status: install ok installed
Priority: optional
Section: libs
Installed-Size: 12989
Maintainer: GNU Libc Maintainers <debian-glibc@lists.debian.org>
Architecture: amd64
Multi-Arch: same
Source: glibc
Version: 2.36-9+deb12u9
Depends: libgcc-s1, libcrypt1 (>= 1:4.4.10-10~)
Conffiles:
 /etc/ld.so.conf.d/x86_64-linux-gnu.conf d4e7a7b88a71b5ffd9e2644e71a0cfab
Description: GNU C Library: Shared libraries
 Contains the standard libraries that are used by nearly all programs on
 the system.
 .
 Version: not this one
Homepage: https://www.gnu.org/software/libc/libc.html

Package: tzdata
Status: hold ok installed
Architecture: all
Version: 2024a-0+deb12u1

Package: fontconfig
Status: install ok triggers-awaited
Architecture: amd64
Version: 2.14.1-4

Package: exim4
Status: deinstall ok config-files
Architecture: all
Version: 4.96-15

Package: python3-numpy
Status: install ok installed
Architecture: amd64
Source: numpy
Version: 1:1.24.2-1+deb12u1

Package: never
Status: unknown ok not-installed
`

// debianImage is as debian:bookworm with python3-numpy in it.
var debianImage = image{
	"var/lib/dpkg/status": dpkgStatus,
	"var/lib/dpkg/info/libc6:amd64.list": `/.
/etc
/etc/ld.so.conf.d
/etc/ld.so.conf.d/x86_64-linux-gnu.conf
/lib
/lib/x86_64-linux-gnu
/lib/x86_64-linux-gnu/libc.so.6
/usr
/usr/share
/usr/share/doc
/usr/share/doc/libc6
/usr/share/doc/libc6/copyright
/lib64
/lib64/ld-linux-x86-64.so.2
`,
	"var/lib/dpkg/info/libc6:amd64.md5sums": "0123456789abcdef0123456789abcdef  lib/x86_64-linux-gnu/libc.so.6\n",
	"var/lib/dpkg/info/exim4.list":          "/etc/exim4\n/etc/exim4/exim4.conf\n",
	"var/lib/dpkg/info/tzdata.list":         "/usr/share/zoneinfo\n/usr/share/zoneinfo/Europe\n/usr/share/zoneinfo/Europe/Paris\n/usr/share/shared\n",
	"var/lib/dpkg/info/fontconfig.list":     "/usr/bin/fc-list\n/usr/share/shared\n",
	"var/lib/dpkg/info/fontconfig.md5sums":  "0123456789abcdef0123456789abcdef  usr/share/shared\n",
	"var/lib/dpkg/info/python3-numpy.list": `/.
/usr
/usr/bin
/usr/bin/f2py3
/usr/lib
/usr/lib/python3
/usr/lib/python3/dist-packages
/usr/lib/python3/dist-packages/numpy
/usr/lib/python3/dist-packages/numpy/__init__.py
/usr/lib/python3/dist-packages/numpy/core
/usr/lib/python3/dist-packages/numpy/core/_multiarray_umath.cpython-311-x86_64-linux-gnu.so
/usr/lib/python3/dist-packages/numpy-1.24.2.egg-info
/usr/lib/python3/dist-packages/numpy-1.24.2.egg-info/PKG-INFO
/usr/lib/python3/dist-packages/numpy-1.24.2.egg-info/top_level.txt
`,
	"usr/lib/python3/dist-packages/numpy-1.24.2.egg-info/PKG-INFO":      "Metadata-Version: 2.1\nName: numpy\nVersion: 1.24.2\n",
	"usr/lib/python3/dist-packages/numpy-1.24.2.egg-info/top_level.txt": "numpy\n",
}

var mergedUsr = map[string]string{"bin": "usr/bin", "sbin": "usr/sbin", "lib": "usr/lib", "lib64": "usr/lib64"}

func TestDebian(t *testing.T) {
	o := debianImage.readThrough(mergedUsr)
	require.Equal(t, []string{
		"deb:libc6 2.36-9+deb12u9", "deb:tzdata 2024a-0+deb12u1", "deb:fontconfig 2.14.1-4", "deb:python3-numpy 1:1.24.2-1+deb12u1",
	}, keys(o))
	require.Equal(t, "var/lib/dpkg/status", o.Packages()[0].Source)
	const site = "usr/lib/python3/dist-packages/"
	requireOwners(t, o, map[string]string{
		"usr/lib/x86_64-linux-gnu/libc.so.6":     "deb:libc6",
		"usr/lib64/ld-linux-x86-64.so.2":         "deb:libc6",
		"lib/x86_64-linux-gnu/libc.so.6":         "", // there is no such path
		"etc/ld.so.conf.d/x86_64-linux-gnu.conf": "deb:libc6",
		"etc":                                    "",
		"usr/share/doc/libc6":                    "",
		"etc/exim4/exim4.conf":                   "",
		"usr/share/zoneinfo/Europe/Paris":        "deb:tzdata",
		"usr/share/shared":                       "deb:fontconfig", // its checksums name it
		"usr/share/zoneinfo/Europe/Berlin":       "",
		"var/lib/dpkg/info/libc6:amd64.postinst": "deb:libc6*",
		"var/lib/dpkg/info/exim4.postrm":         "",
		site + "numpy/core/_multiarray_umath.cpython-311-x86_64-linux-gnu.so": "deb:python3-numpy",
		site + "numpy/__pycache__/__init__.cpython-311.pyc":                   "deb:python3-numpy*",
		site + "numpy/core/added.py":                                          "deb:python3-numpy*",
		site + "numpy-1.24.2.egg-info/PKG-INFO":                               "deb:python3-numpy",
	})
	require.Empty(t, o.Problems())
}

func TestDebianWithoutMergedUsr(t *testing.T) {
	requireOwners(t, debianImage.read(), map[string]string{
		"lib/x86_64-linux-gnu/libc.so.6": "deb:libc6", "usr/lib/x86_64-linux-gnu/libc.so.6": "",
	})
}

func TestDebianOfSeveralArchitectures(t *testing.T) {
	one := stanza("zlib1g", "1:1.2.13")
	o := image{
		"var/lib/dpkg/status":                 one + strings.ReplaceAll(one, "amd64", "i386") + one + stanza("dash", "0.5"),
		"var/lib/dpkg/info/zlib1g:amd64.list": "/lib/x86_64-linux-gnu/libz.so.1\n/usr/share/doc/zlib1g/copyright\n",
		"var/lib/dpkg/info/zlib1g:i386.list":  "/lib/i386-linux-gnu/libz.so.1\n/usr/share/doc/zlib1g/copyright\n",
		"var/lib/dpkg/info/dash.list":         "/bin/sh\n",
		"var/lib/dpkg/info/zlib1g:arm64.list": "/lib/aarch64-linux-gnu/libz.so.1\n",
	}.read()
	require.Equal(t, []string{"deb:zlib1g:amd64 1:1.2.13", "deb:zlib1g:i386 1:1.2.13", "deb:dash 0.5"}, keys(o))
	requireOwners(t, o, map[string]string{
		"lib/x86_64-linux-gnu/libz.so.1":  "deb:zlib1g:amd64",
		"lib/i386-linux-gnu/libz.so.1":    "deb:zlib1g:i386",
		"lib/aarch64-linux-gnu/libz.so.1": "",
		"usr/share/doc/zlib1g/copyright":  "deb:zlib1g:amd64",
	})
}

func TestDistroless(t *testing.T) {
	o := image{
		"var/lib/dpkg/status.d/base-files":         "Package: base-files\nVersion: 12.4+deb12u5\nArchitecture: amd64\n",
		"var/lib/dpkg/status.d/base-files.md5sums": "0123456789abcdef0123456789abcdef  etc/debian_version\n0123456789abcdef0123456789abcdef  ./etc/issue\r\n",
		"var/lib/dpkg/status.d/libssl3":            "Package: libssl3\nVersion: 3.0.11-1~deb12u2\nArchitecture: amd64\n",
	}.read()
	require.Equal(t, []string{"deb:base-files 12.4+deb12u5", "deb:libssl3 3.0.11-1~deb12u2"}, keys(o))
	require.Equal(t, "var/lib/dpkg/status.d/libssl3", o.Packages()[1].Source)
	requireOwners(t, o, map[string]string{"etc/debian_version": "deb:base-files", "etc/issue": "deb:base-files"})
	require.Equal(t, []Problem{{"var/lib/dpkg/status", "1 packages have no list of their files"}}, o.Problems())
}

func TestDiversions(t *testing.T) {
	o := image{
		"var/lib/dpkg/status":                stanza("dash", "0.5.12") + stanza("vim-runtime", "9.0") + stanza("vim-tiny", "9.0"),
		"var/lib/dpkg/diversions":            "/usr/share/vim/help.txt\n/usr/share/vim/help.txt.vim-tiny\nvim-runtime\n/bin/sh\n/bin/sh.distrib\n:\n",
		"var/lib/dpkg/info/dash.list":        "/bin/sh\n",
		"var/lib/dpkg/info/vim-runtime.list": "/usr/share/vim/help.txt\n",
		"var/lib/dpkg/info/vim-tiny.list":    "/usr/share/vim/help.txt\n",
		"var/lib/dpkg/info/vim-tiny.md5sums": "0123456789abcdef0123456789abcdef  usr/share/vim/help.txt\n",
	}.readThrough(mergedUsr)
	requireOwners(t, o, map[string]string{
		"usr/share/vim/help.txt":          "deb:vim-runtime",
		"usr/share/vim/help.txt.vim-tiny": "deb:vim-tiny",
		"usr/bin/sh":                      "",
		"usr/bin/sh.distrib":              "deb:dash",
	})
	require.Empty(t, o.Problems())
}

func TestDamagedDebian(t *testing.T) {
	o := image{
		"var/lib/dpkg/status": "Status: install ok installed\nVersion: 1\n\nPackage: a b\nStatus: install ok installed\n\n" +
			"Package: ok\nStatus: install ok installed\nVersion: 1 \x1b[31m\n\nPackage: half\nStatus: install",
		"var/lib/dpkg/info/ok.list":    "/usr/bin/ok\n/../../etc/shadow\n/a/\x00b\n/" + strings.Repeat("x/", 5000) + "\nrelative\n",
		"var/lib/dpkg/info/ok.md5sums": "short\n\n../../etc/passwd\n0123456789abcdef0123456789abcdef  ../../etc/passwd\n",
		"var/lib/dpkg/diversions":      "/usr/bin/ok\n/usr/bin/ok.real\n",
	}.read()
	require.Equal(t, []string{"deb:ok "}, keys(o))
	requireOwners(t, o, map[string]string{"usr/bin/ok": "deb:ok", "etc/passwd": "", "relative": "deb:ok"})
	require.Equal(t, []Problem{
		{"var/lib/dpkg/status", "a stanza without a package"},
		{"var/lib/dpkg/status", `a package with the name "a b"`},
		{"var/lib/dpkg/status", `package "ok" has the version "1 \x1b[31m"`},
		{"var/lib/dpkg/diversions", "it ends inside a diversion"},
		{"var/lib/dpkg/info/ok.md5sums", "a line without a checksum and a path"},
		{"var/lib/dpkg/info/ok.md5sums", "it names a path above the root"},
		{"var/lib/dpkg/info/ok.list", "it names a path above the root"},
		{"var/lib/dpkg/info/ok.list", `it names a path with a byte '\x00'`},
		{"var/lib/dpkg/info/ok.list", "it names a path of 10000 bytes"},
	}, o.Problems())
}
