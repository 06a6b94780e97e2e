package cli

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-containerregistry/pkg/v1/layout"
	"github.com/stretchr/testify/require"

	"github.com/image-budget/image-budget/internal/image/imagetest"
)

const dpkgStatus = `Package: openssl
Status: install ok installed
Maintainer: Debian OpenSSL Team <pkg-openssl-devel@alioth-lists.debian.net>
Architecture: amd64
Version: 3.0.11-1~deb12u1
Description: Secure Sockets Layer toolkit

Package: zlib1g
Status: install ok installed
Maintainer: Mark Brown <broonie@debian.org>
Architecture: amd64
Source: zlib
Version: 1:1.2.13.dfsg-1
Description: compression library - runtime
`

// TestTrivy has Trivy itself scan an image on disk, with a database made for this and
// without a network. make scan-trivy installs both programs and runs it.
func TestTrivy(t *testing.T) {
	for _, program := range []string{"trivy", "trivydb"} {
		if _, err := exec.LookPath(program); err != nil {
			t.Skipf("%s is not on PATH: make scan-trivy installs it", program)
		}
	}
	dir := t.TempDir()
	require.NoError(t, os.MkdirAll(filepath.Join(dir, "budgets"), 0o755))
	require.NoError(t, os.WriteFile(filepath.Join(dir, "budgets/app.yaml"), []byte(scannedBudget), 0o644))
	img := imagetest.Image(t, imagetest.Linux, imagetest.Tar(t,
		imagetest.File("etc/os-release", "ID=debian\nVERSION_ID=\"12\"\n"),
		imagetest.File("etc/debian_version", "12.8\n"),
		imagetest.File("var/lib/dpkg/status", dpkgStatus)))
	_, err := layout.Write(filepath.Join(dir, "layout"), imagetest.Index(t, img))
	require.NoError(t, err)
	cache := filepath.Join(dir, "trivy")
	known := func(found ...string) {
		require.NoError(t, os.RemoveAll(cache))
		output, err := exec.Command("trivydb", append([]string{cache}, found...)...).CombinedOutput()
		require.NoError(t, err, "%s", output)
	}
	call := func(program string, args ...string) (string, int) {
		run := exec.Command(program, args...)
		run.Dir = dir
		run.Env = append(os.Environ(), "XDG_CACHE_HOME="+filepath.Join(dir, "cache"), "TRIVY_CACHE_DIR="+cache,
			"TRIVY_SKIP_DB_UPDATE=true", "TRIVY_OFFLINE_SCAN=true", "TRIVY_SKIP_VERSION_CHECK=true", "TRIVY_DISABLE_TELEMETRY=true")
		output, err := run.CombinedOutput()
		if err != nil {
			require.IsType(t, &exec.ExitError{}, err)
		}
		return string(output), run.ProcessState.ExitCode()
	}

	gate := func(args ...string) (string, int) { return call("image-budget", args...) }

	// Trivy ends with an error where it has no database, and that is no pass (E1).
	said, status := gate("check")
	require.Equal(t, 3, status, said)
	require.Contains(t, said, "scan could not be measured: running trivy: exit status 1")
	require.Contains(t, said, "--skip-db-update cannot be specified on the first run")

	const openssl = "CVE-2023-0464=HIGH:openssl:3.0.11-1~deb12u2"
	known(openssl)
	said, status = gate("record")
	require.Equal(t, 0, status, said)
	baseline, err := os.ReadFile(filepath.Join(dir, "budgets/app.baseline.yaml"))
	require.NoError(t, err)
	require.Contains(t, string(baseline), "  findings:\n    high:\n      \"openssl\": [CVE-2023-0464]\n")
	said, status = gate("check")
	require.Equal(t, 0, status, said)
	require.NotContains(t, said, "warning", "Trivy names the image that it scanned, and it is this one")

	known(openssl, "CVE-2026-0001=CRITICAL:zlib:", "CVE-2026-0002=LOW:zlib:1:1.3.1")
	said, status = gate("check")
	require.Equal(t, 1, status, said)
	require.Contains(t, said, "cause: scan: new: CVE-2026-0001 (critical) in zlib1g 1:1.2.13.dfsg-1, no fix is")
	require.Contains(t, said, "new, let pass: CVE-2026-0002 (low) in zlib1g 1:1.2.13.dfsg-1, fixed in 1:1.3.1")
	require.Contains(t, said, "the image holds what it held when the baseline was recorded")

	for _, format := range []string{"json", "sarif"} { // its reports, as another step of a job would make them
		said, status = call("trivy", "image", "--input", "layout", "--format", format, "--output", "trivy."+format, "--scanners", "vuln")
		require.Equal(t, 0, status, said)
		reported := strings.Replace(scannedBudget, "run: trivy", "report: ../trivy."+format, 1)
		require.NoError(t, os.WriteFile(filepath.Join(dir, "budgets/app.yaml"), []byte(reported), 0o644))
		said, status = gate("check")
		require.Equal(t, 1, status, said)
		require.Contains(t, said, "cause: scan: new: CVE-2026-0001 (critical) in zlib1g 1:1.2.13.dfsg-1, no fix is", format)
		require.NotContains(t, said, "warning", format)
	}
	require.NoError(t, os.WriteFile(filepath.Join(dir, "budgets/app.yaml"), []byte(scannedBudget), 0o644))

	known()
	said, status = gate("check")
	require.Equal(t, 0, status, said)
	require.Contains(t, said, "fixed: CVE-2023-0464 (high) in openssl")
}
