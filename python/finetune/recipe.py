"""Reads recipe.toml: all that decides how a training goes, except the data."""

import tomllib
from dataclasses import asdict, dataclass, fields
from pathlib import Path


class RecipeError(Exception):
    """A message for the person at the terminal."""


@dataclass(frozen=True)
class Recipe:
    """Checked values; recipe.toml, which has them all, says what each is for."""

    model: Path
    rank: int
    alpha: float
    dropout: float
    modules: tuple
    learning_rate: float
    warmup_ratio: float
    weight_decay: float
    max_gradient_norm: float
    epochs: int
    tokens: int
    max_row_tokens: int
    gradient_checkpointing: bool
    seed: int
    checkpoint_steps: int

    def to_json(self):
        return asdict(self) | {"model": self.model.name}


SECTIONS = {
    "base": ["model"],
    "lora": ["rank", "alpha", "dropout", "modules"],
    "optimizer": ["learning_rate", "warmup_ratio", "weight_decay", "max_gradient_norm"],
    "batch": ["epochs", "tokens", "max_row_tokens", "gradient_checkpointing"],
    "run": ["seed", "checkpoint_steps"],
}
AT_LEAST_ONE = ("rank", "epochs", "tokens", "max_row_tokens", "checkpoint_steps")
ABOVE_ZERO = ("alpha", "learning_rate", "max_gradient_norm")
SHARES = ("dropout", "warmup_ratio")  # In [0, 1).


def load_recipe(path):
    """Raises RecipeError, naming the field, if one is missing, unknown or out of its range."""
    try:
        document = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise RecipeError(f"cannot read {path}: {error.strerror}") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise RecipeError(f"{path}: {error}") from error
    try:
        return make_recipe(document, path.parent)
    except RecipeError as error:
        raise RecipeError(f"{path}: {error}") from error


def make_recipe(document, folder):
    values = {}
    for section in document.keys() | SECTIONS.keys():
        given = document.get(section, {})
        known = SECTIONS.get(section)
        if known is None or not isinstance(given, dict):
            raise RecipeError(f"unknown entry {section}")
        for name in given.keys() ^ set(known):
            raise RecipeError(f"{'unknown' if name in given else 'missing'} field {section}.{name}")
        values |= given
    for field in fields(Recipe):
        values[field.name] = convert(field, values[field.name])
    recipe = Recipe(**values | {"model": folder / values["model"]})
    check(recipe)
    return recipe


def convert(field, value):
    """Returns the value in the field's type; TOML writes 2.0 as 2 and a tuple as an array."""
    if field.type is float and type(value) is int:
        return float(value)
    if field.type is tuple and isinstance(value, list):
        if value and all(isinstance(entry, str) for entry in value):
            return tuple(value)
    elif field.type is Path and isinstance(value, str):
        return Path(value)
    elif type(value) is field.type:
        return value
    raise RecipeError(f"{field.name} has a value of the wrong type: {value!r}")


def check(recipe):
    for name in AT_LEAST_ONE:
        if getattr(recipe, name) < 1:
            raise RecipeError(f"{name} must be at least 1")
    for name in ABOVE_ZERO:
        if not 0 < getattr(recipe, name) < float("inf"):
            raise RecipeError(f"{name} must be above 0")
    for name in SHARES:
        if not 0 <= getattr(recipe, name) < 1:
            raise RecipeError(f"{name} must be at least 0 and below 1")
    if not 0 <= recipe.weight_decay < float("inf"):
        raise RecipeError("weight_decay must not be negative")
    if recipe.seed < 0:
        raise RecipeError("seed must not be negative")
