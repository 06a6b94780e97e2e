package enginetest_test

import (
	"bytes"
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/image-budget/image-budget/internal/engine"
	"github.com/image-budget/image-budget/internal/engine/enginetest"
)

func TestFakeConforms(t *testing.T) {
	fake := enginetest.New()
	fake.Programs = map[string]enginetest.Program{
		"/probe serve":       {Handler: enginetest.OK, Listen: 20 * time.Millisecond, Log: []byte("listening on :8000\n")},
		"/probe sleep":       {},
		"/probe lines 60000": {Exit: &engine.Exit{}, Log: numbered(60000)},
		"/probe exit 0":      {Exit: &engine.Exit{}, Log: []byte("leaving with 0\n")},
		"/probe exit 7":      {Exit: &engine.Exit{Code: 7}, Log: []byte("leaving with 7\n")},
		"/probe eat":         {Exit: &engine.Exit{Code: 137, OOMKilled: true}},
	}
	enginetest.Conformance(t, func(*testing.T) engine.Engine { return fake })
	require.Empty(t, fake.Images())
	require.Empty(t, fake.Containers())
	require.Zero(t, fake.Listening())
}

// numbered is what probe lines writes.
func numbered(lines int) []byte {
	var log bytes.Buffer
	for i := range lines {
		fmt.Fprintf(&log, "line %d %s\n", i+1, enginetest.Filler)
	}
	return log.Bytes()
}
