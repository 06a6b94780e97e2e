package waste

import "strings"

// Development is what people use at a terminal. Programs that start applications
// as often as they install them (uv, poetry, npm, yarn) are not of it: only the
// command of the image tells, and that is not known here. Nor are stubs (.pyi),
// since lazy_loader reads them when scikit-image is imported.
var Development = &Category{
	Name:  "development",
	Title: "development tools",
	Why:   "Linters, type checkers, test runners, notebooks, debuggers, editors and git are for people who work on the code; a service needs one only where it calls it itself, as one that clones repositories calls git.",
	Fix:   "Keep them in a development group that the image does not install (uv sync --no-dev, pip install without requirements-dev.txt, npm ci --omit=dev), and install no editor or debugger into the final stage.",
	matches: func(s *subject) bool {
		return s.owner.is(python, pythonTools) || s.owner.is(npm, npmTools) || s.owner.is(system, systemTools) ||
			leftByTools.hold(s.Path) || s.ext == ".ipynb" || isPythonTool(s) || isTool(s)
	},
}

var pythonTools = named(`pytest pytest-* iniconfig ruff black blib2to3 blackd mypy mypyc flake8 flake8-* pycodestyle pyflakes mccabe pylint pylint-*
	astroid isort autopep8 yapf bandit pyright basedpyright pydocstyle interrogate vulture radon autoflake pyupgrade docformatter
	jupyter jupyter-* jupyterlab jupyterlab-* notebook notebook-shim nbconvert nbclient nbformat nbclassic ipython ipykernel ipywidgets
	widgetsnbextension ipdb pudb debugpy jedi python-lsp-server pylsp pylsp-* rope
	pre-commit tox tox-* nox coverage pytest-cov hypothesis mutmut nose nose2 factory-boy moto freezegun vcrpy
	sphinx sphinx-* sphinxcontrib sphinxcontrib-* alabaster mkdocs mkdocs-* pdoc numpydoc
	line-profiler memory-profiler py-spy scalene snakeviz viztracer memray gprof2dot
	pip pip-tools piptools build twine virtualenv bumpversion bump2version bump-my-version commitizen cookiecutter
	types-* *-stubs mypy-boto3-*`)

var npmTools = named(`eslint eslint-* @eslint/* @typescript-eslint/* prettier prettier-* stylelint stylelint-* jshint tslint typescript @types/*
	jest jest-* @jest/* ts-jest vitest @vitest/* mocha chai sinon karma karma-* jasmine jasmine-core nyc c8 istanbul cypress @playwright/test
	@testing-library/* @storybook/* storybook nodemon husky lint-staged @commitlint/* npm-check-updates typedoc jsdoc`)

var systemTools = named(`vim vim-* nano nano-* emacs emacs-* neovim neovim-* joe git git-man git-lfs git-perl git-doc mercurial mercurial-common
	subversion gdb gdb-* gdbserver lldb lldb-* strace ltrace valgrind heaptrack libheaptrack linux-perf linux-perf-* perf linux-tools-* bpftrace
	bpfcc-tools cscope universal-ctags exuberant-ctags clang-format-* clang-tidy-* shellcheck cppcheck lcov tmux screen htop
	eslint node-typescript jupyter jupyter-* black mypy flake8 pylint ipython3 sphinx-common *-dbg *-dbgsym *-debuginfo
	nsight-compute-* nsight-systems-* cuda-nsight-* cuda-gdb-* cuda-nvprof-* cuda-memcheck-* cuda-sanitizer-*`)

// leftByTools are folders that tools write beside the code or keep for
// themselves, and symbols for debuggers.
var leftByTools = below(`.pytest_cache .mypy_cache .ruff_cache .pytype .pyre .tox .nox .hypothesis .ipynb_checkpoints htmlcov .nyc_output
	.cache/pre-commit .cache/black .cache/pylint .jupyter .ipython
	/usr/lib/debug /usr/lib/git-core /usr/libexec/git-core /usr/share/git-core /usr/share/vim /usr/share/nano
	/opt/nvidia/nsight-compute /opt/nvidia/nsight-systems`)

// isPythonTool is what of the standard library is one: the editor, and the wheels
// of pip from which new environments are made.
func isPythonTool(s *subject) bool {
	if s.python == "" || s.installed() {
		return false
	}
	first, _, _ := strings.Cut(s.python, "/")
	return first == "idlelib" || first == "turtledemo" || first == "ensurepip"
}

var tools = named(`git git-upload-pack git-receive-pack git-shell scalar vim vim.basic vim.tiny vi nano emacs nvim
	gdb gdbserver strace ltrace valgrind perf ruff black mypy flake8 pylint pytest isort pre-commit tox nox
	ipython ipython3 jupyter jupyter-lab jupyter-notebook coverage pip pip3`)

// isTool goes by the name of the program where nothing says who installed it.
func isTool(s *subject) bool {
	return s.owner.kind == nobody && in("bin", s.Path) && tools.have(s.base)
}
