package budget

import (
	"bytes"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"gopkg.in/yaml.v3"

	"github.com/image-budget/image-budget/internal/metric"
)

// encodeBaseline writes m as a baseline file, the same bytes for the same m: one
// scalar, one layer or one package a line, so that a diff shows what moved. What was
// not measured is left out, as are notes and phases. What the image is made of is
// cut as far as the file has to stay within what is read again.
func encodeBaseline(m Measurement) (data []byte, err error) {
	for _, d := range details {
		if data, err = encodeCut(m, d); err != nil || len(data) <= sizeCap {
			break
		}
	}
	return data, err
}

func encodeCut(m Measurement, d detail) ([]byte, error) {
	root := &yaml.Node{Kind: yaml.MappingNode}
	add(root, "version", plain(strconv.Itoa(version)))
	add(root, "image", text(m.Image))
	add(root, "platform", text(m.Platform.String()))
	addText(root, "config_digest", m.ConfigDigest.String())
	addText(root, "manifest_digest", m.ManifestDigest.String())
	addText(root, "contents_digest", m.ContentsDigest.String())
	addText(root, "reference", m.Reference)
	addText(root, "commit", m.Commit)
	add(root, "recorded", plain(m.Recorded.UTC().Format(time.RFC3339)))
	add(root, "recorded_with", machineNode(m.RecordedWith))
	link := flow(yaml.MappingNode)
	add(link, "bandwidth", text(m.Link.Bandwidth.String()))
	add(link, "latency", text(m.Link.Latency.String()))
	add(root, "link", link)
	add(root, "metrics", metricsNode(m.Metrics))
	if found := scanNode(m.Scan, d.severity); found != nil {
		add(root, "scan", found)
	}
	if contents := contentsNode(m.Contents, d); contents != nil {
		add(root, "contents", contents)
	}
	data, err := encodeNode(root)
	if err != nil {
		return nil, fmt.Errorf("encoding the baseline of %q: %w", m.Image, err)
	}
	return data, nil
}

func encodeNode(root *yaml.Node) ([]byte, error) {
	var out bytes.Buffer
	encoder := yaml.NewEncoder(&out)
	encoder.SetIndent(2)
	if err := encoder.Encode(root); err != nil {
		return nil, err
	}
	err := encoder.Close()
	return out.Bytes(), err
}

func machineNode(m Machine) *yaml.Node {
	n := flow(yaml.MappingNode)
	addText(n, "tool", m.Tool)
	addQuoted(n, "engine", m.Engine)
	addQuoted(n, "cpu", m.CPU)
	if m.CPUs > 0 {
		add(n, "cpus", plain(strconv.Itoa(m.CPUs)))
	}
	addText(n, "kernel", m.Kernel)
	return n
}

func metricsNode(values map[string]Value) *yaml.Node {
	n := &yaml.Node{Kind: yaml.MappingNode}
	for _, m := range metric.All {
		v, ok := values[m.Name]
		switch {
		case !ok:
		case m.Timed() && len(v.Samples) > 0:
			samples := flow(yaml.SequenceNode)
			for _, s := range v.Samples {
				samples.Content = append(samples.Content, text(formatSeconds(s)))
			}
			times := flow(yaml.MappingNode)
			add(times, "median", text(formatSeconds(Median(v.Samples))))
			add(times, "samples", samples)
			addQuoted(times, "contents_digest", v.Contents.String())
			add(n, m.Name, times)
		case !m.Timed() && v.Number != nil:
			add(n, m.Name, plain(strconv.FormatInt(*v.Number, 10)))
		}
	}
	return n
}

func flow(kind yaml.Kind) *yaml.Node { return &yaml.Node{Kind: kind, Style: yaml.FlowStyle} }

func plain(s string) *yaml.Node { return &yaml.Node{Kind: yaml.ScalarNode, Value: s} }

// bare is text that needs no quotes unless YAML takes it for something else,
// which yaml.v3 knows. It does not know all that is wrong with other text: it
// writes << bare.
var bare = regexp.MustCompile(`^[0-9A-Za-z][0-9A-Za-z._/@:+-]*$`)

// text is a string. Bytes that are no UTF-8 have no form in YAML; they become
// U+FFFD.
func text(s string) *yaml.Node {
	n := &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!str", Value: strings.ToValidUTF8(s, "\ufffd")}
	if !bare.MatchString(n.Value) {
		n.Style = yaml.DoubleQuotedStyle
	}
	return n
}

// barePath is text that needs no quotes in block style either, where bare does not
// say so.
var barePath = regexp.MustCompile(`^(/|\.\.?(/|$))[0-9A-Za-z._/-]*$`)

// Scalar is s as the value of a key in block style, on one line: quoted where YAML
// would take it for something else.
func Scalar(s string) (string, error) {
	n := text(s)
	if barePath.MatchString(s) {
		n.Style = 0
	}
	data, err := encodeNode(n)
	if err != nil {
		return "", fmt.Errorf("encoding %q: %w", s, err)
	}
	return strings.TrimSuffix(string(data), "\n"), nil
}

func add(m *yaml.Node, key string, value *yaml.Node) {
	m.Content = append(m.Content, plain(key), value)
}

// addText leaves the key out when there is nothing to say.
func addText(m *yaml.Node, key, value string) {
	if value != "" {
		add(m, key, text(value))
	}
}

func addQuoted(m *yaml.Node, key, value string) {
	if value != "" {
		n := text(value)
		n.Style = yaml.DoubleQuotedStyle
		add(m, key, n)
	}
}

// cut shortens s to longest bytes, between runes.
func cut(s string, longest int) string {
	if len(s) <= longest {
		return s
	}
	for longest > 0 && !utf8.RuneStart(s[longest]) {
		longest--
	}
	return s[:longest]
}

// formatSeconds writes d in seconds, exactly: 7.282s, 0.621s, 72s.
func formatSeconds(d time.Duration) string {
	s := fmt.Sprintf("%d.%09d", d/time.Second, d%time.Second)
	return strings.TrimSuffix(strings.TrimRight(s, "0"), ".") + "s"
}
