package cli

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"sync"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

// debianPython is Debian's Python as a folder that an image FROM scratch can
// hold, made once: its packages, downloaded and unpacked, not installed.
type debianPython struct {
	once sync.Once
	into string // an empty folder
	err  error
}

// folder has no more than the interpreter, its library in Python, and the
// libraries that these cannot do without.
func (d *debianPython) folder() (string, error) {
	d.once.Do(func() {
		if d.err = d.unpack(); d.err != nil && os.Getuid() == 0 { // perhaps nothing is known of any package yet
			if out, err := exec.Command("apt-get", "update", "-qq").CombinedOutput(); err != nil {
				d.err = fmt.Errorf("%w; and apt-get update: %w: %s", d.err, err, out)
				return
			}
			d.err = d.unpack()
		}
	})
	return filepath.Join(d.into, "root"), d.err
}

func (d *debianPython) unpack() error {
	known, err := exec.Command("apt-cache", "depends", "python3-minimal").Output()
	if err != nil {
		return fmt.Errorf("asking apt-cache for python3-minimal: %w", err)
	}
	version := regexp.MustCompile(`(python3\.[0-9]+)-minimal`).FindSubmatch(known)
	if version == nil {
		return fmt.Errorf("apt-cache names no Python that python3-minimal is: %s", known)
	}
	python := string(version[1])
	download := exec.Command("apt-get", "download", "-qq",
		python+"-minimal", "lib"+python+"-minimal", "lib"+python+"-stdlib", "libc6", "libexpat1", "zlib1g")
	download.Dir = d.into
	if out, err := download.CombinedOutput(); err != nil {
		return fmt.Errorf("downloading %s: %w: %s", python, err, out)
	}
	packages, err := filepath.Glob(filepath.Join(d.into, "*.deb"))
	if err != nil {
		return err
	}
	root := filepath.Join(d.into, "root")
	for _, path := range packages {
		if out, err := exec.Command("dpkg-deb", "--extract", path, root).CombinedOutput(); err != nil {
			return fmt.Errorf("unpacking %q: %w: %s", path, err, out)
		}
	}
	return os.Symlink(python, filepath.Join(root, "usr", "bin", "python3"))
}

// condition is [python] in a script. CI has no excuse for not having it.
func (d *debianPython) condition(name string) (bool, error) {
	if name != "python" {
		return false, fmt.Errorf("there is no condition %q", name)
	}
	_, err := d.folder()
	if err != nil && os.Getenv("CI") == "true" {
		return false, err
	}
	return err == nil, nil
}

// command puts it into a folder: python FOLDER.
func (d *debianPython) command(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: python FOLDER")
	}
	root, err := d.folder()
	ts.Check(err)
	ts.Check(ts.Exec("cp", "-a", root, ts.MkAbs(args[0])))
}

func newDebianPython(t *testing.T) *debianPython { return &debianPython{into: t.TempDir()} }
