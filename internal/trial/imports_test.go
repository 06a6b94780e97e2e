package trial

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/image-budget/image-budget/internal/engine"
	"github.com/image-budget/image-budget/internal/engine/enginetest"
	"github.com/image-budget/image-budget/internal/importtime"
)

var timed = []byte(`import time: self [us] | cumulative | imported package
import time:    400000 |     400000 |     numpy
import time:    900000 |    1300000 |   torch
import time:      1000 |    1301000 | app
INFO: listening
`)

func TestImportTime(t *testing.T) {
	fake := enginetest.New()
	fake.Programs["/app"] = enginetest.Program{Handler: enginetest.OK, Log: timed}
	img, blobs := app(t, "/app")
	bench := tried(t, fake, blobs, health(timeLimit))
	bench.Run.Env = map[string]string{"A": "1"}
	bench.Run.Memory = 1 << 30
	_, err := bench.Start(t.Context(), img)
	require.NoError(t, err)
	seen, err := bench.ImportTime(t.Context(), img)
	require.NoError(t, err)
	require.Equal(t, "torch", seen.Packages[0].Name)
	require.Equal(t, 1301*time.Millisecond, seen.Total)

	created := fake.Created()
	require.Len(t, created, 2, "a container of its own")
	require.Equal(t, map[string]string{"A": "1", importtime.Variable: "1"}, created[1].Env)
	require.Equal(t, map[string]string{"A": "1"}, bench.Run.Env, "later starts are not timed")
	require.GreaterOrEqual(t, created[1].LogSize, int64(importtime.Limit))
	created[1].Name, created[1].Env, created[1].LogSize = created[0].Name, created[0].Env, created[0].LogSize
	require.Equal(t, created[0], created[1], "else it is started like any other")
}

// What was imported until a start failed is worth telling.
func TestImportTimeOfAStartThatFails(t *testing.T) {
	fake := enginetest.New()
	fake.Programs["/app"] = enginetest.Program{Exit: &engine.Exit{Code: 1}, Log: timed}
	img, blobs := app(t, "/app")
	seen, err := tried(t, fake, blobs, health(timeLimit)).ImportTime(t.Context(), img)
	var fault *StartFault
	require.ErrorAs(t, err, &fault)
	require.Equal(t, Exited, fault.Fault)
	require.NotContains(t, err.Error(), "import time", "its last lines are the timer's")
	require.Equal(t, 3, seen.Modules)
}

func TestImportTimeFaults(t *testing.T) {
	broken := errors.New("broken")
	for _, method := range []string{"Pull", "Create", "Start", "Address", "WriteLog"} {
		t.Run(method, func(t *testing.T) {
			fake := enginetest.New()
			fake.Programs["/app"] = enginetest.Program{Handler: enginetest.OK, Log: timed}
			img, blobs := app(t, "/app")
			bench := tried(t, fake, blobs, health(timeLimit)) // which looks for what is left
			fake.Hook = func(_ context.Context, called string) error {
				if called == method {
					return broken
				}
				return nil
			}
			seen, err := bench.ImportTime(t.Context(), img)
			require.ErrorIs(t, err, broken)
			require.Zero(t, seen)

			ctx, cancel := context.WithCancel(t.Context())
			fake.Hook = func(_ context.Context, called string) error {
				if called == method {
					cancel()
				}
				return nil
			}
			_, err = bench.ImportTime(ctx, img)
			require.ErrorIs(t, err, context.Canceled)
		})
	}
}
