#!/usr/bin/env python3
"""Compares a trained adapter in transformers and in llama.cpp: check_adapter.py --data F --out DIR

The training program writes the adapter twice, for PEFT and for llama.cpp; this asks both the same
questions from the data, greedily, and fails if fewer than eight of ten answers are the same. It
would show tensors mixed up, a wrong scale or another chat format.

A quantised base costs some agreement that is nobody's mistake: transformers multiplies its weights
in float32, llama.cpp rounds the activations to 8 bits as well, and where the adapter is unsure of a
word the two go different ways. --exact has llama.cpp serve the same weights as float32 instead:
then nothing but a mistake makes a difference. It writes a temporary file of 4 bytes a weight.

Runs in the environment of scripts/setup_finetune and starts the server in that of scripts/setup.
"""

import quiet  # First, see there.  # isort: skip

import argparse
import http.client
import json
import socket
import subprocess
import sys
import tempfile
from contextlib import contextmanager
from pathlib import Path

import gguf
import numpy as np
from lora_gguf import AdapterError, open_gguf
from recipe import RecipeError, load_recipe
from rows import RowError, find_files, read_rows

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
REQUIRED_SHARE = 0.8


class CheckError(Exception):
    """A message for the person at the terminal."""


def parse_arguments(argv):
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument(
        "--data", type=Path, required=True, help="JSON lines, or a folder with train.chat.jsonl"
    )
    parser.add_argument("--out", type=Path, required=True, help="the folder that finetune.py wrote")
    parser.add_argument("--recipe", type=Path, default=HERE / "recipe.toml")
    parser.add_argument("--prompts", type=int, default=10)
    parser.add_argument("--max-tokens", type=int, default=128, help="of an answer")
    parser.add_argument("--exact", action="store_true", help="serve the weights as float32")
    parser.add_argument("--server-python", type=Path, default=ROOT / ".cache/venv/bin/python")
    return parser.parse_args(argv)


def spread(rows, count):
    """`count` rows at even distances."""
    if count < 1 or len(rows) < count:
        raise CheckError(f"{len(rows)} rows are too few for {count} prompts")
    return [rows[index * len(rows) // count] for index in range(count)]


def ask_transformers(base, peft, prompts, max_tokens):
    import torch
    from base_model import load_base_model
    from peft import PeftModel

    tokenizer, model = load_base_model(base)
    model = PeftModel.from_pretrained(model, str(peft)).eval()
    answers = []
    for prompt in prompts:
        tokens = tokenizer.apply_chat_template(
            prompt, add_generation_prompt=True, return_tensors="pt", return_dict=True
        )
        with torch.no_grad():
            output = model.generate(**tokens, do_sample=False, max_new_tokens=max_tokens)
        said = output[0, tokens["input_ids"].shape[1] :]
        answers.append(tokenizer.decode(said, skip_special_tokens=True).strip())
    return answers


class UnixConnection(http.client.HTTPConnection):
    def __init__(self, path):
        super().__init__("localhost")
        self.path = path

    def connect(self):
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.connect(self.path)


def write_dequantized(source, target):
    """Copies a GGUF model with every weight as float32."""
    reader = open_gguf(source)
    writer = gguf.GGUFWriter(target, reader.fields["general.architecture"].contents())
    for key, field in reader.fields.items():
        if key.startswith("GGUF.") or key == "general.architecture":  # The writer's own.
            continue
        value = gguf.LlamaFileType.ALL_F32 if key == "general.file_type" else field.contents()
        is_array = field.types[0] == gguf.GGUFValueType.ARRAY
        writer.add_key_value(key, value, field.types[0], field.types[-1] if is_array else None)
    for tensor in reader.tensors:
        values = gguf.quants.dequantize(tensor.data, tensor.tensor_type)
        writer.add_tensor(tensor.name, np.ascontiguousarray(values, dtype=np.float32))
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


@contextmanager
def served_base(base, exact):
    """Yields the model file to serve: the base, or a temporary copy of it in float32."""
    if not exact:
        yield base
        return
    with tempfile.TemporaryDirectory(prefix="twohop-check-") as folder:
        copy = Path(folder) / f"{base.stem}.f32.gguf"
        write_dequantized(base, copy)
        yield copy


@contextmanager
def served(python, base, adapter):
    """Yields the socket of a server that has loaded the adapter."""
    with tempfile.TemporaryDirectory(prefix="twohop-check-") as folder:
        path = f"{folder}/server.sock"
        command = [str(python), str(ROOT / "python/llm_server.py"), "--slots=1"]
        command += [f"--model={base}", f"--adapter={adapter}", f"--socket={path}"]
        server = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        try:
            if not server.stdout.readline():
                raise CheckError("the server did not start")
            yield path
        finally:
            server.stdin.close()  # Ends it.
            server.wait()


def ask_server(path, prompt, max_tokens):
    request = {
        "messages": prompt,
        "temperature": 0,
        "max_tokens": max_tokens,
        "lora": [{"id": 0, "scale": 1.0}],
    }
    connection = UnixConnection(path)
    headers = {"Content-Type": "application/json"}
    connection.request("POST", "/v1/chat/completions", json.dumps(request), headers)
    reply = connection.getresponse()
    body = reply.read()
    if reply.status != 200:
        raise CheckError(f"the server answered {reply.status}: {body[:200]!r}")
    return json.loads(body)["choices"][0]["message"]["content"].strip()


def report(prompts, ours, theirs):
    """Prints the answers that differ and the share of those that do not, which it returns."""
    for prompt, one, other in zip(prompts, ours, theirs, strict=True):
        if one != other:
            print(f"{prompt[-1]['content']!r}\n  transformers {one!r}\n  llama.cpp    {other!r}")
    agreeing = sum(one == other for one, other in zip(ours, theirs, strict=True))
    print(f"{agreeing} of {len(ours)} answers agree")
    return agreeing / len(ours)


def check(args):
    base = load_recipe(args.recipe).model
    prompts = [row.prompt for row in spread(read_rows(find_files(args.data)), args.prompts)]
    adapter = args.out / "adapter.gguf"
    with served_base(base, args.exact) as model, served(args.server_python, model, adapter) as path:
        theirs = [ask_server(path, prompt, args.max_tokens) for prompt in prompts]
    quiet.silence_libraries()
    ours = ask_transformers(base, args.out / "peft", prompts, args.max_tokens)
    if report(prompts, ours, theirs) >= REQUIRED_SHARE:
        return 0
    if args.exact:
        raise CheckError("too few answers agree: the adapter was converted wrongly")
    raise CheckError("too few answers agree; --exact tells whether rounding is the reason")


def main(argv):
    args = parse_arguments(argv)
    try:
        return check(args)
    except (CheckError, RecipeError, RowError, AdapterError, OSError) as error:
        print(f"check_adapter: {error}", file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
