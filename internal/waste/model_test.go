package waste

var modelsCases = cases{Models, `
	models/embedder/model.safetensors 90000000
	app/weights/best.pt 6000000
	app/weights/resnet50.pth 102000000
	app/model.onnx
	app/models/llama-3-8b.Q4_K_M.gguf 4900000000
	app/detector.tflite
	app/bert/pytorch_model-00001-of-00002.bin 9000000
	app/whisper/model.bin 75000000
	app/ggml-base.en.bin 147000000
	root/.cache/huggingface/hub/models--BAAI--bge-small-en/blobs/3f2c1a
	data/hf/models--gpt2/snapshots/607a30d/tokenizer.json
	data/hf/datasets--squad/snapshots/1/train.txt
	root/.cache/torch/hub/checkpoints/resnet18-f37072fd.pth
	usr/share/nltk_data/corpora/stopwords/english
	app/.venv/lib/python3.12/site-packages/en_core_web_sm/en_core_web_sm-3.8.0/vocab/key2row
	app/.venv/lib/python3.12/site-packages/de_core_news_lg-3.8.0.dist-info/RECORD python:de-core-news-lg
	app/saved/1/saved_model.pb 3000000
	app/saved/1/variables/variables.data-00000-of-00001 3000000
	app/data/train.csv 5000000
	app/data/events.jsonl.gz 5000000
	app/data/train.parquet 3000000
	app/data/vectors.npy 80000000
	app/forest.joblib 12000000
	app/data/weather.h5 800000
`, `
	app/.venv/lib/python3.12/site-packages/distutils-precedence.pth 151
	app/.venv/lib/python3.12/site-packages/__editable__.app-1.0.pth 30
	app/templates/page.pt 3000
	app/data/countries.csv 40000
	app/data/seed.jsonl 4999999
	app/firmware.bin 9000000
	app/model.bin 900
	app/models/order.py
	app/models--old.py
	app/.venv/lib/python3.12/site-packages/sklearn/datasets/data/iris.csv 2734
	app/.venv/lib/python3.12/site-packages/core_web/sm.py
	app/data/lookup.npy 4000
	app/variables.data-00
`}

var acceleratorCases = cases{Accelerator, `
	app/.venv/lib/python3.12/site-packages/nvidia/cublas/lib/libcublasLt.so.12 python:nvidia-cublas-cu12
	app/.venv/lib/python3.12/site-packages/nvidia/cudnn/lib/libcudnn_engines_precompiled.so.9
	app/.venv/lib/python3.12/site-packages/nvidia_nccl_cu12-2.21.5.dist-info/RECORD
	app/.venv/lib/python3.12/site-packages/triton/_C/libtriton.so python:triton
	app/.venv/lib/python3.12/site-packages/triton/backends/nvidia/include/cuda.h python:triton
	app/.venv/lib/python3.12/site-packages/torch/lib/libtorch_cuda.so python:torch
	app/.venv/lib/python3.12/site-packages/torch/lib/libc10_cuda.so python:torch
	app/.venv/lib/python3.12/site-packages/torch/lib/libcudnn_ops-2f1a.so.9 python:torch
	app/.venv/lib/python3.12/site-packages/torch/lib/librocblas.so python:torch
	app/.venv/lib/python3.12/site-packages/torch/lib/rocblas/library/TensileLibrary_gfx90a.co python:torch
	app/.venv/lib/python3.12/site-packages/onnxruntime/capi/libonnxruntime_providers_cuda.so python:onnxruntime-gpu
	app/.venv/lib/python3.12/site-packages/cupy/_core/core.so python:cupy-cuda12x
	opt/conda/lib/libcusparse.so.12.1.0.106
	usr/local/cuda-12.4/targets/x86_64-linux/lib/libcufft.so.11
	usr/local/cuda/version.json
	usr/local/cuda-12.4/bin/ptxas
	usr/local/cuda-12.4/nvvm/libdevice/libdevice.10.bc
	usr/lib/x86_64-linux-gnu/libcudnn.so.9 deb:libcudnn9-cuda-12
	usr/lib/x86_64-linux-gnu/libnccl.so.2.21.5
	opt/rocm-6.2.0/lib/libMIOpen.so.1
	opt/rocm/share/miopen/db/gfx90a.db
	usr/share/doc/cuda-libraries-12-4/changelog deb:cuda-libraries-12-4
`, `
	usr/lib/x86_64-linux-gnu/libcurl.so.4.8.0 deb:libcurl4
	usr/lib/x86_64-linux-gnu/libcups.so.2 deb:libcups2
	usr/lib/x86_64-linux-gnu/librocksdb.so.7
	usr/lib/x86_64-linux-gnu/libnpth.so.0 deb:libnpth0
	app/.venv/lib/python3.12/site-packages/torch/lib/libtorch_cpu.so python:torch
	app/.venv/lib/python3.12/site-packages/torch/lib/libgomp-a34b3233.so.1 python:torch
	app/.venv/lib/python3.12/site-packages/torch/cuda/__init__.py python:torch
	app/.venv/lib/python3.12/site-packages/torch/backends/cudnn/__init__.py
	app/.venv/lib/python3.12/site-packages/pynvml.py python:nvidia-ml-py
	app/.venv/lib/python3.12/site-packages/tritonclient/grpc/__init__.py python:tritonclient
	app/.venv/lib/python3.12/site-packages/onnxruntime/capi/onnxruntime_pybind11_state.so
	app/libcuda.py
	usr/local/cuda-12.4/targets/x86_64-linux/include/cuda.h
	usr/local/cuda-12.4/bin/nvcc
	usr/lib/x86_64-linux-gnu/libcudnn_static.a deb:libcudnn9-dev-cuda-12
`}
