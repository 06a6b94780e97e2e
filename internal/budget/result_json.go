package budget

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
)

// MarshalJSON writes a list that is empty as [].
func (r Result) MarshalJSON() ([]byte, error) {
	type plain Result
	r.Images = present(r.Images)
	return json.Marshal(plain(r))
}

// MarshalJSON writes lists that are empty as [].
func (r ImageResult) MarshalJSON() ([]byte, error) {
	type plain ImageResult
	r.Metrics, r.Causes, r.Warnings = present(r.Metrics), present(r.Causes), present(r.Warnings)
	return json.Marshal(plain(r))
}

// MarshalJSON writes a list that is empty as [] and a map that is as {}.
func (r Row) MarshalJSON() ([]byte, error) {
	type plain Row
	r.Samples, r.Against = present(r.Samples), present(r.Against)
	if r.Phases == nil {
		r.Phases = map[string]*float64{}
	}
	return json.Marshal(plain(r))
}

// MarshalJSON writes lists that are empty as [].
func (s ScanResult) MarshalJSON() ([]byte, error) {
	type plain ScanResult
	s.New, s.Fixed, s.Ignored = present(s.New), present(s.Fixed), present(s.Ignored)
	return json.Marshal(plain(s))
}

func present[T any](list []T) []T {
	if list == nil {
		return []T{}
	}
	return list
}

// resultCap bounds a saved result: far more than any number of budgets makes.
const resultCap = 16 << 20

// ReadResult reads the JSON of a Result, strictly: one value of version 1,
// known keys, known verdicts, and null only where a reason is given.
func ReadResult(from io.Reader) (Result, error) {
	var r Result
	limited := &io.LimitedReader{R: from, N: resultCap}
	decoder := json.NewDecoder(limited)
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&r); err != nil {
		if limited.N <= 0 {
			return Result{}, fmt.Errorf("reading a result: it is larger than %d MiB", resultCap>>20)
		}
		return Result{}, fmt.Errorf("reading a result: %w", err)
	}
	if _, err := decoder.Token(); !errors.Is(err, io.EOF) {
		return Result{}, errors.New("reading a result: something follows it")
	}
	if r.Version != version {
		return Result{}, fmt.Errorf("reading a result: it is of version %d, this tool reads %d", r.Version, version)
	}
	if err := r.check(); err != nil {
		return Result{}, fmt.Errorf("reading a result: %w", err)
	}
	return r, nil
}

func (r Result) check() error {
	if !r.Verdict.known() {
		return fmt.Errorf("there is no verdict %s", quoted(string(r.Verdict)))
	}
	for _, image := range r.Images {
		if !image.Verdict.known() {
			return fmt.Errorf("image %s: there is no verdict %s", quoted(image.Name), quoted(string(image.Verdict)))
		}
		if image.LintVerdict != "" && !image.LintVerdict.known() {
			return fmt.Errorf("image %s, lint: there is no verdict %s", quoted(image.Name), quoted(string(image.LintVerdict)))
		}
		if s := image.Scan; s != nil {
			switch {
			case !s.Verdict.known():
				return fmt.Errorf("image %s, scan: there is no verdict %s", quoted(image.Name), quoted(string(s.Verdict)))
			case s.Counts == nil && (s.Reason == "" || s.Verdict != Unmeasured):
				return fmt.Errorf("image %s, scan: it has no counts and is not unmeasured for a reason", quoted(image.Name))
			}
		}
		for _, row := range image.Metrics {
			switch {
			case !row.Verdict.known():
				return fmt.Errorf("image %s, %s: there is no verdict %s", quoted(image.Name), quoted(row.Name), quoted(string(row.Verdict)))
			case row.Value == nil && (row.Reason == "" || row.Verdict != Unmeasured):
				return fmt.Errorf("image %s, %s: it has no value and is not unmeasured for a reason", quoted(image.Name), quoted(row.Name))
			}
		}
	}
	return nil
}

func (v Verdict) known() bool {
	for _, o := range outcomes {
		if o.verdict == v {
			return true
		}
	}
	return false
}
