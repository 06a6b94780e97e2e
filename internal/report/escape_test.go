package report

import (
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/stretchr/testify/require"
)

func TestClean(t *testing.T) {
	for _, c := range []struct{ name, in, want string }{
		{"plain", "pulling \"x\":\n\tno such host\n", "pulling \"x\":\n\tno such host\n"},
		{"other scripts", "größe 尺寸 ✅", "größe 尺寸 ✅"},
		{"C1 command", "::error::x", `\x3a:error::x`},
		{"C1 command on a later line", "a\n  ::error::x", "a\n  " + `\x3a:error::x`},
		{"C1 colons inside a line are no command", "torch::load", "torch::load"},
		{"C1 lone CR", "a\r::error::x", "a^M::error::x"},
		{"C1 CRLF is a newline", "a\r\n::error::x\r\n", "a\n" + `\x3a:error::x` + "\n"},
		{"C1 NBSP before a command", "\u00a0::error::x", "<U+00A0>::error::x"},
		{"C1 line separator before a command", "\u2028::error::x", "<U+2028>::error::x"},
		{"C1 next line before a command", "a\u0085::error::x", "a<U+0085>::error::x"},
		{"C1 bracket command", "a ##[add-mask]b", `a #\x23[add-mask]b`},
		{"C1 bracket command behind more", "###[add-mask]b", `##\x23[add-mask]b`},
		{"C1 bracket command of Azure", "##vso[task.setvariable]x", `#\x23vso[task.setvariable]x`},
		{"C2 ESC", "\x1b[31mred", "^[[31mred"},
		{"C2 OSC and BEL", "\x1b]0;t\a", "^[]0;t^G"},
		{"C2 C1 CSI", "\u009b31m", "<U+009B>31m"},
		{"C2 backspace and DEL", "a\b\x7f", "a^H^?"},
		{"C2 NUL", "a\x00b", "a^@b"},
		{"C2 bidi", "\u202egpj.exe", "<U+202E>gpj.exe"},
		{"C2 zero width", "a\u200bb\ufeff", "a<U+200B>b<U+FEFF>"},
		{"C2 tag characters", "a\U000e0041", "a<U+E0041>"},
		{"C2 a replacement character that is one", "\ufffd", "\ufffd"},
		{"C2 invalid UTF-8", "a\xff\xc3(", `a\xff\xc3(`},
	} {
		t.Run(c.name, func(t *testing.T) { require.Equal(t, c.want, Clean(c.in)) })
	}
}

func TestCleanName(t *testing.T) {
	for _, c := range []struct{ name, in, want string }{
		{"one line", "a\nb\tc", "a^Jb^Ic"},
		{"command", "::x", `\x3a:x`},
		{"B12 at the limit", strings.Repeat("ä", maxName), strings.Repeat("ä", maxName)},
		{"B12 one past the limit", strings.Repeat("ä", maxName+1), strings.Repeat("ä", maxName) + "..."},
	} {
		t.Run(c.name, func(t *testing.T) { require.Equal(t, c.want, cleanName(c.in)) })
	}
}

func TestCleanCuts(t *testing.T) {
	require.Equal(t, strings.Repeat("x", maxText), Clean(strings.Repeat("x", maxText)))
	require.Equal(t, strings.Repeat("x", maxText)+"... (1 bytes more)", Clean(strings.Repeat("x", maxText+1)))
	// A character is kept whole or left out.
	require.Equal(t, strings.Repeat("x", maxText-1)+"... (2 bytes more)", Clean(strings.Repeat("x", maxText-1)+"ä"))
	require.Less(t, len(Clean(strings.Repeat("\x80", 1<<20))), 5*maxText)
}

func FuzzClean(f *testing.F) {
	for _, seed := range []string{"", "\n::", "\u2028::x", "#\x00#[", "##\xff[x", "a\r\n \t::b", "####[[", strings.Repeat("\xe2\x82", 9000)} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, s string) {
		got := Clean(s)
		if !utf8.ValidString(got) || strings.Contains(got, "##[") || strings.Contains(cleanName(s), "\n") {
			t.Fatalf("%q", got)
		}
		for _, r := range got {
			if r != '\n' && r != '\t' && !unicode.IsPrint(r) {
				t.Fatalf("%U", r)
			}
		}
		for line := range strings.SplitSeq(got, "\n") {
			if strings.HasPrefix(strings.TrimSpace(line), "::") {
				t.Fatalf("%q", line)
			}
		}
	})
}
