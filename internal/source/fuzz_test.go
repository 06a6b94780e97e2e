package source

import (
	"encoding/json"
	"strings"
	"testing"
	"unicode/utf8"

	ocispec "github.com/opencontainers/image-spec/specs-go/v1"

	"github.com/image-budget/image-budget/internal/image"
)

// FuzzHistory (B14): whatever a history and a SHELL say, an instruction is one line
// of at most maxInstruction characters, and shows nothing of a build argument.
func FuzzHistory(f *testing.F) {
	f.Add("RUN |1 TOKEN=x /bin/sh -c make # buildkit", "/bin/bash -c", 1, false)
	f.Fuzz(func(t *testing.T, recorded, shell string, layers int, empty bool) {
		named := strings.Fields(shell)
		got := instruction(recorded, named)
		if utf8.RuneCountInString(got) > maxInstruction || strings.ContainsAny(got, "\n\r\t\v\f") {
			t.Errorf("%q", got)
		}
		if again := instruction("COPY "+recorded, nil); utf8.RuneCountInString(again) > maxInstruction {
			t.Errorf("%q", again)
		}
		const secret = "hunter2hunter2"
		if !strings.Contains(recorded+shell, "hunter2") {
			hiding := instruction("RUN |1 TOKEN="+secret+" "+strings.Join(strings.Fields(shell), " ")+" make # buildkit", named)
			if strings.Contains(hiding, secret) {
				t.Errorf("%q shows the argument", hiding)
			}
		}
		made := make([]image.Layer, min(max(layers, 0), 50))
		attribute(made, []ocispec.History{{CreatedBy: recorded, EmptyLayer: empty}, {CreatedBy: shell}, {EmptyLayer: true}}, named, nil)
		for i := range made {
			if made[i].Instruction != "" && len(made) > 2 {
				t.Errorf("%d layers, and a history of fewer", len(made))
			}
		}
	})
}

// FuzzDocument (B14): an index or a manifest that is taken has no digest, size or
// sum that could do harm later.
func FuzzDocument(f *testing.F) {
	f.Add([]byte(`{"schemaVersion":2}`))
	f.Fuzz(func(t *testing.T, text []byte) {
		d, err := parseDocument(text)
		if err != nil {
			return
		}
		all := append(append([]descriptor{}, d.Manifests...), d.Layers...)
		if d.isIndex() == (d.Config != nil) {
			t.Errorf("an index and a manifest, or neither: %s", text)
		}
		if d.Config != nil {
			all = append(all, *d.Config)
		}
		for _, one := range all {
			if one.Digest.Validate() != nil || strings.ContainsAny(one.Digest.Encoded(), "/.") || one.Size == nil || *one.Size < 0 || *one.Size > maxClaim {
				t.Errorf("%+v", one)
			}
			_, _, _ = one.isImage(), one.names(), one.platform()
		}
		if _, err := named(d, "app:1"); err == nil && len(d.Manifests) == 0 {
			t.Error("a name of nothing was found")
		}
	})
}

// FuzzConfig (B14): a config that is taken has a platform that reports and baselines
// can say, and gives every layer that it counts its instruction or none.
func FuzzConfig(f *testing.F) {
	f.Add([]byte(`{"os":"linux","architecture":"amd64"}`))
	f.Fuzz(func(t *testing.T, text []byte) {
		c, err := parseConfig(text)
		if err != nil {
			return
		}
		if p := c.platform(); p != (image.Platform{}) {
			if again, err := image.ParsePlatform(p.String()); err != nil || again != p {
				t.Errorf("%q is no platform: %v", p, err)
			}
		}
		if len(c.RootFS.DiffIDs) > 1000 {
			return
		}
		layers := make([]image.Layer, len(c.RootFS.DiffIDs))
		for i := range layers {
			layers[i].DiffID = c.RootFS.DiffIDs[i]
		}
		img, err := c.image(layers)
		if err != nil || len(img.Layers) != len(layers) || !json.Valid(img.Config) {
			t.Errorf("%v of %s", err, text)
		}
	})
}
