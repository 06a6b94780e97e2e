package cli

import (
	"archive/tar"
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"
)

// installed is what a service's image may well have of Debian.
var installed = []string{"build-essential", "python3-torch", "python3-pandas", "python3-sklearn"}

// TestDebianImage holds explain against dpkg itself, on an image of 2.6 GB that
// debootstrap and apt-get make: every byte has an owner, and what a package takes
// is what its files take that are there. It takes minutes, and make debian runs it.
func TestDebianImage(t *testing.T) {
	root := debian(t, installed)
	archive := filepath.Join(t.TempDir(), "image.tar")
	saveFolder(t, archive, root, "RUN /bin/sh -c apt-get install "+strings.Join(installed, " ")+" # buildkit")
	found := explainedJSON(t, archive)

	var packages, layers int64
	for _, p := range found.Packages {
		packages += p.Size
	}
	for _, l := range found.Layers {
		if l.Instruction != "" {
			layers += l.Unowned
		}
	}
	require.Empty(t, found.Problems)
	share := float64(packages+layers) / float64(found.Size)
	t.Logf("%d bytes: %.2f %% in %d packages, %.2f %% in a layer with a name", found.Size,
		100*float64(packages)/float64(found.Size), len(found.Packages), 100*float64(layers)/float64(found.Size))
	require.GreaterOrEqual(t, share, 0.99)

	sums := dpkgSums(t, root)
	require.Greater(t, len(sums), 300)
	var all, worst float64
	for _, p := range found.Packages {
		name, ok := strings.CutPrefix(p.Package, "deb:")
		if !ok {
			continue
		}
		require.Contains(t, sums, name)
		require.InDeltaf(t, float64(sums[name]), float64(p.Size), 0.02*float64(sums[name])+1, p.Package)
		if sums[name] > 0 {
			worst = max(worst, float64(p.Size)/float64(sums[name])-1, 1-float64(p.Size)/float64(sums[name]))
		}
		all += float64(sums[name])
		delete(sums, name)
	}
	require.Empty(t, sums, "packages that explain does not know")
	t.Logf("the packages take %.6f of what dpkg-query's files do; the worst is %.4f %% off", float64(packages)/all, 100*worst)
}

// debian is the root of an installation. Without debootstrap or the right to use
// it, the test is skipped by name, and fails where CI=true.
func debian(t *testing.T, packages []string) string {
	t.Helper()
	root := filepath.Join(t.TempDir(), "root")
	var log bytes.Buffer
	for _, command := range [][]string{
		{"debootstrap", "--variant=minbase", "bookworm", root},
		append([]string{"chroot", root, "apt-get", "install", "-y", "-qq", "--no-install-recommends"}, packages...),
	} {
		c := exec.Command(command[0], command[1:]...)
		c.Env = append(os.Environ(), "DEBIAN_FRONTEND=noninteractive", "PATH=/usr/sbin:/usr/bin:/sbin:/bin")
		c.Stdout, c.Stderr = &log, &log
		if err := c.Run(); err != nil {
			log.Write([]byte("\n" + err.Error()))
			tail := log.String()[max(0, log.Len()-2000):]
			if os.Getenv("CI") == "true" {
				t.Fatalf("making an installation of Debian: %s", tail)
			}
			t.Skipf("no installation of Debian can be made here: %s", tail)
		}
	}
	return root
}

// dpkgSums is what the files take that dpkg-query lists for each package, by the
// package's name: content, or the target of a link, each file once.
func dpkgSums(t *testing.T, root string) map[string]int64 {
	t.Helper()
	query := func(args ...string) []string {
		out, err := exec.Command("dpkg-query", append([]string{"--admindir=" + root + "/var/lib/dpkg"}, args...)...).Output()
		require.NoError(t, err)
		return strings.Split(strings.TrimSpace(string(out)), "\n")
	}
	sums, seen := map[string]int64{}, map[uint64]bool{}
	for _, name := range query("-W", "-f", "${binary:Package}\n") {
		var sum int64
		for _, path := range query("-L", name) {
			stat, err := os.Lstat(filepath.Join(root, path))
			if err != nil || stat.IsDir() {
				continue // diverted, or removed since
			}
			if inode := stat.Sys().(*syscall.Stat_t).Ino; !seen[inode] {
				seen[inode] = true
				sum += stat.Size()
			}
		}
		short, _, _ := strings.Cut(name, ":")
		sums[short] += sum
	}
	return sums
}

// saveFolder writes a docker archive of one layer.
func saveFolder(t *testing.T, path, root, instruction string) {
	t.Helper()
	layer := filepath.Join(t.TempDir(), "layer.tar")
	out, err := exec.Command("tar", "-C", root, "-cf", layer, ".").CombinedOutput()
	require.NoErrorf(t, err, "%s", out)
	from, err := os.Open(layer)
	require.NoError(t, err)
	defer from.Close()
	hash := sha256.New()
	size, err := io.Copy(hash, from)
	require.NoError(t, err)
	_, err = from.Seek(0, io.SeekStart)
	require.NoError(t, err)
	archive, err := os.Create(path)
	require.NoError(t, err)
	defer archive.Close()
	w := tar.NewWriter(archive)
	add := func(name string, size int64, content io.Reader) {
		require.NoError(t, w.WriteHeader(&tar.Header{Name: name, Size: size, Mode: int64(fs.ModePerm)}))
		_, err := io.Copy(w, content)
		require.NoError(t, err)
	}
	add("layer/layer.tar", size, from)
	config := fmt.Sprintf(`{"architecture":"amd64","os":"linux","rootfs":{"type":"layers","diff_ids":["sha256:%s"]},"history":[{"created_by":%q}]}`,
		hex.EncodeToString(hash.Sum(nil)), instruction)
	add("config.json", int64(len(config)), strings.NewReader(config))
	manifest := `[{"Config":"config.json","RepoTags":["debian:test"],"Layers":["layer/layer.tar"]}]`
	add("manifest.json", int64(len(manifest)), strings.NewReader(manifest))
	require.NoError(t, w.Close())
}

// inventoried is what of explain's JSON this test wants.
type inventoried struct {
	Size     int64
	Problems []string
	Layers   []struct {
		Instruction string
		Unowned     int64
	}
	Packages []struct {
		Package string
		Size    int64
	}
}

func explainedJSON(t *testing.T, archive string) (found inventoried) {
	t.Helper()
	t.Setenv("XDG_CACHE_HOME", t.TempDir())
	var stdout, stderr bytes.Buffer
	require.Zerof(t, Main([]string{"explain", "docker-archive:" + archive, "--format", "json", "--quiet"}, strings.NewReader(""), &stdout, &stderr), "%s", &stderr)
	require.NoError(t, json.Unmarshal(stdout.Bytes(), &found))
	return found
}
