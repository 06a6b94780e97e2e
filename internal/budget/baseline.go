package budget

import (
	_ "crypto/sha256" // the algorithms that a digest may name
	_ "crypto/sha512"
	"errors"
	"fmt"
	"io/fs"
	"math"
	"regexp"
	"slices"
	"time"

	"github.com/opencontainers/go-digest"

	"github.com/image-budget/image-budget/internal/metric"
)

// LoadBaseline reads a baseline file. Its errors are *FileError; the error for
// a file that is not there matches fs.ErrNotExist.
func LoadBaseline(path string) (*Measurement, error) {
	data, err := readFile(path)
	if err != nil {
		return nil, err
	}
	return decodeBaseline(path, data)
}

// BaselineFor reads the baseline beside b's file and checks that it is of b's
// image. Nil when there is none yet.
func BaselineFor(b Budget) (*Measurement, error) {
	m, err := LoadBaseline(BaselinePath(b.Path))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	return m, Match(b, *m)
}

// Match is an error that says what the measurement is of instead, unless it is
// one of b's image, platform and link.
func Match(b Budget, m Measurement) error {
	var of, want string
	switch {
	case m.Image != b.Image:
		of, want = "image "+quoted(m.Image), quoted(b.Image)
	case !b.Platform.Matches(m.Platform):
		of, want = "platform "+m.Platform.String(), b.Platform.String()
	case m.Link != b.Link:
		of, want = "link "+m.Link.String(), b.Link.String()
	default:
		return nil
	}
	return &FileError{
		Path:     BaselinePath(b.Path),
		Problem:  fmt.Sprintf("the baseline is for %s, the budget for %s", of, want),
		Accepted: "run image-budget record " + b.Name + ", or take the change in the budget back",
	}
}

// String is the link as its two values, such as "1Gbit/s, 10ms".
func (l Link) String() string { return l.Bandwidth.String() + ", " + l.Latency.String() }

func decodeBaseline(path string, data []byte) (*Measurement, error) {
	if err := checkConflict(path, data, "resolve it: keep one side whole, or run image-budget record"); err != nil {
		return nil, err
	}
	doc, root, err := newDocument(path, data)
	if err != nil {
		return nil, err
	}
	if err := checkVersion(root, "run image-budget record"); err != nil {
		return nil, err
	}
	const accepted = "run image-budget record, which writes whole files"
	m := &Measurement{
		Image:          root.must("image", accepted).text(""),
		Platform:       root.must("platform", accepted).platform(Defaults().Platform),
		ConfigDigest:   root.must("config_digest", accepted).digest(),
		ManifestDigest: root.get("manifest_digest").digest(),
		ContentsDigest: root.get("contents_digest").digest(),
		Reference:      root.get("reference").words(""),
		Commit:         root.get("commit").commit(),
		Recorded:       root.must("recorded", accepted).moment(time.RFC3339, "2026-11-22T10:00:00Z").UTC(),
		RecordedWith:   machine(root.must("recorded_with", accepted).mapping()),
	}
	l := root.must("link", accepted).mapping()
	m.Link = Link{Bandwidth: l.must("bandwidth", accepted).bandwidth(0), Latency: l.must("latency", accepted).duration(0)}
	m.Metrics = values(root.must("metrics", accepted).mapping())
	m.Scan = scannedBefore(m.ContentsDigest, root.get("scan").mapping())
	m.Contents = contents(m, root.get("contents").mapping())
	if err := doc.finish(); err != nil {
		return nil, err
	}
	return m, nil
}

func (f field) digest() digest.Digest {
	return parsed(f, "", "a digest, sha256: and 64 hexadecimal digits", func(s string) (digest.Digest, error) {
		d, err := digest.Parse(s)
		if err != nil {
			err = &UnitError{Text: s, Problem: "is not a digest"}
		}
		return d, err
	})
}

// commit is a commit by its full ID: whatever else git takes for one, such as
// HEAD, is another one tomorrow.
func (f field) commit() string {
	id := f.words("")
	if id != "" && !commitID.MatchString(id) {
		f.fault("is "+quoted(id)+", not the full ID of a commit", "run image-budget record; a baseline is not edited by hand")
	}
	return id
}

var commitID = regexp.MustCompile(`^([0-9a-f]{40}|[0-9a-f]{64})$`)

func machine(m *mapping) Machine {
	return Machine{
		Tool:   m.get("tool").words(""),
		Engine: m.get("engine").words(""),
		CPU:    m.get("cpu").words(""),
		CPUs:   int(m.get("cpus").integer(0, 1, math.MaxInt32)),
		Kernel: m.get("kernel").words(""),
	}
}

// values reads integers for exact metrics and samples for timed ones.
func values(metrics *mapping) map[string]Value {
	all := map[string]Value{}
	for _, m := range metric.All {
		f := metrics.get(m.Name)
		switch {
		case !f.given():
		case m.Timed():
			keys := f.mapping()
			all[m.Name] = Value{Samples: samples(keys), Contents: keys.get("contents_digest").digest()}
		default:
			n := f.integer(0, 0, math.MaxInt64)
			all[m.Name] = Value{Number: &n}
		}
	}
	return all
}

// samples reads the times of a metric, whose stated median has to be theirs: a
// baseline that was edited in one place and not in the other is none.
func samples(m *mapping) []time.Duration {
	var all []time.Duration
	list := m.must("samples", "write samples: [7.498s, 7.341s]")
	for _, element := range list.list() {
		all = append(all, element.positive(0))
	}
	if list.given() && len(all) == 0 {
		list.fault("has no samples", "write samples: [7.498s, 7.341s]")
	}
	stated := m.must("median", "write the median of the samples")
	if d := stated.positive(0); d > 0 && !slices.Contains(all, 0) && len(all) > 0 && d != Median(all) {
		stated.fault(fmt.Sprintf("is %s, and the median of the samples is %s", stated.shown(), formatSeconds(Median(all))), "run image-budget record; a baseline is not edited by hand")
	}
	return all
}

// Median is the middle of the samples, or the mean of the two in the middle;
// 0 without samples.
func Median(samples []time.Duration) time.Duration {
	if len(samples) == 0 {
		return 0
	}
	sorted := slices.Sorted(slices.Values(samples))
	low, high := sorted[(len(sorted)-1)/2], sorted[len(sorted)/2]
	return low + (high-low)/2
}
