package budget

import (
	"errors"
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestReason(t *testing.T) {
	mendable := &FileError{Path: "x.yaml", Problem: "is empty", Accepted: "write it"}
	require.Equal(t, "reading: x.yaml: is empty\nhint: write it", Reason(fmt.Errorf("reading: %w", mendable)))
	require.Equal(t, "one; x.yaml: is empty\nhint: write it", Reason(fmt.Errorf("%w; %w", errors.New("one"), mendable)))
	require.Equal(t, "x.yaml: is odd", Reason(&FileError{Path: "x.yaml", Problem: "is odd"}))
	require.Equal(t, "plain", Reason(errors.New("plain")))
}
