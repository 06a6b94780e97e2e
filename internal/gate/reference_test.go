package gate

import (
	"io"
	"log"
	"net/http/httptest"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/google/go-containerregistry/pkg/name"
	"github.com/google/go-containerregistry/pkg/registry"
	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/remote"
	"github.com/stretchr/testify/require"

	"github.com/image-budget/image-budget/internal/budget"
)

// A baseline that was recorded from a registry is had from there on a machine
// that has never seen it, by its digest and not by the tag that has moved on.
func TestByReference(t *testing.T) {
	server := httptest.NewServer(registry.New(registry.Logger(log.New(io.Discard, "", 0))))
	t.Cleanup(server.Close)
	ref := strings.TrimPrefix(server.URL, "http://") + "/acme/app:main"
	push := func(img v1.Image) {
		tag, err := name.ParseReference(ref)
		require.NoError(t, err)
		require.NoError(t, remote.Write(tag, img))
	}
	m, fake, b := at(t, Options{})
	require.NoError(t, os.WriteFile(b.Path, []byte(strings.Replace(budgetText, "engine: app:dev", "pull: "+ref, 1)), 0o644))
	b, err := budget.Load(b.Path)
	require.NoError(t, err)
	for i := range b.Metrics {
		b.Metrics[i].Tolerance = 20000
	}
	push(startsAfter(t, fake, 20*time.Millisecond))
	_, err = Record(t.Context(), b, What{}, m)
	require.NoError(t, err)
	recorded, err := budget.BaselineFor(b)
	require.NoError(t, err)
	require.Contains(t, recorded.Reference, "/acme/app@sha256:")
	require.Empty(t, recorded.Commit)

	push(startsAfter(t, fake, 200*time.Millisecond))
	fresh, _, _ := at(t, Options{Engine: m.engine.open})
	result := checked(t, fresh, b, How{})
	start := rows(result)["cold_start"]
	require.Equal(t, budget.Regression, start.Verdict, start.Reason)
	require.Contains(t, start.Reason, "beside the baseline image, from "+recorded.Reference)
	require.Empty(t, result.Warnings)

	server.Close()
	fresh, _, _ = at(t, Options{Engine: m.engine.open})
	require.Equal(t, budget.Unmeasured, checked(t, fresh, b, How{}).Verdict, "the candidate is not to be had either")
}
