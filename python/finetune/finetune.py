#!/usr/bin/env python3
"""Trains a LoRA adapter of a GGUF model on chats: finetune.py --data DIR|FILE --out DIR

OUT gets
  adapter.gguf    the adapter for llama.cpp, written last: if it is there, the training is complete
  peft/           the same adapter for PEFT
  log.jsonl       a line a step, then a summary
  run.json        what the training was started with; --resume refuses anything else
  checkpoints/    where --resume goes on

SIGINT and SIGTERM save a checkpoint and end the program with exit status 130. Bad input is one line
on stderr and exit status 1 (2: bad usage). Nothing is fetched from a network.
"""

import quiet  # First, see there.  # isort: skip

import argparse
import importlib.metadata
import json
import math
import os
import signal
import sys
import time
from pathlib import Path

import lora_gguf
from recipe import RecipeError, load_recipe
from rows import RowError, find_files, hash_files, read_rows
from schedule import make_schedule

DEFAULT_RECIPE = Path(__file__).resolve().parent / "recipe.toml"
# Their versions decide what a training gives, so the log has them.
PACKAGES = "torch transformers peft trl datasets accelerate gguf numpy".split()
INTERRUPTED = 130


class RunError(Exception):
    """A message for the person at the terminal."""


def parse_arguments(argv):
    parser = argparse.ArgumentParser(prog="finetune", description=__doc__.splitlines()[0])
    parser.add_argument(
        "--data", type=Path, required=True, help="JSON lines, or a folder with train.chat.jsonl"
    )
    parser.add_argument("--out", type=Path, required=True, help="folder for the results")
    parser.add_argument("--recipe", type=Path, default=DEFAULT_RECIPE)
    parser.add_argument("--steps", type=positive, help="instead of the recipe's epochs")
    parser.add_argument("--resume", action="store_true", help="go on from the last checkpoint")
    return parser.parse_args(argv)


def positive(text):
    value = int(text)
    if value < 1:
        raise argparse.ArgumentTypeError(f"{value} is not above 0")
    return value


class Output:
    """The folder of results."""

    def __init__(self, folder):
        self.folder = folder
        self.adapter = folder / "adapter.gguf"
        self.peft = folder / "peft"
        self.log = folder / "log.jsonl"
        self.run = folder / "run.json"
        self.checkpoints = folder / "checkpoints"

    def begin(self, run, resume):
        """Returns the checkpoint to go on from, or None. Raises RunError if the folder holds
        another training, or one to be gone on with and nobody said so."""
        if self.run.is_file():
            if not resume:
                raise RunError(
                    f"{self.folder} holds a training already; go on with it with --resume, or give"
                    " another --out"
                )
            self.require_same(run)
        elif resume:
            raise RunError(f"{self.folder} holds no training to resume")
        self.folder.mkdir(parents=True, exist_ok=True)
        write_json(self.run, run)
        return self.last_checkpoint()

    def require_same(self, run):
        try:
            before = json.loads(self.run.read_text(encoding="utf-8"))
        except ValueError as error:
            raise RunError(f"{self.run} is damaged: {error}") from error
        changed = [name for name, value in run.items() if before.get(name) != value]
        if changed:
            raise RunError(f"cannot resume {self.folder}: changed since then: {', '.join(changed)}")

    def last_checkpoint(self):
        """The trainer's state is written last, so a checkpoint with it is whole."""
        whole = [state.parent for state in self.checkpoints.glob("*/trainer_state.json")]
        return max(whole, key=lambda path: int(path.name.rpartition("-")[2]), default=None)


def write_json(path, value):
    partial = path.with_suffix(".partial")
    partial.write_text(json.dumps(value, indent=1) + "\n", encoding="utf-8")
    os.replace(partial, path)


def describe_run(args, recipe, files):
    """What must not change between a training and its resumption, ready for JSON."""
    return {
        "base": str(lora_gguf.base_of_model(lora_gguf.open_gguf(recipe.model))),
        "base_sha256": hash_files([recipe.model]),
        "data_sha256": hash_files(files),
        "recipe": json.loads(json.dumps(recipe.to_json())),
        "steps": args.steps,
    }


def make_trainer(recipe, rows, output):
    from base_model import load_base_model
    from datasets import Dataset
    from peft import LoraConfig
    from trainer import AnswerTrainer
    from transformers import PrinterCallback, set_seed

    set_seed(recipe.seed)  # The trainer does so too, but after the adapter got its first weights.
    tokenizer, model = load_base_model(recipe.model)
    chats = [
        {"prompt": row.prompt, "completion": [{"role": "assistant", "content": row.answer}]}
        for row in rows
    ]
    trainer = AnswerTrainer(
        model=model,
        args=trainer_settings(recipe, output),
        train_dataset=Dataset.from_list(chats),
        processing_class=tokenizer,
        peft_config=LoraConfig(
            task_type="CAUSAL_LM",
            r=recipe.rank,
            lora_alpha=recipe.alpha,
            lora_dropout=recipe.dropout,
            target_modules=list(recipe.modules),
        ),
    )
    trainer.remove_callback(PrinterCallback)
    return trainer


def trainer_settings(recipe, output):
    import torch
    from trl import SFTConfig

    cuda = torch.cuda.is_available()
    return SFTConfig(
        output_dir=str(output.checkpoints),
        completion_only_loss=True,
        max_length=None,  # plan_steps refuses what is too long; nothing is cut.
        shuffle_dataset=False,
        optim="adamw_torch",
        learning_rate=recipe.learning_rate,
        lr_scheduler_type="cosine",
        weight_decay=recipe.weight_decay,
        max_grad_norm=recipe.max_gradient_norm,
        gradient_checkpointing=recipe.gradient_checkpointing,
        use_cpu=not cuda,
        bf16=cuda,  # On CPUs without AMX float32 is the faster one.
        dataloader_pin_memory=cuda,
        seed=recipe.seed,
        logging_steps=1,
        logging_nan_inf_filter=False,
        save_steps=recipe.checkpoint_steps,
        save_total_limit=2,
        report_to="none",
        disable_tqdm=True,
    )


def plan_steps(trainer, recipe, rows, steps):
    """Decides the rows of every step, which takes the lengths that the trainer found."""
    lengths = [len(tokens) for tokens in trainer.train_dataset["input_ids"]]
    for row, length in zip(rows, lengths, strict=True):
        if length > recipe.max_row_tokens:
            raise RunError(
                f"{row.where}: {length} tokens, more than batch.max_row_tokens of the recipe,"
                f" {recipe.max_row_tokens}"
            )
    trainer.schedule = make_schedule(
        lengths, batch_tokens=recipe.tokens, epochs=recipe.epochs, steps=steps, seed=recipe.seed
    )
    trainer.args.max_steps = len(trainer.schedule)
    trainer.args.warmup_steps = math.ceil(recipe.warmup_ratio * len(trainer.schedule))


def train(trainer, output, checkpoint):
    """Returns whether the training was completed; if not, a checkpoint is there to go on from."""
    from trainer import Watcher

    watcher = Watcher(trainer, output.log, sys.stdout)
    trainer.add_callback(watcher)

    def stop(*_):
        watcher.stop = True

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, stop)
    trainer.train(resume_from_checkpoint=str(checkpoint) if checkpoint else None)
    watcher.line.leave()
    if trainer.state.global_step < trainer.state.max_steps:
        print(f"stopped after step {trainer.state.global_step}; --resume goes on from there")
        return False
    return True


def finish(trainer, output, recipe, run, seconds):
    trainer.save_model(str(output.peft))
    summary = {
        "summary": run,
        "steps": trainer.state.global_step,
        "seed": recipe.seed,
        "seconds": round(seconds, 1),  # Of this start of the program.
        "device": str(trainer.args.device),
        "versions": {name: importlib.metadata.version(name) for name in PACKAGES},
    }
    with open(output.log, "a", encoding="utf-8") as log:
        log.write(json.dumps(summary) + "\n")
    lora_gguf.convert(output.peft, recipe.model, output.adapter)
    print(f"{output.adapter}: {output.adapter.stat().st_size / 1e6:.1f} MB")


def run(args):
    start = time.monotonic()
    recipe = load_recipe(args.recipe)
    files = find_files(args.data)
    rows = read_rows(files)
    output = Output(args.out)
    settings = describe_run(args, recipe, files)
    checkpoint = output.begin(settings, args.resume)
    if output.adapter.is_file():
        print(f"{output.adapter} is complete already")
        return 0
    print(f"{len(rows)} rows; loading {recipe.model.name}", flush=True)
    quiet.silence_libraries()
    trainer = make_trainer(recipe, rows, output)
    plan_steps(trainer, recipe, rows, args.steps)
    if not train(trainer, output, checkpoint):
        return INTERRUPTED
    finish(trainer, output, recipe, settings, time.monotonic() - start)
    return 0


def interrupt(*_):
    raise KeyboardInterrupt


def main(argv):
    args = parse_arguments(argv)
    signal.signal(signal.SIGTERM, interrupt)  # Until there is something to save.
    try:
        return run(args)
    except KeyboardInterrupt:
        return INTERRUPTED
    except ModuleNotFoundError as error:
        return fail(f"the Python package {error.name} is missing; run scripts/setup_finetune")
    except OSError as error:
        return fail(f"{error.strerror}: {error.filename}" if error.strerror else error)
    except Exception as error:
        if not is_message(error):
            raise
        return fail(error)


def is_message(error):
    """TrainingError cannot be named here: its module needs torch."""
    known = (RecipeError, RowError, RunError, lora_gguf.AdapterError)
    return isinstance(error, known) or type(error).__name__ == "TrainingError"


def fail(reason):
    print(f"finetune: {reason}", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
