// Command trivydb makes a small database of vulnerabilities for Trivy, so that a test
// can run Trivy without a network: trivydb CACHE ID=SEVERITY:PACKAGE:FIXED...
// All are of Debian 12. It is a module of its own: what it needs is no dependency of
// image-budget.
package main

import (
	"fmt"
	"log"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/aquasecurity/trivy-db/pkg/db"
	"github.com/aquasecurity/trivy-db/pkg/metadata"
	"github.com/aquasecurity/trivy-db/pkg/types"
	"go.etcd.io/bbolt"
)

const platform = "debian 12"

func main() {
	if len(os.Args) < 2 {
		log.Fatal("usage: trivydb CACHE ID=SEVERITY:PACKAGE:FIXED...")
	}
	if err := write(filepath.Join(os.Args[1], "db"), os.Args[2:]); err != nil {
		log.Fatal(err)
	}
}

func write(folder string, found []string) error {
	if err := db.Init(folder); err != nil {
		return err
	}
	defer db.Close()
	err := db.Config{}.BatchUpdate(func(tx *bbolt.Tx) error {
		source := types.DataSource{ID: "debian", Name: "Debian Security Tracker", URL: "https://security-tracker.debian.org/tracker/"}
		if err := (db.Config{}).PutDataSource(tx, platform, source); err != nil {
			return err
		}
		for _, one := range found {
			if err := put(tx, one); err != nil {
				return fmt.Errorf("putting %q: %w", one, err)
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	now := time.Now().UTC()
	return metadata.NewClient(folder).Update(metadata.Metadata{Version: db.SchemaVersion, UpdatedAt: now, NextUpdate: now.AddDate(1, 0, 0), DownloadedAt: now})
}

func put(tx *bbolt.Tx, one string) error {
	id, what, _ := strings.Cut(one, "=")
	parts := strings.SplitN(what, ":", 3)
	if len(parts) != 3 {
		return fmt.Errorf("write ID=SEVERITY:PACKAGE:FIXED")
	}
	severity, err := types.NewSeverity(parts[0])
	if err != nil {
		return err
	}
	if err := (db.Config{}).PutAdvisoryDetail(tx, id, parts[1], []string{platform}, types.Advisory{FixedVersion: parts[2]}); err != nil {
		return err
	}
	if err := (db.Config{}).SaveAdvisoryDetails(tx, id); err != nil {
		return err
	}
	return db.Config{}.PutVulnerability(tx, id, types.Vulnerability{Title: "made for a test", Severity: severity.String()})
}
