package owners

import (
	"testing"

	"github.com/stretchr/testify/require"
)

const apkInstalled = `C:Q1wGZ5rIMj3CI3lB8tV3l2kLpQ0Qs=
P:musl
V:1.2.5-r0
A:x86_64
S:403034
I:651264
T:the musl c library (libc) implementation
U:https://musl.libc.org/
L:MIT
o:musl
p:so:libc.musl-x86_64.so.1=1
F:lib
R:ld-musl-x86_64.so.1
a:0:0:755
Z:Q1ZLdyvMbgS2DOGB6uXvMyYJzIjcc=
R:libc.musl-x86_64.so.1
a:0:0:777

C:Q1abc=
P:py3-six
V:1.16.0-r9
F:
F:usr/lib/python3.12/site-packages
R:six.py
F:usr/lib/python3.12/site-packages/six-1.16.0-py3.12.egg-info
R:PKG-INFO
F:
R:etc-in-root

P:.py3-six-virtual
V:0
`

func TestAlpine(t *testing.T) {
	o := image{
		"lib/apk/db/installed": apkInstalled,
		"usr/lib/python3.12/site-packages/six-1.16.0-py3.12.egg-info/PKG-INFO": "Name: six\nVersion: 1.16.0\n",
	}.read()
	require.Equal(t, []string{"apk:musl 1.2.5-r0", "apk:py3-six 1.16.0-r9", "apk:.py3-six-virtual 0"}, keys(o))
	requireOwners(t, o, map[string]string{
		"lib/ld-musl-x86_64.so.1": "apk:musl",
		"lib":                     "",
		"usr/lib/python3.12/site-packages/six.py":                              "apk:py3-six",
		"usr/lib/python3.12/site-packages/__pycache__/six.cpython-312.pyc":     "apk:py3-six*",
		"usr/lib/python3.12/site-packages/six-1.16.0-py3.12.egg-info/PKG-INFO": "apk:py3-six",
		"etc-in-root": "apk:py3-six",
	})
	require.Empty(t, o.Problems())
}

func TestDamagedAlpine(t *testing.T) {
	o := image{"lib/apk/db/installed": "\n\n\nF:bin\nR:busybox\n\nP:a\nF:../..\nR:etc/passwd\nR:\nF:bin\nR:x\nno colon\n:\n"}.read()
	require.Equal(t, []string{"apk:a "}, keys(o))
	requireOwners(t, o, map[string]string{"bin/x": "apk:a", "bin/busybox": "", "etc/passwd": ""})
	require.Equal(t, []Problem{
		{"lib/apk/db/installed", `a package with the name ""`},
		{"lib/apk/db/installed", "it names a path above the root"},
	}, o.Problems())
}
