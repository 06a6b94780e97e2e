package budget

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
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
