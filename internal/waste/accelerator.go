package waste

// Accelerator is what runs on a GPU. It goes by packages, and by names of shared
// libraries for the bundles of torch and its like, which hold them in one
// distribution with what runs on a CPU.
var Accelerator = &Category{
	Name:     "accelerator",
	Title:    "accelerator libraries",
	Why:      "CUDA, ROCm and the compilers of their kernels do nothing on a machine that has no GPU; a service that runs on GPUs needs them.",
	Fix:      "For a service that runs on CPUs, install the CPU builds: torch from PyTorch's index of CPU builds, onnxruntime in place of onnxruntime-gpu, and a base image without CUDA.",
	Optional: true,
	matches: func(s *subject) bool {
		if s.owner.is(python, pythonAccelerator) {
			return !onlyClients.have(s.owner.name)
		}
		if s.owner.is(system, systemAccelerator) {
			return !systemDevelopment.have(s.owner.name) && !systemToolchain.have(s.owner.name)
		}
		if s.shared && acceleratorLibraries.have(s.base) {
			return true
		}
		return acceleratorFolders.hold(s.Path) && (s.shared || !isHeader(s) && !isStatic(s) && !isBuildFile(s))
	},
}

var pythonAccelerator = named(`nvidia nvidia-* triton triton-* pytorch-triton pytorch-triton-* cupy cupy-* tensorrt tensorrt-*
	torch-tensorrt cuda-bindings cuda-python cuda-pathfinder cuda-toolkit jax-cuda12-plugin jax-cuda12-pjrt jax-cuda13-plugin jax-cuda13-pjrt
	jax-cuda-plugin jax-rocm60-plugin jax-rocm60-pjrt rocm-sdk-* flash-attn amdsmi`)

// onlyClients are small and import without a GPU; services ask them whether there
// is one, or call a server that has it.
var onlyClients = named("nvidia-ml-py nvidia-ml-py3 nvidia-riva-client nvidia-pyindex triton-model-navigator")

var systemAccelerator = named(`cuda-* cudatoolkit cudnn nccl libcublas* libcudnn* libcufft* libcufile* libcurand* libcusolver* libcusparse* libcutensor*
	libnccl* libnpp-* libnpp3-* libnvjpeg* libnvjitlink* libnvinfer* libnvfatbin* libnvvm* libnvonnxparsers* libnvidia-* libcuda1 libcudart*
	tensorrt tensorrt-* nvidia-* rocm rocm-* hip-runtime-* hipblas* hipfft* hipsparse* hipsolver* hsa-rocr* miopen-* rocblas* rocfft* rocrand*
	rocsolver* rocsparse* rccl comgr libamdhip64-* librocblas0 libmiopen1 intel-opencl-icd intel-level-zero-gpu`)

// acceleratorLibraries are spelled out: libcu* is libcurl and libcups, libroc*
// is librocksdb.
var acceleratorLibraries = named(`libcuda.* libcuda-* libcudart* libcudnn* libcublas* libcufft* libcufile* libcurand* libcusolver* libcusparse*
	libcupti* libcutensor* libcudss* libcudadebugger* libnccl* libnvrtc* libnvJitLink* libnvToolsExt* libnvinfer* libnvonnxparser* libnvblas* libnvjpeg*
	libnvshmem* libnvfatbin* libnvperf* libnvidia-* libnppc* libnppi* libnpps* libtorch_cuda* libtorch_hip* libtorch_nvshmem* libc10_cuda* libc10_hip*
	libcaffe2_nvrtc* libonnxruntime_providers_cuda* libonnxruntime_providers_tensorrt* libonnxruntime_providers_rocm* libggml-cuda* libggml-hip*
	libbitsandbytes_cuda* libbitsandbytes_rocm* libaotriton* libamdhip64* libamd_comgr* libhsa-runtime64* libhiprtc* libhipblas* libhipfft* libhiprand*
	libhipsolver* libhipsparse* libMIOpen* librocblas* librocfft* librocrand* librocsolver* librocsparse* librocm_smi* librocm-core* libroctx64*
	libroctracer64* librocprofiler* librccl*`)

var acceleratorFolders = below(`/usr/local/cuda /usr/local/cuda-* /opt/rocm /opt/rocm-* /usr/lib/nvidia
	torch/lib/rocblas torch/lib/hipblaslt torch/lib/aotriton.images torch/share/miopen`)
