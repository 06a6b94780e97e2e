package gate

import (
	"context"
	"errors"
	"fmt"

	"github.com/opencontainers/go-digest"

	"github.com/image-budget/image-budget/internal/budget"
	"github.com/image-budget/image-budget/internal/image"
	"github.com/image-budget/image-budget/internal/scan"
	"github.com/image-budget/image-budget/internal/source"
)

// scan is what a scanner found in img, or why there is nothing of it; nil where the
// budget does not ask. A faulty file of a report is in it, too, as its Fault; an error
// is the end of ctx.
func (m *Machine) scan(ctx context.Context, b budget.Budget, img *image.Image, now budget.Measurement) (*budget.Scanned, error) {
	if b.Scan == nil {
		return nil, nil
	}
	report, err := m.scanReport(ctx, b, img)
	if ctx.Err() != nil {
		return nil, errors.Join(err, ctx.Err())
	}
	var users interface{ UserFault() }
	if errors.As(err, &users) {
		return &budget.Scanned{Reason: budget.Reason(err), Fault: err}, nil
	}
	if err == nil {
		err = usable(b, report, img)
	}
	if err != nil {
		return &budget.Scanned{Reason: budget.Reason(err)}, nil
	}
	found := budget.NewScanned(report, now)
	if _, known := report.IsOf(img.ConfigDigest); !known {
		found.Notes = append(found.Notes, "the report does not say of which image it is, and was taken to be of this one")
	}
	return found, nil
}

func (m *Machine) scanReport(ctx context.Context, b budget.Budget, img *image.Image) (scan.Report, error) {
	if b.Scan.Run == "" {
		return scan.Read(b.Scan.Report)
	}
	m.progress(b.Name, "scanning with %s", b.Scan.Run)
	folder, err := m.session.TempDir()
	if err != nil {
		return scan.Report{}, err
	}
	var report scan.Report
	if err = source.WriteLayout(scan.LayoutIn(folder), img, m.store); err == nil {
		report, err = scan.RunTrivy(ctx, folder)
	}
	return report, errors.Join(err, m.session.RemovePath(folder))
}

// anotherImageError is a report that is of another image: it says nothing of this one.
type anotherImageError struct {
	report, of, want string
}

func (e *anotherImageError) Error() string {
	return fmt.Sprintf("scan report %q is of another image: it names %s, and this one's %s", e.report, e.of, e.want)
}

// Hint says what to do about it.
func (e *anotherImageError) Hint() string {
	return "scan the image that the check measures, after it was built; scan: {run: trivy} does both"
}

// short is a digest as far as a person compares it.
func short(d digest.Digest) string {
	const shown = 12
	hex := d.Encoded()
	return hex[:min(len(hex), shown)]
}

// usable is an error where the report says nothing of img's vulnerabilities: it is
// of something else, or was made without looking for them. An SBOM names the image
// that it is of.
func usable(b budget.Budget, report scan.Report, img *image.Image) error {
	same, known := report.IsOf(img.ConfigDigest, img.ManifestDigest)
	names := namesOf(b, img)
	switch {
	case !same && report.Subject != "":
		return &noImageError{subject: report.Subject}
	case !same && known:
		return &anotherImageError{report: b.Scan.Report, of: short(report.Of[len(report.Of)-1]), want: "config is " + short(img.ConfigDigest)}
	case !same && b.Scan.Run == "" && !report.MayBeOf(names...): // what was run here names its folder
		return &anotherImageError{report: b.Scan.Report, of: report.Names[len(report.Names)-1], want: "name is " + names[0]}
	case report.Lacks != "":
		return &lackingError{lacks: report.Lacks}
	}
	return nil
}

// namesOf are the names under which an image is known, the one in reports first.
func namesOf(b budget.Budget, img *image.Image) []string {
	names := []string{b.Image}
	tag := ""
	if b.Source.Build != nil {
		tag = b.Source.Build.Tag
	}
	for _, name := range []string{b.Source.Pull, b.Source.Engine, tag, img.Reference} {
		if name != "" {
			names = append(names, name)
		}
	}
	return names
}

// noImageError is a report whose tool says that it did not look at an image.
type noImageError struct{ subject string }

func (e *noImageError) Error() string {
	return fmt.Sprintf("the report is of %s, not of an image", e.subject)
}

// Hint says what to do about it.
func (e *noImageError) Hint() string {
	return "scan the image itself, after it was built, such as trivy image --format json --output FILE IMAGE; scan: {run: trivy} does so"
}

// lackingError is a report by a scanner that did not look for vulnerabilities.
type lackingError struct{ lacks string }

func (e *lackingError) Error() string {
	return fmt.Sprintf("the report has no %s: was the vulnerability scanner on?", e.lacks)
}

// Hint says what to do about it.
func (e *lackingError) Hint() string {
	return "scan with --scanners vuln, and without --pkg-types; a system that the scanner does not know it cannot judge"
}
