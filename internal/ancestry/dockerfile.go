package ancestry

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/moby/buildkit/frontend/dockerfile/instructions"
	"github.com/moby/buildkit/frontend/dockerfile/parser"

	"github.com/image-budget/image-budget/internal/image"
)

// Build is how an image was built.
type Build struct {
	Dockerfile []byte
	Target     string // a stage's name; empty for the last stage
	Args       map[string]string
}

// scratch is what a stage is FROM that has no base image.
const scratch = "scratch"

// plan is what a Dockerfile says of the image that it builds.
type plan struct {
	from   string   // the base image, or scratch
	own    []string // names of the instructions after it, in all stages down to the target
	labels bool     // one of them is a LABEL that names the base image
}

// read follows the stages from the target to the image that the first of them is
// FROM, as BuildKit does: a stage can be built on those before it.
func (b Build) read(platform image.Platform) (plan, error) {
	file, err := parser.Parse(bytes.NewReader(b.Dockerfile))
	if err != nil {
		return plan{}, fmt.Errorf("parsing the Dockerfile: %w", err)
	}
	stages, args, err := instructions.Parse(file.AST, nil)
	if err != nil {
		return plan{}, fmt.Errorf("parsing the Dockerfile: %w", err)
	}
	at := len(stages) - 1
	if b.Target != "" {
		at = named(stages, b.Target)
	}
	if at < 0 {
		return plan{}, errors.New("the Dockerfile does not have the stage that was built")
	}
	scope := newScope(b, file.EscapeToken, platform, args)
	var chain []instructions.Stage
	for {
		chain = append(chain, stages[at])
		from, err := scope.expand(stages[at].BaseName)
		if err != nil {
			return plan{}, err
		}
		before := named(stages[:at], from)
		if before < 0 {
			slices.Reverse(chain)
			p := plan{from: from}
			err := p.follow(chain) // before p is copied
			return p, err
		}
		at = before
	}
}

// named is the last stage of that name, -1 for none.
func named(stages []instructions.Stage, name string) int {
	for i, stage := range slices.Backward(stages) {
		if stage.Name != "" && strings.EqualFold(stage.Name, name) {
			return i
		}
	}
	return -1
}

// follow collects the instructions of stages that are built on one another. What
// ONBUILD says in one runs at the beginning of the next.
func (p *plan) follow(chain []instructions.Stage) error {
	var triggers []instructions.Command
	for _, stage := range chain {
		commands := append(triggers, stage.Commands...)
		triggers = nil
		for _, c := range commands {
			p.own = append(p.own, strings.ToUpper(c.Name()))
			switch c := c.(type) {
			case *instructions.LabelCommand:
				p.labels = p.labels || slices.ContainsFunc(c.Labels, func(l instructions.KeyValuePair) bool { return strings.Trim(l.Key, `"'`) == baseName })
			case *instructions.OnbuildCommand:
				later, err := trigger(c.Expression)
				if err != nil {
					return err
				}
				triggers = append(triggers, later)
			}
		}
	}
	return nil
}

func trigger(expression string) (instructions.Command, error) {
	file, err := parser.Parse(strings.NewReader(expression))
	if err != nil || len(file.AST.Children) != 1 {
		return nil, errors.Join(errors.New("parsing an ONBUILD instruction"), err)
	}
	return instructions.ParseCommand(file.AST.Children[0])
}

// built is what the image was built on by its Dockerfile. How many layers that has
// is counted from the end of the history; where what is there is not what the
// Dockerfile says, guessed remains.
func (h history) built(p plan, guessed image.Base) image.Base {
	base := image.Base{Layers: guessed.Layers, Name: p.from, By: "Dockerfile"}
	if p.from == scratch {
		base.Layers = 0
	} else if steps, ok := h.without(p.own); ok {
		base.Layers = h.layers(steps)
	}
	return base
}

// without is how many steps are left of the history when those that the
// instructions made are taken from its end. ok is false where they are others:
// the Dockerfile is then not what the image was built by.
func (h history) without(own []string) (steps int, ok bool) {
	at := len(h)
	for _, name := range slices.Backward(own) {
		switch {
		case at > 0 && h[at-1].instruction == name:
			at--
		case name != "ONBUILD": // which the classic builder records, and BuildKit does not
			return 0, false
		}
	}
	return at, true
}
