package source

import (
	"strings"

	ocispec "github.com/opencontainers/image-spec/specs-go/v1"

	"github.com/image-budget/image-budget/internal/ancestry"
	"github.com/image-budget/image-budget/internal/image"
	"github.com/image-budget/image-budget/internal/secrets"
)

// maxInstruction is how many runes of an instruction are kept.
const maxInstruction = 200

// attribute gives each layer the instruction that made it. A history that does not
// have one entry for each layer in their order is of no use: it would blame the wrong ones. No
// secret is shown: instructions end up in reports and in baselines.
func attribute(layers []image.Layer, history []ocispec.History, shell, env []string) {
	var made []string
	for _, h := range history {
		if !h.EmptyLayer {
			made = append(made, h.CreatedBy)
		}
	}
	if len(made) != len(layers) || !ancestry.Ordered(history) {
		return
	}
	for i, recorded := range secrets.Hide(made, env) {
		layers[i].Instruction = instruction(recorded, shell)
	}
}

// instruction is what the Dockerfile said, of what the builder recorded: the
// classic builder writes `/bin/sh -c #(nop) COPY ...` and `|1 ARG=x /bin/sh -c
// make`, BuildKit `COPY ... # buildkit` and `RUN |1 ARG=x /bin/sh -c make`,
// with what the SHELL instruction named in place of the shell.
func instruction(recorded string, shell []string) string {
	s := strings.Join(strings.Fields(recorded), " ")
	s = strings.TrimSuffix(s, " # buildkit")
	shells := []string{"/bin/sh -c "}
	if named := strings.Join(shell, " ") + " "; named != " " && named != shells[0] {
		shells = append(shells, named)
	}
	run := strings.TrimPrefix(s, "RUN ")
	if strings.HasPrefix(run, "|") {
		run = withoutArguments(run, shells)
		s = "RUN " + run
	}
	for _, shell := range shells {
		if command, ok := strings.CutPrefix(run, shell); ok {
			s = "RUN " + command
			if word, ok := strings.CutPrefix(command, "#(nop) "); ok {
				s = word
			}
			break
		}
	}
	if runes := []rune(s); len(runes) > maxInstruction {
		s = string(runes[:maxInstruction-1]) + "…"
	}
	return strings.TrimSpace(s)
}

// hidden stands for a command that cannot be told from build arguments.
const hidden = "(not shown, for the build arguments before it)"

// withoutArguments is what stands behind |N and N build arguments, which may
// be secrets and end up in baselines. They are recorded without quotes, so
// that only the one place where a shell is named tells where they end.
func withoutArguments(run string, shells []string) string {
	command, places := hidden, 0
	for _, shell := range shells {
		places += strings.Count(run, " "+shell)
		if _, rest, ok := strings.Cut(run, " "+shell); ok {
			command = rest
		}
	}
	if places != 1 {
		return hidden
	}
	return command
}
