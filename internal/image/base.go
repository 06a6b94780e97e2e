package image

import "strings"

// Base is the image that another one was built on, as far as it is known.
type Base struct {
	Layers int    // how many of the image's layers are its, counted from the base; 0 when nothing is known of it or it was built from scratch
	Name   string // such as "python:3.12-slim"; empty when nothing names it
	By     string // how the name is known, or else the layers: "labels", "annotations", "Dockerfile", "history"; empty when neither is
}

// Short is the name without a digest, for a person.
func (b Base) Short() string {
	short, _, _ := strings.Cut(b.Name, "@")
	return short
}
