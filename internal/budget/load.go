package budget

import (
	"path/filepath"
	"runtime"
	"strings"
	"time"

	"github.com/image-budget/image-budget/internal/image"
)

// version is of the budget and baseline formats, metric definitions included.
const version = 1

// Defaults is a budget that says nothing: no image, every default metric
// without a ceiling, and the values that absent keys stand for.
func Defaults() Budget {
	b := Budget{
		Platform:       image.Platform{OS: "linux", Architecture: runtime.GOARCH},
		Health:         Health{Path: "/health", Scheme: "http", Timeout: 60 * time.Second},
		Run:            Run{Memory: 2 << 30, CPUs: 2, Sandbox: Standard},
		Link:           Link{Bandwidth: 1e9, Latency: 10 * time.Millisecond},
		Tolerance:      20 * whole / 100,
		OnInconclusive: Fail,
		Lint:           LintWarn,
	}
	b.Metrics = defaultGates(b.Tolerance)
	return b
}

// Load reads a budget file. Its errors are *FileError; an exception that has
// ended is one.
func Load(path string) (Budget, error) { return LoadAt(path, time.Now()) }

// LoadAt is Load of a budget as it was at when: an exception that had not ended
// by then is no fault.
func LoadAt(path string, when time.Time) (Budget, error) {
	data, err := readFile(path)
	if err != nil {
		return Budget{}, err
	}
	return decode(path, data, when)
}

// Parse is Load of a file that is not written yet: data is what will stand at path.
func Parse(path string, data []byte) (Budget, error) { return decode(path, data, time.Now()) }

// decode reads a budget from the content of the file at path; now is what
// exceptions end by.
func decode(path string, data []byte, now time.Time) (Budget, error) {
	if err := checkConflict(path, data, "resolve it, and delete the marker lines"); err != nil {
		return Budget{}, err
	}
	doc, root, err := newDocument(path, data)
	if err != nil {
		return Budget{}, err
	}
	if err := checkVersion(root, "write version: 1"); err != nil {
		return Budget{}, err
	}
	dir, err := filepath.Abs(filepath.Dir(path))
	if err != nil {
		return Budget{}, unreadable(path, err)
	}
	b := Defaults()
	b.Name, b.Path = strings.TrimSuffix(filepath.Base(path), ".yaml"), path
	b.Image = root.must("image", "write image: and the name that reports show").text("")
	b.Source = source(root, dir)
	b.Platform = root.get("platform").platform(b.Platform)
	b.Health = health(root.get("health").mapping(), b.Health)
	b.Run = run(root.get("run").mapping(), b.Run)
	b.Link = link(root.get("link").mapping(), b.Link)
	b.Tolerance = root.get("tolerance").percent(b.Tolerance)
	b.OnInconclusive = OnInconclusive(root.get("on_inconclusive").oneOf(string(b.OnInconclusive), string(Fail), string(Warn)))
	b.Lint = Lint(root.get("lint").oneOf(string(b.Lint), lints...))
	b.Metrics = gates(root.get("metrics"), b.Tolerance)
	b.Rebuild = rebuild(root, b)
	b.Exceptions = exceptions(root.get("exceptions"), b.Metrics, now)
	b.Scan = scanned(root.get("scan"), dir, now)
	checkSettings(doc, b)
	if err := doc.finish(); err != nil {
		return Budget{}, err
	}
	return b, nil
}

// checkVersion comes first: of a file of another version nothing else can be
// said.
func checkVersion(root *mapping, older string) error {
	f := root.must("version", "write version: 1")
	n := f.integer(version, 0, 1<<31)
	if n > version {
		f.fault("is "+f.node.Value+", newer than this tool, which reads 1", "update image-budget")
	} else if n < version {
		f.fault("is "+f.node.Value+", older than this tool, which reads 1", older)
	}
	if len(root.doc.faults) > 0 {
		return root.doc.faults[0]
	}
	return nil
}

func health(m *mapping, absent Health) Health {
	return Health{
		Port:    int(m.get("port").integer(0, 1, maxPort)),
		Path:    m.get("path").text(absent.Path),
		Scheme:  m.get("scheme").text(absent.Scheme),
		Timeout: m.get("timeout").duration(absent.Timeout),
	}
}

func run(m *mapping, absent Run) Run {
	return Run{
		Env:     m.get("env").strings(),
		Command: m.get("command").texts(),
		Memory:  m.get("memory").bytes(absent.Memory),
		CPUs:    m.get("cpus").number(absent.CPUs),
		Sandbox: Sandbox(m.get("sandbox").text(string(absent.Sandbox))),
	}
}

func link(m *mapping, absent Link) Link {
	return Link{
		Bandwidth: m.get("bandwidth").bandwidth(absent.Bandwidth),
		Latency:   m.get("latency").duration(absent.Latency),
	}
}

// checkSettings places what Validate finds. What a getter found fault with has
// its default by now, which is valid.
func checkSettings(doc *document, b Budget) {
	for _, s := range b.settingFaults() {
		doc.at(s.Key).fault(s.Problem, s.Accepted)
	}
}
