package source_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/image-budget/image-budget/budgets"
	"github.com/image-budget/image-budget/internal/budget"
	"github.com/image-budget/image-budget/internal/source"
)

// The keys that a budget file may have, the kinds of source and the schema are
// one list.
func TestKindsAreTheKeysOfBudgets(t *testing.T) {
	var names []string
	for _, kind := range source.Kinds {
		names = append(names, kind.Name)
	}
	require.Equal(t, budget.SourceKeys(), names)

	var schema struct {
		OneOf []struct{ Required []string }
	}
	require.NoError(t, json.Unmarshal(budgets.Schema, &schema))
	var required []string
	for _, one := range schema.OneOf {
		required = append(required, one.Required...)
	}
	require.Equal(t, names, required)
}

// What is written under a key is given to the kind of that name, and to no other.
func TestKindsAreGivenTheirKey(t *testing.T) {
	for _, kind := range source.Kinds {
		t.Run(kind.Name, func(t *testing.T) {
			value := "x"
			if kind.Name == "build" {
				value = "{context: .}"
			}
			path := filepath.Join(t.TempDir(), "app.yaml")
			require.NoError(t, os.WriteFile(path, []byte("version: 1\nimage: app\n"+kind.Name+": "+value+"\n"), 0o600))
			b, err := budget.Load(path)
			require.NoError(t, err)
			for _, other := range source.Kinds {
				require.Equal(t, other.Name == kind.Name, other.Given(b.Source), other.Name)
			}
		})
	}
}

func TestOpenWithoutASource(t *testing.T) {
	_, err := source.Open(t.Context(), budget.Budget{Name: "app"}, machine(t))
	var input *source.InputError
	require.ErrorAs(t, err, &input)
	require.Equal(t, "write one of build, pull, engine, oci, archive", input.Hint())
}
