"""Decides which rows each step of a training takes."""

import random

# Rows sorted together. Larger wastes less on padding, smaller mixes better.
POOL_ROWS = 256


def make_schedule(lengths, *, batch_tokens, epochs, steps, seed):
    """Returns a list of steps, each the indices of its rows: every row once an epoch, rows of
    similar length together, steps in random order. A step's rows padded to the longest have at most
    batch_tokens tokens, unless a single row is longer. `steps`, if not None, replaces epochs: as
    many epochs as it takes, the last cut short. Deterministic in its arguments."""
    chance = random.Random(seed)
    schedule = []
    epoch = 0
    while (epoch < epochs) if steps is None else (len(schedule) < steps):
        schedule += epoch_batches(lengths, batch_tokens, chance)
        epoch += 1
    return schedule[:steps]


def epoch_batches(lengths, batch_tokens, chance):
    order = list(range(len(lengths)))
    chance.shuffle(order)
    batches = []
    for start in range(0, len(order), POOL_ROWS):
        pool = sorted(order[start : start + POOL_ROWS], key=lambda index: lengths[index])
        batches += fill_batches(pool, lengths, batch_tokens)
    chance.shuffle(batches)
    return batches


def fill_batches(pool, lengths, batch_tokens):
    """The pool is sorted by length, so the row that comes next is the longest of its batch."""
    batches = [[]]
    for index in pool:
        if batches[-1] and lengths[index] * (len(batches[-1]) + 1) > batch_tokens:
            batches.append([])
        batches[-1].append(index)
    return batches
