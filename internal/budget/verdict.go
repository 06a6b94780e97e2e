package budget

import "fmt"

// outcomes is every verdict, the worst first, with the exit status of a run
// whose worst verdict it is. Status 2 is of faulty files, which have no
// verdict; it beats 1, and 1 beats 3.
var outcomes = []struct {
	verdict Verdict
	status  int
}{
	{OverMax, 1},
	{Regression, 1},
	{Unmeasured, 3},
	{Inconclusive, 3},
	{New, 3},
	{Pass, 0},
}

// rank is where v stands in outcomes; what is no verdict counts as unmeasured.
func rank(v Verdict) int {
	unmeasured := 0
	for i, o := range outcomes {
		switch o.verdict {
		case v:
			return i
		case Unmeasured:
			unmeasured = i
		}
	}
	return unmeasured
}

// worse is the verdict that stands earlier in outcomes.
func worse(a, b Verdict) Verdict { return outcomes[min(rank(a), rank(b))].verdict }

func statusOf(v Verdict) int { return outcomes[rank(v)].status }

// worst is the verdict on an image. That nothing was gated is not a pass.
func worst(rows []Row, undecided OnInconclusive) Verdict {
	if len(rows) == 0 {
		return Unmeasured
	}
	verdict := Pass
	for _, row := range rows {
		if row.Verdict == Inconclusive && undecided == Warn {
			continue
		}
		verdict = worse(verdict, row.Verdict)
	}
	return verdict
}

// Total is the result of a run over images, with its verdict and exit status.
// tool is the version of this tool. That no image was judged is not a pass.
func Total(images []ImageResult, tool string) Result {
	r := Result{Version: version, Tool: tool, Verdict: Unmeasured, ExitCode: statusOf(Unmeasured), Images: images}
	if len(images) > 0 {
		r.Verdict, r.ExitCode = Pass, 0
	}
	for _, image := range images {
		r.Verdict = worse(r.Verdict, image.Verdict)
		if status := image.status(); status == 1 || r.ExitCode == 0 {
			r.ExitCode = status
		}
	}
	return r
}

// status is the exit status of a run over this image alone. An image without a
// budget has no limits to keep, so that it is new is all there is to say.
func (r ImageResult) status() int {
	if r.Budget == "" && r.Verdict == New {
		return 0
	}
	return statusOf(r.Verdict)
}

// inconclusives warns of undecided metrics that the budget lets pass.
func inconclusives(rows []Row, undecided OnInconclusive) []string {
	var all []string
	for _, row := range rows {
		if row.Verdict == Inconclusive && undecided == Warn {
			all = append(all, fmt.Sprintf("%s: undecided, which the budget lets pass: %s", row.Name, row.Reason))
		}
	}
	return all
}
