package waste

var toolchainCases = cases{Toolchain, `
	usr/bin/x86_64-linux-gnu-gcc-12 deb:gcc-12
	usr/lib/gcc/x86_64-linux-gnu/12/cc1plus deb:g++-12
	usr/lib/gcc/x86_64-linux-gnu/12/cc1
	usr/lib/x86_64-linux-gnu/libasan.so.8.0.0 deb:libasan8
	usr/lib/x86_64-linux-gnu/libbfd-2.40-system.so deb:libbinutils
	usr/lib/x86_64-linux-gnu/libc.a deb:libc6-dev
	usr/lib/x86_64-linux-gnu/libssl.so deb:libssl-dev
	usr/lib/x86_64-linux-gnu/crt1.o
	usr/lib/x86_64-linux-gnu/pkgconfig/openssl.pc
	usr/share/pkgconfig/xorg-macros.pc
	usr/include/openssl/ssl.h
	usr/include/c++/12/vector
	usr/local/include/python3.12/Python.h
	usr/local/lib/python3.12/config-3.12-x86_64-linux-gnu/libpython3.12.a
	usr/share/cmake-3.25/Modules/FindPython.cmake deb:cmake-data
	usr/share/cmake-3.25/Templates/Info.plist.in
	usr/share/dpkg/architecture.mk deb:dpkg-dev
	usr/lib/llvm-14/lib/libLLVMCore.a deb:llvm-14-dev
	usr/lib/llvm-14/bin/opt
	usr/lib/jvm/java-17-openjdk-amd64/jmods/java.base.jmod deb:openjdk-17-jdk-headless
	usr/bin/g++
	usr/local/bin/cmake
	usr/bin/x86_64-linux-gnu-ld.bfd
	usr/bin/x86_64-alpine-linux-musl-gcc
	usr/bin/gcc-12
	usr/libexec/gcc/x86_64-alpine-linux-musl/13.2.1/cc1 apk:gcc
	usr/lib/libisl.so.23.3.0 apk:isl26
	usr/lib/libz.a apk:zlib-static
	usr/include/zlib.h apk:zlib-dev
	usr/local/go/pkg/tool/linux_amd64/compile
	usr/local/go/src/fmt/print.go
	usr/local/rustup/toolchains/1.82.0-x86_64-unknown-linux-gnu/lib/librustc_driver-61.so
	usr/local/cargo/bin/rustc
	app/target/release/deps/libserde-0a1b.rlib
	app/.venv/lib/python3.12/site-packages/torch/include/ATen/ATen.h python:torch
	app/.venv/lib/python3.12/site-packages/torch/share/cmake/Torch/TorchConfig.cmake python:torch
	usr/lib/python3/dist-packages/numpy/core/include/numpy/arrayobject.h deb:python3-numpy
	usr/lib/python3/dist-packages/numpy/core/lib/libnpymath.a deb:python3-numpy
	app/.venv/lib/python3.12/site-packages/Cython/Compiler/Nodes.py
	app/.venv/lib/python3.12/site-packages/cmake/data/bin/cmake python:cmake
	opt/conda/x86_64-conda-linux-gnu/sysroot/lib64/libc.so.6
	opt/conda/include/openssl/ssl.h
	opt/conda/bin/x86_64-conda-linux-gnu-ld conda:ld_impl_linux-64
	usr/local/cuda-12.4/bin/nvcc
	usr/local/cuda-12.4/nsight-compute-2024.1.1/ncu
	usr/lib/x86_64-linux-gnu/libcublas_static.a deb:libcublas-dev-12-4
`, `
	lib/x86_64-linux-gnu/libgcc_s.so.1 deb:libgcc-s1
	usr/lib/x86_64-linux-gnu/libgomp.so.1.0.0 deb:libgomp1
	usr/share/doc/gcc-12-base/README.Debian deb:gcc-12-base
	usr/lib/llvm-14/lib/libLLVM-14.so.1 deb:libllvm14
	usr/lib/llvm-14/lib/libLLVM-14.so.1
	usr/lib/gcc/x86_64-pc-linux-gnu/13/libstdc++.so.6
	bin/busybox deb:busybox-static
	usr/lib/x86_64-linux-gnu/ImageMagick-6.9.11/modules-Q16/coders/png.la
	usr/local/cargo/bin/my-service
	root/go/bin/my-service
	app/include/header.html
	app/.venv/lib/python3.12/site-packages/jinja2/include/x.py
	app/data/curve.h
	app/stats.a
	app/bin/golang-service
	usr/bin/as-tool
	usr/local/cuda-12.4/bin/ptxas
	usr/src/app/main.py
`}
