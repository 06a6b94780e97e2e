package owners

import "strings"

// A part is a package that is an accelerator's library, or carries some, by how
// its name begins. Before the colon stands what the library is for.
type part struct{ name, words string }

// pythonParts and systemParts are the parts by what they are called on PyPI,
// and in the distributions of NVIDIA and AMD for Debian and conda. Of several
// that fit, the first counts.
var pythonParts = []part{
	{"nvidia-cublas", "CUDA: cuBLAS, linear algebra"},
	{"nvidia-cuda-cupti", "CUDA: CUPTI, profiling"},
	{"nvidia-cuda-nvcc", "CUDA: the compiler"},
	{"nvidia-cuda-nvrtc", "CUDA: NVRTC, compiling at run time"},
	{"nvidia-cuda-runtime", "CUDA: the runtime"},
	{"nvidia-cudnn", "CUDA: cuDNN, neural networks"},
	{"nvidia-cufft", "CUDA: cuFFT, Fourier transforms"},
	{"nvidia-cufile", "CUDA: cuFile, reading files into GPUs"},
	{"nvidia-curand", "CUDA: cuRAND, random numbers"},
	{"nvidia-cusolver", "CUDA: cuSOLVER, linear systems"},
	{"nvidia-cusparse", "CUDA: cuSPARSE, sparse matrices"},
	{"nvidia-cusparselt", "CUDA: cuSPARSELt, sparse matrices"},
	{"nvidia-nccl", "CUDA: NCCL, several GPUs"},
	{"nvidia-nvjitlink", "CUDA: nvJitLink, linking at run time"},
	{"nvidia-nvshmem", "CUDA: NVSHMEM, several GPUs"},
	{"nvidia-nvtx", "CUDA: NVTX, profiling"},
	{"nvidia-", "CUDA: a library for NVIDIA's GPUs"},
	{"tensorrt", "CUDA: TensorRT, inference"},
	{"cupy-cuda", "CUDA: CuPy, arrays on GPUs"},
	{"jax-cuda", "CUDA: JAX on GPUs"},
	{"onnxruntime-gpu", "CUDA: ONNX Runtime on GPUs"},
	{"flash-attn", "CUDA: FlashAttention"},
	{"bitsandbytes", "CUDA: quantised arithmetic"},
	{"xformers", "CUDA: xFormers, attention"},
	{"pytorch-triton-rocm", "ROCm: Triton, compiling GPU kernels"},
	{"triton-rocm", "ROCm: Triton, compiling GPU kernels"},
	{"pytorch-triton", "CUDA: Triton, compiling GPU kernels"},
	{"triton", "CUDA: Triton, compiling GPU kernels"},
	{"rocm", "ROCm: a library for AMD's GPUs"},
	{"jax-rocm", "ROCm: JAX on GPUs"},
	{"onnxruntime-rocm", "ROCm: ONNX Runtime on GPUs"},
}

var systemParts = []part{
	{"cuda-", "CUDA: part of the toolkit"},
	{"nvidia-cuda-", "CUDA: part of the toolkit"},
	{"libcublas", "CUDA: cuBLAS, linear algebra"},
	{"libcudnn", "CUDA: cuDNN, neural networks"},
	{"cudnn", "CUDA: cuDNN, neural networks"},
	{"libcufft", "CUDA: cuFFT, Fourier transforms"},
	{"libcurand", "CUDA: cuRAND, random numbers"},
	{"libcusolver", "CUDA: cuSOLVER, linear systems"},
	{"libcusparse", "CUDA: cuSPARSE, sparse matrices"},
	{"libcusparselt", "CUDA: cuSPARSELt, sparse matrices"},
	{"libnccl", "CUDA: NCCL, several GPUs"},
	{"libnpp", "CUDA: NPP, image processing"},
	{"libnvjitlink", "CUDA: nvJitLink, linking at run time"},
	{"libnvinfer", "CUDA: TensorRT, inference"},
	{"nsight-", "CUDA: Nsight, profiling"},
	{"rocm", "ROCm: part of the toolkit"},
	{"hip-", "ROCm: part of the toolkit"},
	{"rocblas", "ROCm: rocBLAS, linear algebra"},
	{"hipblas", "ROCm: hipBLAS, linear algebra"},
	{"miopen-", "ROCm: MIOpen, neural networks"},
	{"rccl", "ROCm: RCCL, several GPUs"},
	{"cudatoolkit", "CUDA: the toolkit"},
	{"nccl", "CUDA: NCCL, several GPUs"},
}

func bundle(p Package) string {
	var parts []part
	switch p.Kind {
	case "python":
		parts = pythonParts
	case "deb", "conda":
		parts = systemParts
	}
	for _, known := range parts {
		if begins(p.Name, known.name) {
			return known.words
		}
	}
	return ""
}

// begins reports whether a name is another one, followed by nothing or by a
// number or a part after a hyphen: triton is in triton-rocm and libcudnn in
// libcudnn9, but triton is not in tritonclient.
func begins(name, with string) bool {
	rest, ok := strings.CutPrefix(name, with)
	return ok && (rest == "" || rest[0] == '-' || rest[0] >= '0' && rest[0] <= '9' || strings.HasSuffix(with, "-"))
}

// pytorch tells the builds of torch apart: by the libraries that it lists, or
// else by the local part of its version, as in 2.5.1+cu124.
func pytorch(version string, lists func(library string) bool) string {
	_, local, _ := strings.Cut(version, "+")
	switch {
	case lists("libtorch_cuda.so"), strings.HasPrefix(local, "cu"):
		return "CUDA: PyTorch with kernels for NVIDIA's GPUs"
	case lists("libtorch_hip.so"), strings.HasPrefix(local, "rocm"):
		return "ROCm: PyTorch with kernels for AMD's GPUs"
	case lists("libtorch_cpu.so"), local == "cpu":
		return "PyTorch for CPUs"
	}
	return ""
}
