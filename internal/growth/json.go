package growth

import (
	"encoding/json"

	"github.com/image-budget/image-budget/internal/inventory"
)

// layerJSON is a LayerSide in which what is not known is null.
type layerJSON struct {
	Index      int    `json:"index"`
	Size       int64  `json:"size"`
	Compressed *int64 `json:"compressed"`
	Unowned    *int64 `json:"unowned"`
	Hidden     *int64 `json:"hidden"`
	Same       bool   `json:"same"`
}

// MarshalJSON writes what is not known as null.
func (s LayerSide) MarshalJSON() ([]byte, error) {
	return json.Marshal(layerJSON{
		Index: s.Index, Size: s.Size, Same: s.Same,
		Compressed: unless(s.Compressed, 0), Unowned: unless(s.Unowned, inventory.Unknown), Hidden: unless(s.Hidden, inventory.Unknown),
	})
}

// UnmarshalJSON undoes MarshalJSON.
func (s *LayerSide) UnmarshalJSON(text []byte) error {
	var from layerJSON
	if err := json.Unmarshal(text, &from); err != nil {
		return err
	}
	*s = LayerSide{
		Index: from.Index, Size: from.Size, Same: from.Same,
		Compressed: known(from.Compressed, 0), Unowned: known(from.Unowned, inventory.Unknown), Hidden: known(from.Hidden, inventory.Unknown),
	}
	return nil
}

func unless(n, unknown int64) *int64 {
	if n == unknown {
		return nil
	}
	return &n
}

func known(n *int64, unknown int64) int64 {
	if n == nil {
		return unknown
	}
	return *n
}
