package engine

import (
	"context"
	"errors"
	"fmt"
	"time"

	buildkit "github.com/moby/buildkit/client"
)

// cached is the records in BuildKit's cache, by their IDs.
func cached(ctx context.Context, kit *buildkit.Client) (map[string]bool, error) {
	all, err := kit.DiskUsage(ctx)
	if err != nil {
		return nil, fmt.Errorf("listing the engine's build cache: %w", err)
	}
	ids := map[string]bool{}
	for _, record := range all {
		ids[record.ID] = true
	}
	return ids, nil
}

// forgetTime is how long an interrupted build may take to drop what it has made.
const forgetTime = 2 * time.Second

// forgetting does a build and drops the records that are in the cache after it and
// were not before; where ctx has ended, those that the engine lets go of. Nothing in the cache says
// which build made a record: what another build has made in that time goes too,
// unless it is in use, and is made again when it is needed.
func forgetting(ctx context.Context, kit *buildkit.Client, build func() error) error {
	before, err := cached(ctx, kit)
	if err != nil {
		return err
	}
	err = build()
	if ctx.Err() != nil {
		late, cancel := context.WithTimeout(context.WithoutCancel(ctx), forgetTime)
		defer cancel()
		_ = dropNew(late, kit, before) // what the engine still holds on to stays
		return err
	}
	return errors.Join(err, dropNew(ctx, kit, before))
}

func dropNew(ctx context.Context, kit *buildkit.Client, before map[string]bool) error {
	now, err := cached(ctx, kit)
	if err != nil {
		return err
	}
	var made []string
	for id := range now {
		if !before[id] {
			made = append(made, "id=="+id)
		}
	}
	if len(made) == 0 {
		return nil
	}
	if err := kit.Prune(ctx, nil, buildkit.WithFilter(made), buildkit.PruneAll); err != nil { // all: also what the image shares
		return fmt.Errorf("dropping from the engine's build cache: %w", err)
	}
	return nil
}
