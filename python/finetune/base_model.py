"""Loads a GGUF model into transformers: the very weights that llama.cpp serves."""

import torch
import transformers
from lora_gguf import AdapterError


def load_base_model(path):
    """Returns the tokenizer and the model, with the weights of the file as float32 on the CPU."""
    if not path.is_file():
        raise AdapterError(f"no base model {path}; scripts/setup fetches the small one")
    folder, file = str(path.parent), path.name
    tokenizer = transformers.AutoTokenizer.from_pretrained(folder, gguf_file=file)
    model = transformers.AutoModelForCausalLM.from_pretrained(
        folder, gguf_file=file, dtype=torch.float32
    )
    forget_quantization(model)
    return tokenizer, model


def forget_quantization(model):
    """The weights are plain numbers now, but transformers goes on taking the model for quantised
    and refuses to train or save it."""
    model.hf_quantizer = None
    if hasattr(model.config, "quantization_config"):
        del model.config.quantization_config
    model.is_quantized = False
