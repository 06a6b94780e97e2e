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
// budget does not ask. An error is a fault of the report's file, or the end of ctx.
func (m *Machine) scan(ctx context.Context, b budget.Budget, img *image.Image, now budget.Measurement) (*budget.Scanned, error) {
	if b.Scan == nil {
		return nil, nil
	}
	report, err := m.scanReport(ctx, b, img)
	var users interface{ UserFault() }
	if errors.As(err, &users) || ctx.Err() != nil {
		return nil, errors.Join(err, ctx.Err())
	}
	if err == nil {
		err = ofImage(b, report, img)
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
	return fmt.Sprintf("scan report %q is of another image: it names %s, and this one's config is %s", e.report, e.of, e.want)
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

func ofImage(b budget.Budget, report scan.Report, img *image.Image) error {
	same, known := report.IsOf(img.ConfigDigest, img.ManifestDigest)
	if same || !known {
		return nil
	}
	return &anotherImageError{report: b.Scan.Report, of: short(report.Of[len(report.Of)-1]), want: short(img.ConfigDigest)}
}
