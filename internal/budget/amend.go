package budget

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"

	"github.com/image-budget/image-budget/internal/metric"
)

// Amend puts the named metrics of m into the baseline at path and keeps every
// other byte of the file, so digests, commit and recorded stay those of its
// last whole record; a time of another image than that says so in its line.
// Whatever fails, the file is as it was. The error for a
// baseline that is not there matches fs.ErrNotExist. Errors are *FileError,
// but for a name that is no metric's, a metric that m has no value for, and a
// write that failed.
func Amend(path string, m Measurement, names []string) error {
	return locked(path, func(folder *os.File) error {
		data, err := readFile(path)
		var fault *FileError
		if errors.Is(err, fs.ErrNotExist) && errors.As(err, &fault) {
			fault.Accepted = "run " + recordCommand(path) + " first"
		}
		if err != nil {
			return err
		}
		amended, err := amend(path, data, m, names)
		if err != nil || string(amended) == string(data) {
			return err
		}
		return replace(folder, path, amended)
	})
}

// recordCommand writes the whole baseline at path anew.
func recordCommand(path string) string {
	return "image-budget record " + strings.TrimSuffix(filepath.Base(path), BaselineSuffix)
}

// amend is the content of the baseline at path with the named metrics of m.
// It decodes to exactly that, whatever place made of the text.
func amend(path string, data []byte, m Measurement, names []string) ([]byte, error) {
	want, err := decodeBaseline(path, data)
	if err != nil {
		return nil, err
	}
	chosen, err := chosenValues(m, names)
	if err != nil {
		return nil, fmt.Errorf("amending baseline %q: %w", path, err)
	}
	for _, def := range metric.All {
		v, ok := chosen[def.Name]
		if !ok {
			continue
		}
		if def.Timed() && !want.RecordedWith.SameClass(m.RecordedWith) {
			return nil, otherMachine(path, def.Name, want.RecordedWith, m.RecordedWith)
		}
		if def.Timed() && m.ContentsDigest != want.ContentsDigest {
			v.Contents = m.ContentsDigest
		}
		if data, err = place(path, data, def, v); err != nil {
			return nil, err
		}
		want.Metrics[def.Name] = v
	}
	got, err := decodeBaseline(path, data)
	if err == nil && !reflect.DeepEqual(got, want) {
		err = errors.New("it reads back as something else")
	}
	if err != nil {
		return nil, notInPlace(path, 0, "metrics", err)
	}
	return data, nil
}

// chosenValues is what a baseline keeps of the named metrics of m.
func chosenValues(m Measurement, names []string) (map[string]Value, error) {
	chosen := map[string]Value{}
	for _, name := range names {
		def, ok := metric.Named(name)
		if !ok {
			return nil, fmt.Errorf("there is no metric %s", quoted(name))
		}
		v := m.Metrics[name]
		if _, err := amountOf(def, v); err != nil {
			return nil, fmt.Errorf("%s has no value: %w", name, err)
		}
		if def.Timed() {
			chosen[name] = Value{Samples: slices.Clone(v.Samples)}
		} else {
			chosen[name] = Value{Number: v.Number}
		}
	}
	return chosen, nil
}

// otherMachine refuses a time: a file says once where all its times are from.
func otherMachine(path, name string, then, now Machine) error {
	problem := "may be from another machine: its engine, its CPU and their number are not all known"
	if differ := classDifferences(then, now); differ != "" {
		problem = "is from another machine: " + differ
	}
	return &FileError{
		Path:     path,
		Problem:  fmt.Sprintf("%s cannot be amended: the baseline %s", name, problem),
		Accepted: "run " + recordCommand(path) + ", which measures all of it anew",
	}
}

// notInPlace refuses an amendment of what that only a whole record can make.
func notInPlace(path string, line int, what string, err error) error {
	why := err.Error()
	var fault *FileError
	if errors.As(err, &fault) { // its line is of a file that will not be written
		why = fault.Problem
	}
	return &FileError{
		Path:     path,
		Line:     line,
		Problem:  what + " cannot be amended in place: " + why,
		Accepted: "run " + recordCommand(path) + ", which writes the file whole",
		Err:      err,
	}
}
