package scan

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"regexp"
	"strings"
	"syscall"
)

// sizeCap bounds a report: Trivy's of an image with every package listed is some MiB.
const sizeCap = 64 << 20

// FileError is a report that cannot be read as one.
type FileError struct {
	Path    string // empty in an error of Parse
	Problem string
	Mend    string
	Err     error // the cause, where there is one
}

func (e *FileError) Error() string {
	text := "reading a scan report: " + e.Problem
	if e.Path != "" {
		text = fmt.Sprintf("reading scan report %q: %s", e.Path, e.Problem)
	}
	if e.Err != nil {
		text += ": " + e.Err.Error()
	}
	return text
}
func (e *FileError) Unwrap() error { return e.Err }

// Hint says what to do about it.
func (e *FileError) Hint() string { return e.Mend }

// UserFault marks it as a fault of the user's files.
func (e *FileError) UserFault() {}

// MissingError is a report that is not there: the scan has not run, or has
// written its report to another place. It is no fault of a file, and no pass.
type MissingError struct{ Path string }

func (e *MissingError) Error() string {
	return fmt.Sprintf("there is no scan report %q", e.Path)
}

// Hint says what to do about it.
func (e *MissingError) Hint() string {
	return "scan the image before the check, such as trivy image --format json --output FILE IMAGE; a scan that fails must end the job"
}

// Read reads the report in a file. Its errors are *FileError and *MissingError.
func Read(path string) (Report, error) {
	data, err := readFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return Report{}, &MissingError{Path: path}
	}
	var fault *FileError
	var report Report
	if err == nil {
		report, err = Parse(data)
	}
	if errors.As(err, &fault) {
		fault.Path = path
		return Report{}, fault
	}
	if err != nil {
		return Report{}, &FileError{Path: path, Problem: "it cannot be read", Mend: "make it a file that this user may read", Err: err}
	}
	return report, nil
}

// readFile is the content of a regular file; it waits for no FIFO and follows
// no symbolic link, which may lead to what a log must not show.
func readFile(path string) ([]byte, error) {
	f, err := os.OpenFile(path, os.O_RDONLY|syscall.O_NOFOLLOW|syscall.O_NONBLOCK, 0)
	if errors.Is(err, syscall.ELOOP) {
		return nil, &FileError{Problem: "it is a symbolic link", Mend: "name the file itself"}
	}
	if err != nil {
		return nil, cause(err)
	}
	defer f.Close()
	stat, err := f.Stat()
	if err != nil {
		return nil, cause(err)
	}
	if !stat.Mode().IsRegular() {
		return nil, &FileError{Problem: "it is not a regular file", Mend: "have the scanner write its report to a file"}
	}
	data, err := io.ReadAll(io.LimitReader(f, sizeCap+1))
	if err != nil {
		return nil, cause(err)
	}
	if len(data) > sizeCap {
		return nil, &FileError{Problem: fmt.Sprintf("it is larger than %d MiB", sizeCap>>20), Mend: "have the scanner list vulnerabilities only: trivy image --scanners vuln --list-all-pkgs=false"}
	}
	return data, nil
}

// cause is an error of the operating system without the path, which is said once.
func cause(err error) error {
	var at *fs.PathError
	if errors.As(err, &at) {
		return at.Err
	}
	return err
}

// keys is a JSON object as far as it has been looked at.
type keys map[string]json.RawMessage

func (k keys) has(names ...string) bool {
	for _, name := range names {
		if value, ok := k[name]; !ok || string(value) == "null" {
			return false
		}
	}
	return true
}

const mend = "give the JSON of Trivy (--format json) or Grype (-o json), or SARIF of Docker Scout, Trivy or Grype"

// Parse reads a report of any of Formats. Its errors are *FileError: what is
// not wholly understood is no report without findings.
func Parse(data []byte) (Report, error) {
	var top keys
	if len(strings.TrimSpace(string(data[:min(len(data), 64)]))) == 0 {
		return Report{}, &FileError{Problem: "it is empty", Mend: "look at why the scanner wrote nothing; a scan that fails must end the job"}
	}
	if err := json.Unmarshal(data, &top); err != nil {
		return Report{}, noObject(err)
	}
	if err := onceEach(data); err != nil {
		return Report{}, &FileError{Problem: err.Error(), Mend: mend}
	}
	for _, format := range Formats {
		if !format.Is(top) {
			continue
		}
		report, err := format.Parse(data)
		if err == nil {
			err = complete(report.Findings)
		}
		if err != nil {
			return Report{}, &FileError{Problem: "it is not as " + format.Name + " should be", Mend: mend, Err: err}
		}
		report.Findings = settle(report.Findings)
		report.Version = oneLine(report.Version)
		report.Names = named(report.Names)
		return report, nil
	}
	return Report{}, &FileError{Problem: "it is of no known format", Mend: mend}
}

// noObject says what is wrong with data that is no JSON object.
func noObject(err error) *FileError {
	var other *json.UnmarshalTypeError
	if !errors.As(err, &other) {
		return &FileError{Problem: "it is not JSON, or cut short", Mend: mend, Err: err}
	}
	fault := &FileError{Problem: "it is a JSON " + other.Value + ", and a report is an object", Mend: mend}
	if other.Value == "array" {
		fault.Mend = "a Trivy before 0.20 writes a list: use a newer one; or " + mend
	}
	return fault
}

// identifier is what vulnerabilities are called.
var identifier = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._:/+-]{0,99}$`)

// IsIdentifier reports whether a vulnerability can be called so.
func IsIdentifier(id string) bool { return identifier.MatchString(id) }

// complete is an error unless every finding says what it is.
func complete(all []Finding) error {
	for i, f := range all {
		switch {
		case !IsIdentifier(f.ID):
			return fmt.Errorf("finding %d has the identifier %.40q", i+1, f.ID)
		case oneLine(f.Package) == "":
			return fmt.Errorf("%s names no package", f.ID)
		}
	}
	return nil
}
