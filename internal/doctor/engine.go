package doctor

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"slices"
	"strings"

	"github.com/image-budget/image-budget/internal/engine"
)

var engineAnswers = Check{
	Name: "engine",
	Run: func(_ context.Context, m Machine) Finding {
		if m.about == nil {
			fix := "install and start Docker Engine 20.10 or later, or set DOCKER_HOST to where one listens"
			var denied *engine.Unavailable
			if errors.As(m.aboutErr, &denied) && errors.Is(denied, fs.ErrPermission) {
				fix = denied.Hint()
			}
			return Finding{Level: Fail, Text: m.aboutErr.Error(), Fix: fix}
		}
		a := m.about
		text := fmt.Sprintf("%s %s at %s, API %s, %s", a.Name, a.Version, a.Host, a.APIVersion, a.Platform)
		if a.Platform.OS != "linux" {
			return Finding{Level: Fail, Text: text, Fix: "switch the engine to Linux containers"}
		}
		return Finding{Level: OK, Text: text}
	},
}

// A pull trial is from a registry on this machine's loopback interface, and a
// start is timed by a probe from here.
var engineIsLocal = Check{
	Name: "local",
	Run: func(_ context.Context, m Machine) Finding {
		switch {
		case m.about == nil:
			return Finding{}
		case m.about.Local:
			return Finding{Level: OK, Text: "the engine shares this machine's loopback, where the trial registry listens"}
		}
		fix := "run image-budget on the engine's machine, beside a Docker Engine that runs as root"
		if os.Getenv("DOCKER_HOST") != "" {
			fix += ", or unset DOCKER_HOST to use the engine of this one"
		}
		return Finding{Level: Fail, Text: "the engine at " + m.about.Host + " is on another machine, in a virtual one, or rootless: it cannot reach the trial registry on this one's loopback", Fix: fix}
	},
}

var buildKit = Check{
	Name: "buildkit",
	Run: func(_ context.Context, m Machine) Finding {
		switch {
		case m.about == nil:
			return Finding{}
		case m.about.BuildKit:
			return Finding{Level: OK, Text: "the engine builds with BuildKit"}
		}
		return Finding{
			Level: Warn,
			Text:  m.about.Name + " has no BuildKit: budgets with build: cannot be checked",
			Fix:   "use Docker Engine, or build elsewhere and give the image with pull:, oci: or archive:",
		}
	},
}

// knownStores are those that trials were tried on and that unpack a layer into
// a directory of its own.
var knownStores = []string{"overlay2", "overlay", "overlayfs", "fuse-overlayfs"}

var storage = Check{
	Name: "storage",
	Run: func(_ context.Context, m Machine) Finding {
		if m.about == nil {
			return Finding{}
		}
		store := m.about.Store
		name := store[strings.LastIndex(store, " ")+1:] // "containerd overlayfs"
		switch {
		case slices.Contains(knownStores, name):
			return Finding{Level: OK, Text: "layers are kept by " + store}
		case name == "vfs":
			return Finding{
				Level: Warn,
				Text:  "layers are kept by vfs, which copies the whole image for every layer: pull_time and cold_start are not those of your servers",
				Fix:   "set storage-driver to overlay2 in /etc/docker/daemon.json",
			}
		}
		return Finding{
			Level: Warn,
			Text:  fmt.Sprintf("layers are kept by %q, which image-budget was not tried on", store),
			Fix:   "set storage-driver to overlay2 in /etc/docker/daemon.json, or compare times of this machine only with its own",
		}
	},
}

var zstdLayers = Check{
	Name: "zstd",
	Run: func(_ context.Context, m Machine) Finding {
		switch {
		case m.about == nil:
			return Finding{}
		case m.about.ZstdLayers:
			return Finding{Level: OK, Text: "the engine can pull layers compressed with zstd"}
		}
		return Finding{
			Level: Warn,
			Text:  "the engine cannot pull layers compressed with zstd: pull_time of an image that has some stays unmeasured",
			Fix:   "use Docker Engine 23.0 or later, if such images are yours",
		}
	},
}
