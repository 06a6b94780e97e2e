package lint

import (
	"slices"

	"github.com/moby/buildkit/frontend/dockerfile/linter"
)

// buildKitRules are the rules of BuildKit's linter, in its order. The package has
// no list of them; a test holds this one against it.
var buildKitRules = []Rule{
	passed(linter.RuleStageNameCasing, "", ""),
	passed(linter.RuleFromAsCasing, "", ""),
	passed(linter.RuleNoEmptyContinuation, "", ""),
	passed(linter.RuleConsistentInstructionCasing, "", ""),
	passed(linter.RuleDuplicateStageName, "which of the stages is meant is not what a reader expects", "give each stage a name of its own"),
	passed(linter.RuleReservedStageName, "", ""),
	passed(linter.RuleJSONArgsRecommended, "a shell is process 1 and does not pass signals on: the container is killed after the grace period instead of stopping", `write the command as a list: CMD ["program", "argument"]`),
	passed(linter.RuleMaintainerDeprecated, "", "write LABEL org.opencontainers.image.authors instead"),
	passed(linter.RuleUndefinedArgInFrom, "", "declare it with ARG before the first FROM"),
	passed(linter.RuleWorkdirRelativePath, "", "write an absolute path"),
	passed(linter.RuleUndefinedVar, "a variable that is not set is empty", "declare it with ARG or ENV before it is used"),
	passed(linter.RuleMultipleInstructionsDisallowed, "only the last one counts", "remove the others"),
	passed(linter.RuleLegacyKeyValueFormat, "", "write NAME=value"),
	passed(linter.RuleInvalidBaseImagePlatform, "", ""),
	passed(linter.RuleRedundantTargetPlatform, "", "leave --platform out"),
	secretsUsed(),
	passed(linter.RuleInvalidDefaultArgInFrom, "the file does not build without a build argument", "give the ARG a default that makes a valid name"),
	passed(linter.RuleFromPlatformFlagConstDisallowed, "the image is of that platform, whatever is asked for", "leave --platform out, or use $BUILDPLATFORM"),
	passed(linter.RuleCopyIgnoredFile, "the build fails or the file is missing", "take it out of .dockerignore, or do not copy it"),
	passed(linter.RuleInvalidDefinitionDescription, "", ""),
	passed(linter.RuleExposeProtoCasing, "", ""),
	passed(linter.RuleExposeInvalidFormat, "", "write the port of the container alone"),
}

// BuildKitRules is every rule of BuildKit's linter. Doc is the address of its
// page.
func BuildKitRules() []Rule { return slices.Clone(buildKitRules) }

func passed[F any](of linter.LinterRule[F], why, fix string) Rule {
	return Rule{Name: of.Name, Severity: Warning, Summary: of.Description, Why: why, Fix: fix, Doc: of.URL}
}

// secretsUsed is the one that is an error here.
func secretsUsed() Rule {
	rule := passed(linter.RuleSecretsUsedInArgOrEnv,
		"whoever can pull the image reads it in the config or the history",
		"hand it to the build with RUN --mount=type=secret, and to the service when it starts")
	rule.Severity = Error
	return rule
}

// buildKitRule is the rule of that name; zero for one of a later version.
func buildKitRule(name string) Rule {
	for _, rule := range buildKitRules {
		if rule.Name == name {
			return rule
		}
	}
	return Rule{}
}
