package budget

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/image-budget/image-budget/internal/metric"
)

// FuzzLoad: whatever a budget file holds, it is read in no time, refused with
// a fault that names the file, or a budget that can be used and that the schema
// takes too.
func FuzzLoad(f *testing.F) {
	for _, c := range accepted {
		f.Add([]byte(c.yaml))
	}
	for _, c := range rejected {
		if len(c.yaml) < 2000 {
			f.Add([]byte(c.yaml))
		}
	}
	schema := compileSchema(f)
	f.Fuzz(func(t *testing.T, data []byte) {
		begin := time.Now()
		b, err := decode("budgets/x.yaml", data, today)
		require.Less(t, time.Since(begin), 5*time.Second)
		if err != nil {
			var fault *FileError
			require.ErrorAs(t, err, &fault)
			require.Equal(t, "budgets/x.yaml", fault.Path)
			require.Less(t, len(err.Error()), 2000)
			return
		}
		require.NotEmpty(t, b.Image)
		require.NotEmpty(t, b.Metrics)
		require.Positive(t, b.Link.Bandwidth)
		require.Positive(t, b.Health.Timeout)
		require.NoError(t, schema.Validate(instance(t, string(data))))
	})
}

// FuzzAmend: a baseline is amended with no byte changed but the metric's, or
// refused with a fault that names the file.
func FuzzAmend(f *testing.F) {
	for _, section := range []string{allLines, "  ? size\n  : 5\n", "  pull_time:\n    samples:\n    - 1s\n    median: '1s' # c\n"} {
		f.Add([]byte(strings.Replace(measuredFile, allLines, section, 1)), uint8(0))
	}
	for i, section := range []string{"{size: 5, # c\n }", "{}", `{"pull_time":{median: 1s, samples: [1s]}}`} {
		f.Add([]byte(strings.Replace(measuredFile, "\n"+allLines, " "+section+"\n", 1)), uint8(i))
	}
	f.Fuzz(func(t *testing.T, data []byte, which uint8) {
		m := moved()
		name := metric.All[int(which)%len(metric.All)].Name
		old, err := decodeBaseline("x.baseline.yaml", data)
		if err != nil {
			return
		}
		m.RecordedWith = old.RecordedWith
		amended, err := amend("x.baseline.yaml", slices.Clone(data), m, []string{name})
		if err != nil {
			var fault *FileError
			require.ErrorAs(t, err, &fault)
			require.Equal(t, "x.baseline.yaml", fault.Path)
			return
		}
		gone := data
		for len(gone) > 0 && len(amended) > 0 && gone[0] == amended[0] {
			gone, amended = gone[1:], amended[1:]
		}
		for len(gone) > 0 && len(amended) > 0 && gone[len(gone)-1] == amended[len(amended)-1] {
			gone, amended = gone[:len(gone)-1], amended[:len(amended)-1]
		}
		require.NotContains(t, string(gone), "#", "a comment was lost")
		if old.Metrics[name].Number == nil && old.Metrics[name].Samples == nil {
			require.Empty(t, gone, "a new metric takes nothing's place")
		}
	})
}

// FuzzBaseline: a baseline that is read is written and read again as the same.
func FuzzBaseline(f *testing.F) {
	f.Add([]byte(measuredFile))
	f.Fuzz(func(t *testing.T, data []byte) {
		m, err := decodeBaseline("x.baseline.yaml", data)
		if err != nil {
			return
		}
		written, err := encodeBaseline(*m)
		require.NoError(t, err)
		require.NoError(t, readsBack("x.baseline.yaml", written))
	})
}
