package waste

// VersionControl is what an image has because all of a repository was copied into
// it. Files with secrets, such as .env, are no waste but a fault of another kind.
var VersionControl = &Category{
	Name:  "version_control",
	Title: "version control and editor folders",
	Why:   "History, pipelines and editor settings are for those who change the code; an application that asks git for its version at run time is the exception, and does better with a build argument.",
	Fix:   "Leave them out of the build context: put .git, .github, .idea and .vscode into .dockerignore.",
	matches: func(s *subject) bool {
		return versionControlFolders.hold(s.Path) || versionControlFiles.have(s.base)
	},
}

var versionControlFolders = below(`.git .svn .hg .bzr _darcs CVS .github .gitlab .gitea .circleci .buildkite .husky
	.idea .vscode .vscode-server .cursor .zed .fleet .settings .devcontainer __MACOSX`)

var versionControlFiles = named(`.git .gitignore .gitattributes .gitmodules .git-blame-ignore-revs .hgignore .hgtags .mailmap .dockerignore
	.gitlab-ci.yml .travis.yml .pre-commit-config.yaml .editorconfig .DS_Store Thumbs.db desktop.ini .project .classpath *.swp *.swo`)
