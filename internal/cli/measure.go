package cli

import (
	"errors"
	"fmt"
	"runtime"
	"strings"

	"github.com/spf13/cobra"

	"github.com/image-budget/image-budget/internal/budget"
	"github.com/image-budget/image-budget/internal/gate"
	"github.com/image-budget/image-budget/internal/image"
	"github.com/image-budget/image-budget/internal/metric"
)

// measureFlags are what a budget file would say of the image.
type measureFlags struct {
	platform, bandwidth, memory, sandbox string
	metrics, env                         []string
	noRun, importTime                    bool
}

func (p *program) measure() *cobra.Command {
	var out output
	var f measureFlags
	b := budget.Defaults()
	c := &cobra.Command{
		Use:   "measure IMAGE [-- COMMAND...]",
		Short: "Measure any image, no budget needed",
		Long: `measure prints the metrics of an image. IMAGE is a reference, looked for in the
engine's store first and then in its registry, or one of skopeo's transports:

` + transports(),
		Example: `  image-budget measure support-agent:dev --port 8000
  image-budget measure docker-archive:out/image.tar --no-run
  image-budget measure docker://ghcr.io/acme/support-agent:main --metric size,layers`,
		Args: cobra.MinimumNArgs(1),
	}
	out.flags(c)
	flags := c.Flags()
	flags.StringSliceVar(&f.metrics, "metric", nil, "only these metrics: "+strings.Join(metricNames(), ", "))
	flags.StringVar(&f.platform, "platform", "linux/"+runtime.GOARCH, "platform to take of a multi-platform image")
	flags.IntVar(&b.Health.Port, "port", 0, "port that answers the health path; without it the one TCP port that the image exposes")
	flags.StringVar(&b.Health.Path, "health-path", b.Health.Path, "path that answers 2xx when the service is ready")
	flags.StringVar(&b.Health.Scheme, "scheme", b.Health.Scheme, "http, or https without verification")
	flags.DurationVar(&b.Health.Timeout, "timeout", b.Health.Timeout, "how long a container may take to answer")
	flags.StringArrayVarP(&f.env, "env", "e", nil, "KEY=VALUE for the container (repeatable)")
	flags.StringVar(&f.memory, "memory", b.Run.Memory.String(), "memory of the container, swap included")
	flags.Float64Var(&b.Run.CPUs, "cpus", b.Run.CPUs, "CPUs of the container")
	flags.StringVar(&f.sandbox, "sandbox", string(b.Run.Sandbox), "standard or strict")
	flags.StringVar(&f.bandwidth, "bandwidth", b.Link.Bandwidth.String(), "bandwidth of the link in pull trials")
	flags.DurationVar(&b.Link.Latency, "latency", b.Link.Latency, "latency of the link, once a request")
	flags.BoolVar(&f.noRun, "no-run", false, "run no container: leave out the metrics that need one")
	importTimeFlag(c, &f.importTime)
	c.RunE = func(c *cobra.Command, args []string) error {
		targets, err := out.targets()
		if err != nil {
			return err
		}
		if len(args) > 1 && c.ArgsLenAtDash() != 1 {
			return hinted("the container's command follows --", "measure takes one image, not %q too", args[1])
		}
		if err := f.apply(&b, args); err != nil {
			return err
		}
		return p.withMachine(c, f.noRun, func(at *gate.Machine) error {
			at.ImportTime = f.importTime
			result, err := gate.Measure(c.Context(), args[0], b, at)
			if err != nil {
				return err
			}
			return p.conclude(targets, out.verbose, []budget.ImageResult{result}, nil)
		})
	}
	return c
}

// transports lists the prefixes of IMAGE, a line each.
func transports() string {
	var list strings.Builder
	for _, t := range gate.Transports {
		fmt.Fprintf(&list, "  %-16s %s\n", t.Prefix, t.Help)
	}
	return list.String()
}

func metricNames() []string {
	names := make([]string, len(metric.All))
	for i, m := range metric.All {
		names[i] = m.Name
	}
	return names
}

// checkMetrics refuses names that are no metric's.
func checkMetrics(flag string, names []string) error {
	for _, name := range names {
		if _, ok := metric.Named(name); !ok {
			return usage("%s %q: the metrics are %s", flag, name, strings.Join(metricNames(), ", "))
		}
	}
	return nil
}

// apply parses what the flags say into the stand-in budget.
func (f *measureFlags) apply(b *budget.Budget, args []string) (err error) {
	b.Name, b.Image, b.Run.Command = args[0], args[0], args[1:]
	if b.Platform, err = image.ParsePlatform(f.platform); err != nil {
		return usage("--platform: %w", err)
	}
	if b.Link.Bandwidth, err = budget.ParseBandwidth(f.bandwidth); err != nil {
		return usage("--bandwidth: %w", err)
	}
	if b.Run.Memory, err = budget.ParseBytes(f.memory); err != nil {
		return usage("--memory: %w", err)
	}
	b.Run.Sandbox = budget.Sandbox(f.sandbox)
	if err := b.Validate(); err != nil {
		return asFlag(err)
	}
	if b.Run.Env, err = parsePairs("--env", f.env); err != nil {
		return err
	}
	b.Metrics, err = f.gates()
	return err
}

// flagsOf are the flags that say what a budget file says under a key.
var flagsOf = map[string]string{
	"health.port": "port", "health.path": "health-path", "health.scheme": "scheme", "health.timeout": "timeout",
	"run.memory": "memory", "run.cpus": "cpus", "run.sandbox": "sandbox", "link.latency": "latency",
}

// asFlag names the flag in place of the key that it stands for.
func asFlag(err error) error {
	var setting *budget.SettingError
	if !errors.As(err, &setting) || flagsOf[setting.Key] == "" {
		return err
	}
	return hinted(setting.Hint(), "--%s %s", flagsOf[setting.Key], setting.Problem)
}

// gates lists the metrics to measure: those named, or every default one that
// may run.
func (f *measureFlags) gates() ([]budget.Gate, error) {
	var gates []budget.Gate
	if err := checkMetrics("--metric", f.metrics); err != nil {
		return nil, err
	}
	for _, name := range f.metrics {
		if def, _ := metric.Named(name); def.Builds {
			return nil, hinted("write a budget with build, rebuild and this metric, and run image-budget check", "--metric %s: it is measured of what an image is built from, and not of an image", name)
		}
		gates = append(gates, budget.Gate{Metric: name})
	}
	if gates != nil {
		return gates, nil
	}
	for _, m := range metric.All {
		if m.Default && !(m.Runs && f.noRun) {
			gates = append(gates, budget.Gate{Metric: m.Name})
		}
	}
	return gates, nil
}
