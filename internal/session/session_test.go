package session

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestSessionRecordsUntilDone(t *testing.T) {
	dir := t.TempDir()
	s, err := Start(dir)
	require.NoError(t, err)
	require.Len(t, s.Nonce(), 16)

	first, second := s.Nonce()+"-1", s.Nonce()+"-2"
	require.NoError(t, s.Will(Container, first))
	require.NoError(t, s.Will(Image, second))
	require.Equal(t, []Thing{{Container, first}, {Image, second}}, s.Left(), "oldest first")
	require.NoError(t, s.Done(Container, first))
	require.NoError(t, s.Done(Image, second))
	require.NoError(t, s.Close())
	require.NoFileExists(t, filepath.Join(dir, folder, s.Nonce()))
}

func TestSessionThatLeftSomethingKeepsItsRecord(t *testing.T) {
	dir := t.TempDir()
	s, err := Start(dir)
	require.NoError(t, err)
	name := "x-" + s.Nonce()
	require.NoError(t, s.Will(Image, name))
	require.NoError(t, s.Close())

	dead, err := Dead(dir)
	require.NoError(t, err)
	require.Len(t, dead, 1)
	require.Equal(t, []Thing{{Image, name}}, dead[0].Left())
	require.NoError(t, dead[0].Close())
}

// D7: a record can only ever name what its own run made.
func TestSessionRefusesForeignNames(t *testing.T) {
	s, err := Start(t.TempDir())
	require.NoError(t, err)
	defer func() { require.NoError(t, s.Close()) }()
	temp, err := s.TempDir()
	require.NoError(t, err)

	for _, thing := range []Thing{
		{Container, "production"},
		{Image, "python:3.12"},
		{Path, "/etc"},
		{Path, filepath.Dir(temp)},
		{Path, temp + "/../../" + "other"},
		{Path, "relative/" + s.Nonce()},
	} {
		require.Error(t, s.Will(thing.Kind, thing.Name), thing)
	}
	require.Error(t, s.RemovePath("/etc"))
}

func TestSessionTempDirs(t *testing.T) {
	dir := t.TempDir()
	s, err := Start(dir)
	require.NoError(t, err)
	one, err := s.TempDir()
	require.NoError(t, err)
	two, err := s.TempDir()
	require.NoError(t, err)
	require.NotEqual(t, one, two)

	outside := t.TempDir()
	canary := filepath.Join(outside, "canary")
	require.NoError(t, os.WriteFile(canary, nil, 0o600))
	require.NoError(t, os.Symlink(outside, filepath.Join(one, "link")))
	require.NoError(t, s.RemovePath(one))
	require.NoDirExists(t, one)
	require.FileExists(t, canary, "a link is removed, not followed")
	require.NoError(t, s.RemovePath(one), "gone already is no error")

	require.NoError(t, s.Close())
	require.NoDirExists(t, two)
	require.NoDirExists(t, filepath.Join(dir, "sessions", s.Nonce()+".tmp"))
}

// D9: the next run finds what a killed one left, and nothing of a live one.
func TestDeadFindsKilledSessionsOnly(t *testing.T) {
	dir := t.TempDir()
	live, err := Start(dir)
	require.NoError(t, err)
	require.NoError(t, live.Will(Container, "live-"+live.Nonce()))

	killed := killedSession(t, dir)
	dead, err := Dead(dir)
	require.NoError(t, err)
	require.Len(t, dead, 1)
	require.Equal(t, killed, dead[0].Nonce())
	left := dead[0].Left()
	require.Len(t, left, 2, "%v", left)
	require.Equal(t, Thing{Image, "image-" + killed}, left[1])
	require.FileExists(t, filepath.Join(left[0].Name, "big"))

	again, err := Dead(dir)
	require.NoError(t, err)
	require.Empty(t, again, "a record that one reaper holds is no other's")

	require.NoError(t, dead[0].Done(Image, left[1].Name))
	require.NoError(t, dead[0].Close())
	require.NoDirExists(t, left[0].Name)
	require.NoFileExists(t, filepath.Join(dir, folder, killed))

	require.Len(t, live.Left(), 1)
	require.NoError(t, live.Done(Container, "live-"+live.Nonce()))
	require.NoError(t, live.Close())
}

func TestTwoSessionsAtOnce(t *testing.T) {
	dir := t.TempDir()
	one, err := Start(dir)
	require.NoError(t, err)
	two, err := Start(dir)
	require.NoError(t, err)
	require.NotEqual(t, one.Nonce(), two.Nonce())
	require.NoError(t, one.Close())
	dead, err := Dead(dir)
	require.NoError(t, err)
	require.Empty(t, dead)
	require.NoError(t, two.Close())
}

func TestParse(t *testing.T) {
	for name, tc := range map[string]struct {
		lines string
		want  []Thing
	}{
		"empty":                  {"", nil},
		"made and removed":       {"+ image \"a\"\n+ image \"b\"\n- image \"a\"\n", []Thing{{Image, "b"}}},
		"torn last line":         {"+ image \"a\"\n+ container \"b", []Thing{{Image, "a"}}},
		"torn within a line":     {"+ image \"a\n- image \"b\"\n+ image \"c\"\n", []Thing{{Image, "c"}}},
		"no newline, but whole":  {"+ image \"a\"", []Thing{{Image, "a"}}},
		"newline within a name":  {"+ path \"a\\nb\"\n", []Thing{{Path, "a\nb"}}},
		"zeros after a bad halt": {"+ image \"a\"\n\x00\x00\x00\x00", []Thing{{Image, "a"}}},
		"removed but never made": {"- image \"a\"\n", nil},
	} {
		t.Run(name, func(t *testing.T) {
			left, host := parse("@ engine \"unix:///here\"\n" + tc.lines)
			require.Equal(t, tc.want, left)
			require.Equal(t, "unix:///here", host)
		})
	}
}

func TestReapingAfterATornLine(t *testing.T) {
	dir := t.TempDir()
	nonce := strings.Repeat("0a", 8)
	require.NoError(t, os.MkdirAll(filepath.Join(dir, folder), 0o700))
	path := filepath.Join(dir, folder, nonce)
	require.NoError(t, os.WriteFile(path, []byte("+ image \""+nonce+"\"\n+ image \"other\"\n- ima"), 0o600))

	dead, err := Dead(dir)
	require.NoError(t, err)
	require.Len(t, dead, 1)
	require.Equal(t, []Thing{{Image, nonce}}, dead[0].Left(), "a name without the nonce is not believed")
	require.NoError(t, dead[0].file.Sync())
	require.NoError(t, dead[0].Done(Image, nonce))
	lines, err := os.ReadFile(path)
	require.NoError(t, err)
	left, _ := parse(string(lines))
	require.NotContains(t, left, Thing{Image, nonce}, "the torn line does not swallow what follows it")
	require.NoError(t, dead[0].Close())
	require.NoFileExists(t, path)
}

const killedEnv = "SESSION_TEST_KILLED_DIR"

// killedSession runs this test binary, which starts a session and dies of
// SIGKILL in the middle of it. It returns the session's nonce.
func killedSession(t *testing.T, dir string) string {
	child := exec.Command(os.Args[0], "-test.run=^TestKilledChild$")
	child.Env = append(os.Environ(), killedEnv+"="+dir)
	out, err := child.Output()
	require.ErrorContains(t, err, "killed")
	return strings.TrimSpace(string(out))
}

func TestKilledChild(t *testing.T) {
	dir := os.Getenv(killedEnv)
	if dir == "" {
		t.Skip("runs only as the child of TestDeadFindsKilledSessionsOnly")
	}
	s, err := Start(dir)
	require.NoError(t, err)
	temp, err := s.TempDir()
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(filepath.Join(temp, "big"), nil, 0o600))
	require.NoError(t, s.Will(Image, "image-"+s.Nonce()))
	_, err = os.Stdout.WriteString(s.Nonce() + "\n")
	require.NoError(t, err)
	self, err := os.FindProcess(os.Getpid())
	require.NoError(t, err)
	require.NoError(t, self.Kill())
	select {}
}
