package lint

import (
	"cmp"
	"encoding/json"
	"fmt"

	"github.com/image-budget/image-budget/internal/secrets"
)

// ImageRule is a rule of images, whatever they were built by.
type ImageRule struct {
	Name      string
	Severity  Severity
	Summary   string // what it finds, in a few words
	Why       string // what that costs
	Fix       string // what to do instead
	Doc       string // a few sentences more
	Bad, Good string // configs of images, in which it finds something and nothing

	// Same are the rules of Dockerfiles that say the same of what the image is
	// built from, where there is a line to point at.
	Same []string

	// Check returns findings with a message, and with a fix where the rule's own
	// does not do.
	Check func(ImageSubject) []Finding
}

// ImageRules is every rule of images, in the order of their findings.
var ImageRules = []ImageRule{
	ImageSecret,
	ImageRootUser,
	ImageNoHealthcheck,
	ImageNoOrigin,
}

// ImageSubject is what the rules of images look at.
type ImageSubject struct {
	Reference string // shown in findings
	Config    ImageConfig
	Secrets   []secrets.Found // in environment, history and files
}

// ImageConfig is what the rules look at of an image's config. The OCI image
// specification has no health check; Docker's, which most builders write, has.
type ImageConfig struct {
	User        string
	Healthcheck *Healthcheck
	Labels      map[string]string
}

// Healthcheck is that of Docker's image specification.
type Healthcheck struct {
	Test []string // empty for none, and ["NONE"] where one is taken back
}

// ReadImage reads the config of the image that reference names; found are the
// secrets in it.
func ReadImage(reference string, config []byte, found []secrets.Found) (ImageSubject, error) {
	var blob struct {
		Config ImageConfig `json:"config"`
	}
	if err := json.Unmarshal(config, &blob); err != nil {
		return ImageSubject{}, fmt.Errorf("parsing the config of %q: %w", reference, err)
	}
	return ImageSubject{Reference: reference, Config: blob.Config, Secrets: found}, nil
}

// Image holds an image against the rules of images.
func Image(of ImageSubject) []Finding {
	var all []Finding
	for _, rule := range ImageRules {
		for _, found := range rule.Check(of) {
			found.Rule, found.Severity, found.Image, found.Why = rule.Name, rule.Severity, of.Reference, rule.Why
			found.Fix = cmp.Or(found.Fix, rule.Fix)
			all = append(all, found)
		}
	}
	return all
}
