package source

import (
	"strings"

	ocispec "github.com/opencontainers/image-spec/specs-go/v1"

	"github.com/image-budget/image-budget/internal/image"
)

// maxInstruction is how many runes of an instruction are kept.
const maxInstruction = 200

// attribute gives each layer the instruction that made it. A history that does not
// have one entry for each layer is of no use: it would blame the wrong ones.
func attribute(layers []image.Layer, history []ocispec.History) {
	var made []string
	for _, h := range history {
		if !h.EmptyLayer {
			made = append(made, h.CreatedBy)
		}
	}
	if len(made) != len(layers) {
		return
	}
	for i := range layers {
		layers[i].Instruction = instruction(made[i])
	}
}

// instruction is what the Dockerfile said, of what the builder recorded: the
// classic builder writes `/bin/sh -c #(nop) COPY ...` and `|1 ARG=x /bin/sh -c
// make`, BuildKit `COPY ... # buildkit` and `RUN |1 ARG=x /bin/sh -c make`.
// Build arguments are left out, since they may be secrets.
func instruction(recorded string) string {
	const shell, nothing = "/bin/sh -c ", "#(nop) "
	s := strings.Join(strings.Fields(recorded), " ")
	s = strings.TrimSuffix(s, " # buildkit")
	run := strings.TrimPrefix(s, "RUN ")
	if strings.HasPrefix(run, "|") {
		if _, command, ok := strings.Cut(run, " "+shell); ok {
			run = shell + command
		}
	}
	if command, ok := strings.CutPrefix(run, shell); ok {
		s = "RUN " + command
		if word, ok := strings.CutPrefix(command, nothing); ok {
			s = word
		}
	}
	if runes := []rune(s); len(runes) > maxInstruction {
		s = string(runes[:maxInstruction-1]) + "…"
	}
	return strings.TrimSpace(s)
}
