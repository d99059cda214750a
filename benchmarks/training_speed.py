#!/usr/bin/env python3
"""Training speed of twohop-train beside the same model in PyTorch eager, on one core.

    /usr/bin/python3 benchmarks/training_speed.py DIR [--trainer build/release/apps/twohop-train/twohop-train]

DIR holds the Beauty data (sequences.txt[.gz], items.csv[.gz]). Needs Debian's python3-torch: the
trainer links the same libtorch. Both train the model of configs/experiments/beauty.toml: the trainer
for one epoch and for three, whose difference is two epochs (with their validation, which PyTorch is
spared); PyTorch for a number of batches after some to warm up. What counts is CPU time, because a
machine is seldom idle. Writes one JSON object.
"""

import argparse
import csv
import gzip
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
import tomllib

import numpy as np
import torch
from torch import nn
from torch.nn import functional as F

TEXT, HIDDEN, WIDTHS = 128, 128, (16, 16, 32)
ITEM_TEXT, BRAND, TAG, CONDITION, PROFILE, BUCKETS = 32, 16, 16, 32, 8, 4096


def open_text(path):
    return gzip.open(path + ".gz", "rt") if os.path.exists(path + ".gz") else open(path)


class Data:
    def __init__(self, folder):
        ids, levels, brands, tags = {}, [], [], []
        self.vocabulary = [{}, {}, {}]
        with open_text(os.path.join(folder, "items.csv")) as file:
            for row in csv.DictReader(file):
                ids[row["item_id"]] = len(ids)
                path = row["category"].split(" > ")
                names = [" > ".join(path[: i + 1]) for i in range(3)]
                known = zip(self.vocabulary, names)
                levels.append([v.setdefault(name, len(v) + 1) for v, name in known])
                brands.append(1 + hash(row["brand"]) % BUCKETS if row["brand"] else 0)
                tags.append(1 + hash(path[3]) % BUCKETS if len(path) > 3 else 0)
        self.levels, self.brands, self.tags = map(torch.tensor, (levels, brands, tags))
        with open_text(os.path.join(folder, "sequences.txt")) as file:
            self.sequences = [[ids[word] for word in line.split()[1:]] for line in file]
        # All but the targets of validation and test.
        self.rows = np.array([(u, i) for u, s in enumerate(self.sequences) for i in range(len(s) - 2)])
        counts = np.bincount([self.sequences[u][i] for u, i in self.rows], minlength=len(levels))
        share = (counts + 1.0) ** 0.75
        self.share = share / share.sum()


class TwoTower(nn.Module):
    """The model of twohop/towers, as one would write it in PyTorch."""

    def __init__(self, data, dim, item_id, heads, window):
        super().__init__()
        self.data = data
        categories, category_of = np.unique(data.levels[:, 2].numpy(), return_inverse=True)
        self.category_of = torch.tensor(category_of)
        self.texts = F.normalize(torch.randn(len(categories), TEXT), dim=1)
        self.tables = nn.ModuleList(
            nn.Embedding(len(names) + 1, width) for names, width in zip(data.vocabulary, WIDTHS)
        )
        self.brand, self.tag = nn.Embedding(BUCKETS + 1, BRAND), nn.Embedding(BUCKETS + 1, TAG)
        self.item = nn.Embedding(len(data.levels) + 1, item_id)
        self.item_text = nn.Linear(TEXT, ITEM_TEXT, bias=False)
        self.condition = nn.Linear(TEXT, CONDITION, bias=False)
        self.no_condition = nn.Parameter(torch.randn(CONDITION))
        self.age, self.gender = nn.Embedding(1, PROFILE), nn.Embedding(1, PROFILE)
        width = sum(WIDTHS) + ITEM_TEXT + BRAND + TAG + item_id
        self.query = nn.Linear(width, heads, bias=False)
        self.recency = nn.Parameter(torch.zeros(heads, window))
        user = 2 * PROFILE + heads * width + CONDITION
        self.user_hidden, self.user_output = nn.Linear(user, HIDDEN + dim), nn.Linear(HIDDEN, dim)
        self.item_hidden, self.item_output = nn.Linear(width, HIDDEN + dim), nn.Linear(HIDDEN, dim)

    def inputs(self, items):
        parts = [table(self.data.levels[items, i]) for i, table in enumerate(self.tables)]
        parts.append(self.item_text(self.texts)[self.category_of[items]])
        parts += [self.brand(self.data.brands[items]), self.tag(self.data.tags[items])]
        return torch.cat(parts + [self.item(items + 1)], 1)

    @staticmethod
    def tower(inputs, hidden, output):
        sums = hidden(inputs)
        return F.normalize(output(torch.relu(sums[:, :HIDDEN])) + sums[:, HIDDEN:], dim=1)

    def items(self, items):
        return self.tower(self.inputs(items), self.item_hidden, self.item_output)

    def users(self, history, mask, categories, plain, dropout):
        unique, where = torch.unique(history, return_inverse=True)
        inputs = self.inputs(unique)
        scores = self.query(inputs)[where] + self.recency.t()[: history.shape[1]]
        shares = torch.softmax(scores.masked_fill(~mask.unsqueeze(2), -1e9), 1)
        pooled = torch.einsum("blh,blw->bhw", shares, inputs[where]).flatten(1)
        conditions = self.condition(self.texts)[categories]
        condition = torch.where(plain.unsqueeze(1), self.no_condition, conditions)
        zero = torch.zeros(len(history), dtype=torch.long)
        parts = [self.age(zero), self.gender(zero), F.dropout(pooled, dropout), condition]
        return self.tower(torch.cat(parts, 1), self.user_hidden, self.user_output)


def batch_of(data, config, rng):
    picked = data.rows[rng.integers(len(data.rows), size=config["batch_size"])]
    histories = [data.sequences[u][max(0, i - 50) : i][::-1] for u, i in picked]
    longest = max(1, max(map(len, histories)))
    history = np.zeros((len(picked), longest), np.int64)
    mask = np.zeros(history.shape, bool)
    for row, items in enumerate(histories):
        history[row, : len(items)], mask[row, : len(items)] = items, True
    positives = np.array([data.sequences[u][i] for u, i in picked])
    drawn = rng.choice(len(data.share), config["softmax_negatives"], p=data.share)
    candidates, where = np.unique(np.concatenate([positives, drawn]), return_inverse=True)
    return map(torch.tensor, (history, mask, positives, candidates, where[: len(picked)]))


def cpu_seconds(who):
    usage = resource.getrusage(who)
    return usage.ru_utime + usage.ru_stime


def speed(examples, cpu_s, wall_s):
    return {"examples": examples, "cpu_s": round(cpu_s, 2), "wall_s": round(wall_s, 2),
            "examples_per_cpu_s": round(examples / cpu_s, 1)}


def measure_pytorch(data, config, batches, warm_up):
    torch.set_num_threads(1)
    torch.manual_seed(1)
    rng = np.random.default_rng(1)
    model = TwoTower(data, config.get("dim", 64), config["item_id"], config["history_heads"],
                     config.get("history_window", 50))
    optimizer = torch.optim.Adam(model.parameters(), lr=config["learning_rate"])
    log_q = torch.tensor(np.log(data.share), dtype=torch.float32)
    for number in range(batches + warm_up):
        if number == warm_up:
            cpu, wall = cpu_seconds(resource.RUSAGE_SELF), time.monotonic()
        history, mask, positives, candidates, where = batch_of(data, config, rng)
        plain = torch.rand(len(positives)) < config["unconditioned_share"]
        users = model.users(history, mask, model.category_of[positives], plain, config["dropout"])
        logits = users @ model.items(candidates).t() / config["temperature"] - log_q[candidates]
        loss = F.cross_entropy(logits, where)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    return speed(batches * config["batch_size"], cpu_seconds(resource.RUSAGE_SELF) - cpu,
                 time.monotonic() - wall)


def run_trainer(trainer, config_file, folder, epochs):
    """CPU seconds, wall seconds, training rows."""
    with tempfile.TemporaryDirectory() as out:
        cpu, wall = cpu_seconds(resource.RUSAGE_CHILDREN), time.monotonic()
        command = [trainer, "--config", config_file, "--epochs", str(epochs), "benchmark-beauty",
                   folder, "--seeds", "1", "--out", out]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        with open(os.path.join(out, "beauty.json")) as file:
            rows = json.load(file)["training"][0]["rows"]
        return cpu_seconds(resource.RUSAGE_CHILDREN) - cpu, time.monotonic() - wall, rows


def measure_trainer(trainer, config_file, folder):
    cpu_one, wall_one, rows = run_trainer(trainer, config_file, folder, 1)
    cpu_three, wall_three, _ = run_trainer(trainer, config_file, folder, 3)
    return speed(2 * rows, cpu_three - cpu_one, wall_three - wall_one)


def main():
    root = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder")
    parser.add_argument("--trainer",
                        default=os.path.join(root, "build/release/apps/twohop-train/twohop-train"))
    parser.add_argument("--config", default=os.path.join(root, "configs/experiments/beauty.toml"))
    parser.add_argument("--batches", type=int, default=20)
    arguments = parser.parse_args()
    with open(arguments.config, "rb") as file:
        config = tomllib.load(file)["train"]
    os.sched_setaffinity(0, {0})  # The trainer, a child, stays on this core too.
    pytorch = measure_pytorch(Data(arguments.folder), config, arguments.batches, warm_up=3)
    ours = measure_trainer(arguments.trainer, arguments.config, arguments.folder)
    times = ours["examples_per_cpu_s"] / pytorch["examples_per_cpu_s"]
    json.dump({"pytorch_version": torch.__version__, "pytorch_eager": pytorch, "twohop_train": ours,
               "times_as_fast": round(times, 2)}, sys.stdout, indent=2)
    print()


if __name__ == "__main__":
    main()
