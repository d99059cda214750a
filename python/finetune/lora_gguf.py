#!/usr/bin/env python3
"""Writes a LoRA adapter of PEFT as GGUF for llama.cpp: lora_gguf.py PEFT_DIR BASE.gguf OUT.gguf

PEFT_DIR holds adapter_config.json and adapter_model.safetensors; BASE.gguf is the model that the
adapter was trained on, of which only names and shapes are read. The adapter is written as float16
and says which base it belongs to, so that check_base can refuse it on another. Deterministic: same
input, same bytes. Needs only numpy and gguf: no torch, no transformers.
"""

import argparse
import json
import math
import os
import re
import struct
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

import gguf
import numpy as np

CONFIG = "adapter_config.json"
WEIGHTS = "adapter_model.safetensors"
# What PEFT puts before the name that the module has in the model.
PEFT_PREFIX = "base_model.model."
PEFT_TENSOR = re.compile(re.escape(PEFT_PREFIX) + r"(.+)\.lora_([AB])\.weight")
# Settings of PEFT that change what the two matrices mean, and for which GGUF has no word.
UNSUPPORTED = (
    "alpha_pattern rank_pattern modules_to_save use_dora lora_bias fan_in_fan_out layer_replication"
).split()
# The architectures whose query and key rows llama.cpp keeps in another order than transformers.
PERMUTED_ARCHITECTURES = ("llama",)


class AdapterError(Exception):
    """A message for the person at the terminal."""


@dataclass(frozen=True)
class Base:
    """What tells one base model from another. Quantisations of one model are the same base."""

    name: str
    architecture: str
    embedding_length: int  # 0: not stated.
    block_count: int  # 0: not stated.

    def __str__(self):
        return (
            f'"{self.name or "unnamed"}" ({self.architecture}, {self.block_count or "?"} layers, '
            f"width {self.embedding_length or '?'})"
        )


def open_gguf(path):
    try:
        return gguf.GGUFReader(path)
    except OSError as error:
        raise AdapterError(f"cannot read {path}: {error.strerror}") from error
    except (ValueError, IndexError, KeyError) as error:  # Another format, or cut short.
        raise AdapterError(f"{path} is not a GGUF file: {error}") from error


def field(reader, key, default):
    found = reader.fields.get(key)
    return default if found is None else found.contents()


def base_of_model(reader):
    """The identity of the model in an opened GGUF file."""
    return read_base(reader, "general.name")


def base_of_adapter(reader):
    """The identity of the model that an adapter was trained on. An adapter of others may not name
    it; name is then empty, lengths 0."""
    return read_base(reader, "general.base_model.0.name")


def read_base(reader, name_key):
    architecture = field(reader, "general.architecture", "")
    return Base(
        name=field(reader, name_key, ""),
        architecture=architecture,
        embedding_length=int(field(reader, f"{architecture}.embedding_length", 0)),
        block_count=int(field(reader, f"{architecture}.block_count", 0)),
    )


def check_base(adapter, model):
    """Raises AdapterError, naming both, if the adapter file was made for another model than the
    model file. What one of the two does not state is not compared."""
    opened = open_gguf(adapter)
    if field(opened, "general.type", "") != "adapter":
        raise AdapterError(f"{adapter} is a GGUF file but not an adapter")
    wanted, found = base_of_adapter(opened), base_of_model(open_gguf(model))
    for one, other in zip(vars(wanted).values(), vars(found).values()):
        if one and other and one != other:
            raise AdapterError(
                f"the adapter {adapter} was made for the base model {wanted}, but {model} is"
                f" {found}"
            )


def read_safetensors(path):
    """Returns the tensors by name, as float32.

    The format: a little-endian uint64 N, N bytes of JSON with type, shape and offsets, raw data.
    """
    try:
        data = path.read_bytes()
        (header_bytes,) = struct.unpack_from("<Q", data)
        header = json.loads(data[8 : 8 + header_bytes])
        values = memoryview(data)[8 + header_bytes :]
        return {
            name: decode(values, entry)
            for name, entry in header.items()
            if name != "__metadata__"
        }
    except OSError as error:
        raise AdapterError(f"cannot read {path}: {error.strerror}") from error
    except (struct.error, ValueError, KeyError, TypeError, AttributeError) as error:
        raise AdapterError(f"{path} is not a whole safetensors file: {error}") from error


def decode(values, entry):
    begin, end = entry["data_offsets"]
    raw = values[begin:end]
    if entry["dtype"] == "BF16":  # The upper half of a float32.
        flat = (np.frombuffer(raw, "<u2").astype("<u4") << 16).view("<f4")
    else:
        flat = np.frombuffer(raw, {"F32": "<f4", "F16": "<f2"}[entry["dtype"]])
    return flat.reshape(entry["shape"]).astype(np.float32)


def read_config(path):
    try:
        config = json.loads(path.read_text())
        rank, alpha = int(config["r"]), float(config["lora_alpha"])
    except OSError as error:
        raise AdapterError(f"cannot read {path}: {error.strerror}") from error
    except (ValueError, KeyError, TypeError) as error:
        raise AdapterError(f"{path} is not the configuration of a LoRA adapter: {error}") from error
    unsupported = [key for key in UNSUPPORTED if config.get(key)]
    if config.get("bias", "none") != "none":
        unsupported.append("bias")
    if unsupported:
        raise AdapterError(f"{path} has settings that GGUF cannot express: {unsupported}")
    # llama.cpp scales by alpha / r; rank-stabilised LoRA by alpha / sqrt(r).
    return alpha * math.sqrt(rank) if config.get("use_rslora") else alpha


def permute(rows, heads):
    """Reorders the rows of query or key weights [heads * width, R] from transformers' rotary order,
    the two halves of a head one after the other, to llama.cpp's, interleaved."""
    halves = rows.reshape(heads, 2, rows.shape[0] // heads // 2, rows.shape[1])
    return halves.swapaxes(1, 2).reshape(rows.shape)


class TensorTranslator:
    """Names and orders the tensors of an adapter as llama.cpp wants them on one base model."""

    def __init__(self, base_reader):
        base = base_of_model(base_reader)
        self.shapes = {tensor.name: tuple(tensor.shape) for tensor in base_reader.tensors}
        self.names = gguf.get_tensor_name_map(architecture(base), base.block_count)
        self.permuted_heads = {}
        if base.architecture in PERMUTED_ARCHITECTURES:
            heads = int(field(base_reader, f"{base.architecture}.attention.head_count", 0))
            shared = field(base_reader, f"{base.architecture}.attention.head_count_kv", heads)
            self.permuted_heads = {"attn_q": heads, "attn_k": int(shared)}

    def translate(self, name, values):
        """Returns llama.cpp's name and values: A is [R, in], B is [out, R]."""
        match = PEFT_TENSOR.fullmatch(name)
        if match is None:
            raise AdapterError(f"unknown tensor of an adapter: {name}")
        module, matrix = match.groups()
        target = self.names.get_name(module)
        shape = self.shapes.get(f"{target}.weight")
        if shape is None:
            raise AdapterError(f"the base model has no module {module}")
        # GGUF states the fastest dimension, the input, first.
        side, expected = (1, shape[0]) if matrix == "A" else (0, shape[1])
        if values.ndim != 2 or values.shape[side] != expected:
            raise AdapterError(f"{name} is {list(values.shape)}; the base model needs {expected}")
        heads = self.permuted_heads.get(target.rsplit(".", 1)[1])
        if matrix == "B" and heads:
            values = permute(values, heads)
        return f"{target}.weight.lora_{matrix.lower()}", to_half(name, values)


def architecture(base):
    for number, name in gguf.MODEL_ARCH_NAMES.items():
        if name == base.architecture:
            return number
    raise AdapterError(f"unknown architecture of the base model: {base}")


def to_half(name, values):
    with np.errstate(over="ignore"):
        half = np.ascontiguousarray(values, dtype=np.float16)
    if not np.isfinite(half).all():
        raise AdapterError(f"{name} has values that are not finite in float16")
    return half


def require_pairs(tensors):
    for name in tensors:
        other = name[:-1] + ("b" if name.endswith("a") else "a")
        if other not in tensors:
            raise AdapterError(f"{name} is there but {other} is not")
    if not tensors:
        raise AdapterError("the adapter has no tensors")


def convert(peft_dir, base_path, out_path):
    """Writes OUT whole or not at all; returns the number of its tensors. Raises AdapterError."""
    peft_dir, out_path = Path(peft_dir), Path(out_path)
    base_reader = open_gguf(base_path)
    alpha = read_config(peft_dir / CONFIG)
    translator = TensorTranslator(base_reader)
    tensors = dict(
        translator.translate(name, values)
        for name, values in sorted(read_safetensors(peft_dir / WEIGHTS).items())
    )
    require_pairs(tensors)
    write_whole(out_path, lambda path: write(path, base_reader, alpha, tensors, out_path.stem))
    return len(tensors)


def write(path, base_reader, alpha, tensors, name):
    base = base_of_model(base_reader)
    writer = gguf.GGUFWriter(path, base.architecture)
    writer.add_type(gguf.GGUFType.ADAPTER)
    writer.add_name(name)
    writer.add_string(gguf.Keys.Adapter.TYPE, "lora")
    writer.add_float32(gguf.Keys.Adapter.LORA_ALPHA, alpha)
    writer.add_base_model_count(1)
    writer.add_base_model_name(0, base.name)
    organization = field(base_reader, "general.organization", "")
    if organization:
        writer.add_base_model_organization(0, organization)
    writer.add_embedding_length(base.embedding_length)
    writer.add_block_count(base.block_count)
    for tensor_name, values in tensors.items():
        writer.add_tensor(tensor_name, values)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


def write_whole(target, write_to):
    """Calls write_to with the path of a new file beside the target, then gives it that name."""
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.")
        os.close(handle)
        try:
            write_to(name)
            os.chmod(name, 0o644)
            os.replace(name, target)
        finally:
            Path(name).unlink(missing_ok=True)
    except OSError as error:
        raise AdapterError(f"cannot write {target}: {error.strerror}") from error


def main(argv):
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("peft_dir", type=Path, help="folder that PEFT's save_pretrained wrote")
    parser.add_argument("base", type=Path, help="GGUF file of the base model")
    parser.add_argument("out", type=Path, help="GGUF file to write")
    args = parser.parse_args(argv)
    try:
        tensors = convert(args.peft_dir, args.base, args.out)
    except AdapterError as error:
        print(f"lora_gguf: {error}", file=sys.stderr)
        return 1
    print(f"{args.out}: {tensors} tensors, {args.out.stat().st_size / 1e6:.1f} MB")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
