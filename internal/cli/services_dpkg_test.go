package cli

import (
	"os/exec"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// servicesDpkg holds explain against dpkg itself, inside the large image: every
// byte has an owner, and what a package takes is what its files take that are
// there.
func servicesDpkg(t *testing.T) {
	found := explainedService(t, "agent-naive")
	require.Empty(t, found.Problems)

	var packages, layers, hidden int64
	for _, p := range found.Packages {
		packages += p.Size
	}
	for _, l := range found.Layers {
		hidden += l.Hidden
		if l.Instruction != "" {
			layers += l.Unowned
		}
	}
	there := float64(found.Size - hidden) // what a later layer overwrites or deletes is nobody's
	t.Logf("%d bytes, %d of them hidden; of the rest %.2f %% in %d packages, %.2f %% in a layer with a name", found.Size, hidden,
		100*float64(packages)/there, len(found.Packages), 100*float64(layers)/there)
	require.GreaterOrEqual(t, float64(packages+layers)/there, 0.99)

	sums := dpkgSums(t, "agent-naive")
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

// dpkgFiles prints a line for every package, and after it one for every file that
// dpkg-query lists for it: links, device:inode, size and type. What is not there
// (a diversion's remark, a file removed since) is stat's fault, and nothing here.
const dpkgFiles = `set -e
export LC_ALL=C
dpkg-query -W -f '${binary:Package}\n' >/tmp/packages
while read -r package; do
	echo "package $package"
	dpkg-query -L "$package" >/tmp/files
	xargs -d '\n' stat -c '%h %d:%i %s %F' -- </tmp/files 2>/dev/null || test $? = 123
done </tmp/packages
`

// dpkgSums is what the files take that dpkg-query lists for each package of an
// image, by the package's name: content, or the target of a link, each file once.
func dpkgSums(t *testing.T, image string) map[string]int64 {
	t.Helper()
	out, err := exec.Command("docker", "run", "--rm", "--network", "none", "--entrypoint", "sh", image, "-c", dpkgFiles).Output()
	require.NoError(t, err)
	sums, seen := map[string]int64{}, map[string]bool{}
	name := ""
	for line := range strings.Lines(string(out)) {
		line = strings.TrimSuffix(line, "\n")
		if qualified, ok := strings.CutPrefix(line, "package "); ok {
			name, _, _ = strings.Cut(qualified, ":")
			sums[name] += 0
			continue
		}
		fields := strings.SplitN(line, " ", 4)
		require.Len(t, fields, 4, line)
		inode := fields[1]
		if fields[3] == "directory" || seen[inode] {
			continue
		}
		seen[inode] = true
		size, err := strconv.ParseInt(fields[2], 10, 64)
		require.NoError(t, err, line)
		sums[name] += size
	}
	return sums
}
