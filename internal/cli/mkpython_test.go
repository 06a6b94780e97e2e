package cli

import (
	"fmt"
	"hash/fnv"
	"os"
	"strconv"
	"strings"

	"github.com/google/go-containerregistry/pkg/v1/layout"
	"github.com/google/go-containerregistry/pkg/v1/mutate"
	"github.com/rogpeppe/go-internal/testscript"

	"github.com/image-budget/image-budget/internal/image/imagetest"
)

// mkpython writes an OCI layout of a Python service: a base of 1 MB, a layer with
// the distributions that are named, and a layer with files of that many bytes:
// mkpython FOLDER NAME=VERSION:SIZE... PATH=SIZE...
func mkpython(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: mkpython FOLDER NAME=VERSION:SIZE... PATH=SIZE...")
	}
	t := scriptT{script: ts}
	var installed, copied []imagetest.Entry
	for _, arg := range args[1:] {
		name, what, _ := strings.Cut(arg, "=")
		version, size, isPackage := strings.Cut(what, ":")
		if !isPackage {
			copied = append(copied, imagetest.File(name, content(ts, name, what)))
			continue
		}
		folder := "opt/venv/lib/python3.12/site-packages/"
		about := fmt.Sprintf("%s%s-%s.dist-info/", folder, name, version)
		record := fmt.Sprintf("%s/lib.so,,\n%[1]s-%s.dist-info/METADATA,,\n%[1]s-%[2]s.dist-info/RECORD,,\n", name, version)
		installed = append(installed,
			imagetest.File(folder+name+"/lib.so", content(ts, name+version, size)),
			imagetest.File(about+"METADATA", fmt.Sprintf("Metadata-Version: 2.1\nName: %s\nVersion: %s\n\n", name, version)),
			imagetest.File(about+"RECORD", record))
	}
	img := imagetest.Image(t, imagetest.Linux,
		imagetest.Tar(t, imagetest.File("usr/bin/python3", imagetest.Noise(1, 1_000_000))),
		imagetest.Tar(t, installed...), imagetest.Tar(t, copied...))
	config, err := img.ConfigFile()
	ts.Check(err)
	for i, by := range []string{"ENV APP=test", "/bin/sh -c #(nop) ADD file:python in / ", "RUN /bin/sh -c uv sync --frozen # buildkit", "COPY . . # buildkit"} {
		config.History[i].CreatedBy = by
	}
	img, err = mutate.ConfigFile(img, config)
	ts.Check(err)
	dir := ts.MkAbs(args[0])
	ts.Check(os.RemoveAll(dir))
	_, err = layout.Write(dir, imagetest.Index(t, img))
	ts.Check(err)
}

// content is that many bytes, the same ones for the same name.
func content(ts *testscript.TestScript, name, size string) string {
	n, err := strconv.Atoi(size)
	ts.Check(err)
	seed := fnv.New64a()
	_, _ = seed.Write([]byte(name)) // a hash takes everything
	return imagetest.Noise(seed.Sum64(), n)
}
