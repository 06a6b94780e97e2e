package doctor

import (
	"context"
	"fmt"
	"io/fs"
	"os/exec"
	"slices"
	"strconv"
	"strings"
)

// leastMemory is what a machine should have for a container with the default
// limit of 2 GiB, the engine and this process beside it.
const leastMemory = 3 << 30

var processors = Check{
	Name: "cpus",
	Run: func(_ context.Context, m Machine) Finding {
		if m.cpus < 2 {
			return Finding{
				Level: Warn,
				Text:  "1 CPU: the engine, the registry and the container under trial take turns on it, and times vary more",
				Fix:   "use a machine with 2 CPUs or more, or gate exact metrics only",
			}
		}
		return Finding{Level: OK, Text: fmt.Sprintf("%d CPUs", m.cpus)}
	},
}

var memory = Check{
	Name: "memory",
	Run: func(_ context.Context, m Machine) Finding {
		total, ok := memTotal(m.root)
		switch {
		case !ok:
			return Finding{} // no procfs here
		case total < leastMemory:
			return Finding{
				Level: Warn,
				Text:  gib(total) + " of memory, less than a container with the default limit of 2 GiB and the engine want",
				Fix:   "set run.memory in the budgets to what the image needs, or use a larger machine",
			}
		}
		return Finding{Level: OK, Text: gib(total) + " of memory"}
	},
}

// memTotal reads MemTotal of /proc/meminfo, in bytes; see proc(5).
func memTotal(root fs.FS) (uint64, bool) {
	text, err := fs.ReadFile(root, "proc/meminfo")
	if err != nil {
		return 0, false
	}
	for line := range strings.Lines(string(text)) {
		fields := strings.Fields(line)
		if len(fields) == 3 && fields[0] == "MemTotal:" && fields[2] == "kB" {
			kib, err := strconv.ParseUint(fields[1], 10, 50)
			return kib << 10, err == nil
		}
	}
	return 0, false
}

// limits looks for the cgroup controllers that hold a container to its memory,
// its processes and its CPUs.
var limits = Check{
	Name: "limits",
	Run: func(_ context.Context, m Machine) Finding {
		has, ok := controllers(m.root)
		if !ok {
			return Finding{}
		}
		var missing []string
		for _, name := range []string{"memory", "pids", "cpu"} {
			if !slices.Contains(has, name) {
				missing = append(missing, name)
			}
		}
		if len(missing) == 0 {
			return Finding{Level: OK, Text: "the kernel can limit memory, processes and CPUs of a container"}
		}
		return Finding{
			Level: Warn,
			Text:  "no cgroup controller for " + strings.Join(missing, ", ") + ": a container can take more than its budget gives it",
			Fix:   "enable it on the kernel's command line, such as cgroup_enable=memory, and restart",
		}
	},
}

// controllers are those of the unified hierarchy, or the mounted ones of
// version 1; see cgroups(7). It is false where there is neither to read.
func controllers(root fs.FS) ([]string, bool) {
	if text, err := fs.ReadFile(root, "sys/fs/cgroup/cgroup.controllers"); err == nil {
		return strings.Fields(string(text)), true
	}
	text, err := fs.ReadFile(root, "proc/cgroups")
	if err != nil {
		return nil, false
	}
	var names []string
	for line := range strings.Lines(string(text)) {
		fields := strings.Fields(line) // name, hierarchy, number of cgroups, enabled
		if len(fields) == 4 && fields[1] != "0" && fields[3] == "1" {
			names = append(names, fields[0])
		}
	}
	return names, true
}

// load warns of a machine that is busy with something else: times grow and
// vary, sizes do not.
var load = Check{
	Name: "load",
	Run: func(_ context.Context, m Machine) Finding {
		text, err := fs.ReadFile(m.root, "proc/loadavg")
		if err != nil {
			return Finding{}
		}
		first, _, _ := strings.Cut(string(text), " ")
		average, err := strconv.ParseFloat(first, 64)
		switch {
		case err != nil:
			return Finding{}
		case average > float64(m.cpus):
			return Finding{
				Level: Warn,
				Text:  fmt.Sprintf("a load of %.1f on %d CPUs: times are longer and vary more", average, m.cpus),
				Fix:   "wait until other work is done, or use a machine of its own",
			}
		}
		return Finding{Level: OK, Text: fmt.Sprintf("a load of %.1f on %d CPUs", average, m.cpus)}
	},
}

var git = Check{
	Name: "git",
	Run: func(context.Context, Machine) Finding {
		path, err := exec.LookPath("git")
		if err != nil {
			return Finding{
				Level: Warn,
				Text:  "git is not here: a baseline cannot name the commit that its image was built from",
				Fix:   "install git",
			}
		}
		return Finding{Level: OK, Text: path}
	},
}

func gib(bytes uint64) string { return fmt.Sprintf("%.1f GiB", float64(bytes)/(1<<30)) }
