package cli

import (
	"fmt"
	"os"
	"strconv"
	"testing"

	"github.com/google/go-containerregistry/pkg/v1/layout"
	"github.com/rogpeppe/go-internal/testscript"

	"github.com/image-budget/image-budget/internal/image/imagetest"
)

// mkimage writes an OCI layout with one layer a size, each holding a file of
// that many bytes: mkimage FOLDER SIZE...
func mkimage(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: mkimage FOLDER SIZE...")
	}
	t := scriptT{script: ts}
	var layers [][]byte
	for i, arg := range args[1:] {
		size, err := strconv.Atoi(arg)
		ts.Check(err)
		layers = append(layers, imagetest.Tar(t, imagetest.File(fmt.Sprintf("file%d", i), imagetest.Noise(uint64(i), size))))
	}
	dir := ts.MkAbs(args[0])
	ts.Check(os.RemoveAll(dir))
	_, err := layout.Write(dir, imagetest.Index(t, imagetest.Image(t, imagetest.Linux, layers...)))
	ts.Check(err)
}

// scriptT lets a script use what is made for tests: a testing.TB with the
// methods that those call.
type scriptT struct {
	testing.TB
	script *testscript.TestScript
}

func (t scriptT) Helper()                           {}
func (t scriptT) Errorf(format string, args ...any) { t.script.Fatalf(format, args...) }
func (t scriptT) FailNow()                          { t.script.Fatalf("making an image") }
