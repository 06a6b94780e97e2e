package gate

import (
	"bufio"
	"os"
	"runtime"
	"strings"

	"golang.org/x/sys/unix"

	"github.com/image-budget/image-budget/internal/budget"
)

// host describes this machine and the engine that measured, as far as one was
// used, so that a later run can tell whether it is of the same class.
func (m *Machine) host() budget.Machine {
	return budget.Machine{
		Tool:   m.tool,
		Engine: strings.TrimSpace(m.engine.about.Version + " " + m.engine.about.Store),
		CPU:    cpuModel(),
		CPUs:   runtime.NumCPU(),
		Kernel: kernel(),
	}
}

// cpuModel is what Linux calls the first processor; elsewhere the architecture.
func cpuModel() string {
	f, err := os.Open("/proc/cpuinfo")
	if err != nil {
		return runtime.GOARCH
	}
	defer f.Close()
	lines := bufio.NewScanner(f)
	for lines.Scan() {
		if key, value, ok := strings.Cut(lines.Text(), ":"); ok && strings.TrimSpace(key) == "model name" {
			return strings.TrimSpace(value)
		}
	}
	return runtime.GOARCH
}

// kernel is the release as uname gives it, such as "6.1.0-18-amd64".
func kernel() string {
	var name unix.Utsname
	if err := unix.Uname(&name); err != nil {
		return runtime.GOOS
	}
	return unix.ByteSliceToString(name.Release[:])
}
