package growth_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/opencontainers/go-digest"
	"github.com/stretchr/testify/require"

	"github.com/image-budget/image-budget/internal/growth"
	"github.com/image-budget/image-budget/internal/inventory"
)

// stack makes layers of "content: instruction"; the content is its diff ID.
func stack(lines ...string) *inventory.Inventory {
	i := &inventory.Inventory{}
	for _, line := range lines {
		content, instruction, _ := strings.Cut(line, ":")
		l := inventory.Layer{DiffID: digest.Digest(content), Instruction: strings.TrimSpace(instruction), Size: int64(len(content))}
		i.Layers = append(i.Layers, l)
		i.Size += l.Size
	}
	return i
}

// pairs says which layer became which: 0=0 is the same, 0~0 changed, -1 gone, +1
// new.
func pairs(g *growth.Growth) string {
	var all []string
	for _, l := range g.Layers {
		switch {
		case l.Old == nil:
			all = append(all, fmt.Sprintf("+%d", l.New.Index))
		case l.New == nil:
			all = append(all, fmt.Sprintf("-%d", l.Old.Index))
		case l.New.Same:
			all = append(all, fmt.Sprintf("%d=%d", l.Old.Index, l.New.Index))
		default:
			all = append(all, fmt.Sprintf("%d~%d", l.Old.Index, l.New.Index))
		}
	}
	return strings.Join(all, " ")
}

func TestLayers(t *testing.T) {
	long := "RUN apt-get update && apt-get install -y --no-install-recommends curl ca-certificates"
	for _, test := range []struct {
		name     string
		old, now []string
		want     string
	}{
		{"the same", []string{"a: ADD /", "b: RUN x"}, []string{"a: ADD /", "b: RUN x"}, "0=0 1=1"},
		{"the same by its content, whatever made it", []string{"a: ADD /"}, []string{"a: COPY /"}, "0=0"},
		{"other content", []string{"a: ADD /", "b: RUN x"}, []string{"a: ADD /", "bb: RUN x"}, "0=0 1~1"},
		{"another instruction of the verb", []string{"a: ADD /", "b: RUN x"}, []string{"a: ADD /", "bb: RUN y"}, "0=0 1~1"},
		{"another verb", []string{"a: ADD /", "b: RUN x"}, []string{"a: ADD /", "c: COPY x"}, "0=0 -1 +1"},
		{"new in the middle", []string{"a: ADD /", "c: COPY app"}, []string{"a: ADD /", "b: RUN x", "c: COPY app"}, "0=0 +1 1=2"},
		{"new at both ends", []string{"b: RUN x"}, []string{"a: ADD /", "b: RUN x", "c: COPY app"}, "+0 0=1 +2"},
		{"gone in the middle", []string{"a: ADD /", "b: RUN x", "c: COPY app"}, []string{"a: ADD /", "c: COPY app"}, "0=0 -1 2=1"},
		{"reordered", []string{"a: ADD /", "b: RUN x", "c: COPY app"}, []string{"a: ADD /", "c: COPY app", "b: RUN x"}, "0=0 -1 2=1 +2"},
		{"all of them others", []string{"a: ADD /", "b: RUN x"}, []string{"c: COPY /", "d: WORKDIR /"}, "-0 -1 +0 +1"},
		{"an instruction stands before a verb", []string{"a: RUN x", "b: RUN y"}, []string{"c: RUN y"}, "-0 1~0"},
		{"content stands before an instruction", []string{"a: RUN x", "b: RUN x"}, []string{"b: RUN x"}, "-0 1=0"},
		{"no instructions", []string{"a:", "b:"}, []string{"a:", "c:"}, "0=0 -1 +1"},
		{"the same instruction twice", []string{"a: COPY . .", "b: COPY . ."}, []string{"a: COPY . .", "c: COPY . ."}, "0=0 1~1"},
		{"cut by a baseline", []string{"a: RUN other", "b: " + long[:60]}, []string{"c: " + long, "d: RUN other things"}, "-0 1~0 +1"},
		{"no old layers", nil, []string{"a: ADD /"}, "+0"},
		{"no new layers", []string{"a: ADD /"}, nil, "-0"},
		{"neither", nil, nil, ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			g := growth.Between(stack(test.old...), stack(test.now...))
			require.Equal(t, test.want, pairs(g))
			requireSums(t, g)
		})
	}
}

// Layers without a diff ID, as nothing of ours has them, are not all the same.
func TestLayersWithoutDiffID(t *testing.T) {
	require.Equal(t, "-0 +0", pairs(growth.Between(stack(":"), stack(":"))))
}

// A layer that changed has the instruction that it has now, and says what both
// sides had.
func TestLayerOfBoth(t *testing.T) {
	l := growth.Between(stack("b: RUN x"), stack("bbb: RUN y")).Layers[0]
	require.Equal(t, "RUN y", l.Instruction)
	require.EqualValues(t, 2, l.Delta())
	l.Old.Compressed, l.New.Compressed = 9, 4
	require.EqualValues(t, -5, l.CompressedDelta())
}
