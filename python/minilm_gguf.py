"""Converts all-MiniLM-L6-v2, a BERT sentence encoder, from safetensors to llama.cpp's GGUF.

Needs only numpy and gguf: no torch, no transformers.
"""

import json
import struct

import gguf
import numpy as np

NAME = "all-MiniLM-L6-v2"

# BERT's names in the safetensors file, and llama.cpp's names for the same tensors.
EMBEDDING_TENSORS = {
    "embeddings.word_embeddings": "token_embd",
    "embeddings.position_embeddings": "position_embd",
    "embeddings.token_type_embeddings": "token_types",
    "embeddings.LayerNorm": "token_embd_norm",
}
LAYER_TENSORS = {
    "attention.self.query": "attn_q",
    "attention.self.key": "attn_k",
    "attention.self.value": "attn_v",
    "attention.output.dense": "attn_output",
    "attention.output.LayerNorm": "attn_output_norm",
    "intermediate.dense": "ffn_up",
    "output.dense": "ffn_down",
    "output.LayerNorm": "layer_output_norm",
}
# llama.cpp adds these two to activations and wants them in full precision.
FULL_PRECISION = {"position_embd", "token_types"}
# The pooler sits on top of the sentence embedding and is not part of it.
IGNORED_PREFIXES = ("pooler.", "embeddings.position_ids")

NORMAL_TOKEN, CONTROL_TOKEN = gguf.TokenType.NORMAL, gguf.TokenType.CONTROL


class ConversionError(Exception):
    """The input is not the model that this module knows."""


def convert(weights, config, vocabulary, target):
    """Writes the model to `target`. The first three are the bytes of the model's files.

    Raises ConversionError if they are not those of a BERT encoder with the expected tensors.
    """
    config = json.loads(config)
    tokens = vocabulary.decode("utf-8").removesuffix("\n").split("\n")
    if len(tokens) != config["vocab_size"]:
        raise ConversionError(f"vocab.txt has {len(tokens)} tokens, not {config['vocab_size']}")
    writer = gguf.GGUFWriter(str(target), "bert")
    add_architecture(writer, config)
    add_tokenizer(writer, tokens)
    add_tensors(writer, read_safetensors(weights), config["num_hidden_layers"])
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


def read_safetensors(data):
    """Returns the floating-point tensors by name, as float32.

    The format: a little-endian uint64 N, N bytes of JSON with type, shape and offsets, raw data.
    """
    (header_bytes,) = struct.unpack_from("<Q", data)
    start = 8 + header_bytes
    header = json.loads(data[8:start])
    tensors = {}
    for name, entry in header.items():
        dtype = {"F32": "<f4", "F16": "<f2"}.get(entry.get("dtype"))
        if dtype is None:  # Metadata, and the integers of position_ids.
            continue
        begin, end = entry["data_offsets"]
        flat = np.frombuffer(data[start + begin : start + end], dtype=dtype)
        tensors[name] = flat.reshape(entry["shape"]).astype(np.float32)
    return tensors


def add_architecture(writer, config):
    writer.add_name(NAME)
    writer.add_license("apache-2.0")
    writer.add_context_length(config["max_position_embeddings"])
    writer.add_embedding_length(config["hidden_size"])
    writer.add_feed_forward_length(config["intermediate_size"])
    writer.add_block_count(config["num_hidden_layers"])
    writer.add_head_count(config["num_attention_heads"])
    writer.add_layer_norm_eps(config["layer_norm_eps"])
    writer.add_causal_attention(False)
    writer.add_pooling_type(gguf.PoolingType.MEAN)
    writer.add_file_type(gguf.LlamaFileType.MOSTLY_F16)
    writer.add_vocab_size(config["vocab_size"])
    writer.add_token_type_count(config["type_vocab_size"])


def add_tokenizer(writer, tokens):
    """WordPiece as llama.cpp has it: word starts carry U+2581, continuations lose their ##."""
    spelled, types = zip(*(spell(token) for token in tokens))
    writer.add_tokenizer_model("bert")
    writer.add_tokenizer_pre("default")
    writer.add_token_list([token.encode("utf-8") for token in spelled])
    writer.add_token_types(types)
    ids = {token: i for i, token in enumerate(tokens)}
    writer.add_bos_token_id(ids["[CLS]"])
    writer.add_eos_token_id(ids["[SEP]"])
    writer.add_sep_token_id(ids["[SEP]"])
    writer.add_unk_token_id(ids["[UNK]"])
    writer.add_pad_token_id(ids["[PAD]"])
    writer.add_mask_token_id(ids["[MASK]"])
    writer.add_uint32("tokenizer.ggml.cls_token_id", ids["[CLS]"])


def spell(token):
    if len(token) > 2 and token.startswith("[") and token.endswith("]"):
        return token, CONTROL_TOKEN
    if token.startswith("##"):
        return token[2:], NORMAL_TOKEN
    return "\u2581" + token, NORMAL_TOKEN


def add_tensors(writer, tensors, layers):
    added = 0
    for name, values in tensors.items():
        if name.startswith(IGNORED_PREFIXES):
            continue
        base, kind = name.rsplit(".", 1)
        target = tensor_name(base)
        half = values.ndim == 2 and target not in FULL_PRECISION
        writer.add_tensor(f"{target}.{kind}", values.astype(np.float16) if half else values)
        added += 1
    # Word, position and type embeddings, a norm; per layer eight weights with their biases.
    expected = 3 + 2 + layers * 2 * len(LAYER_TENSORS)
    if added != expected:
        raise ConversionError(f"model.safetensors has {added} tensors of {expected}")


def tensor_name(base):
    if base in EMBEDDING_TENSORS:
        return EMBEDDING_TENSORS[base]
    if base.startswith("encoder.layer."):
        layer, rest = base.removeprefix("encoder.layer.").split(".", 1)
        if rest in LAYER_TENSORS:
            return f"blk.{layer}.{LAYER_TENSORS[rest]}"
    raise ConversionError(f"model.safetensors has an unknown tensor: {base}")
