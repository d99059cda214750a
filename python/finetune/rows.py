"""Reads training rows: JSON lines, each a chat whose last message is the answer to learn.

    {"messages": [{"role": "system", "content": "..."}, {"role": "user", "content": "..."},
                  {"role": "assistant", "content": "..."}]}

A system message comes first or not at all; users and the assistant take turns. Other fields of a
line are ignored, and so are blank lines. The first line that is not such a row stops the reading.
"""

import hashlib
import json
from dataclasses import dataclass


# As `twohop distill export` names it; the same rows in other formats and those for validation lie
# beside it.
TRAINING_FILE = "train.chat.jsonl"


class RowError(Exception):
    """A message for the person at the terminal; it names file and line."""


@dataclass(frozen=True)
class Row:
    where: str  # FILE:LINE
    prompt: list  # Messages before the answer, each with a role and a content.
    answer: str


def find_files(path):
    """Returns the file itself, or that of a folder which holds the training rows."""
    if path.is_dir():
        path = path / TRAINING_FILE
    if not path.is_file():
        raise RowError(f"no such file: {path}")
    return [path]


def read_rows(files):
    """Returns the rows in the order of files and lines; never an empty list, of no file."""
    return [row for file in files for row in read_file(file)]


def read_file(file):
    try:
        data = file.read_bytes()
    except OSError as error:
        raise RowError(f"cannot read {file}: {error.strerror}") from error
    rows = [
        parse_row(line, f"{file}:{number}")
        for number, line in enumerate(data.split(b"\n"), start=1)
        if line.strip()
    ]
    if not rows:
        raise RowError(f"{file}: the file is empty")
    return rows


def parse_row(line, where):
    try:
        document = json.loads(line.decode("utf-8"))
        messages = document["messages"] if isinstance(document, dict) else None
    except UnicodeDecodeError as error:
        raise RowError(f"{where}: not UTF-8") from error
    except (json.JSONDecodeError, RecursionError) as error:
        raise RowError(f"{where}: not JSON: {error}") from error
    except KeyError as error:
        raise RowError(f'{where}: "messages" is missing') from error
    if not isinstance(messages, list):
        raise RowError(f'{where}: not an object with a list "messages"')
    messages = [parse_message(message, where) for message in messages]
    check_turns([message["role"] for message in messages], where)
    return Row(where, messages[:-1], messages[-1]["content"])


def parse_message(message, where):
    if not isinstance(message, dict):
        raise RowError(f"{where}: a message is not an object")
    for name in ("role", "content"):
        value = message.get(name)
        if not isinstance(value, str) or not value.strip():
            raise RowError(f'{where}: the "{name}" of a message is missing or empty')
    return {"role": message["role"], "content": message["content"]}


def check_turns(roles, where):
    turns = roles[1:] if roles[:1] == ["system"] else roles
    if not turns or turns != ["user", "assistant"] * (len(turns) // 2):
        raise RowError(
            f"{where}: the roles are {roles}, not an optional system message, then user and"
            " assistant in turns"
        )


def hash_files(files):
    """Returns the SHA-256, in hexadecimal, of the files' bytes one after the other."""
    digest = hashlib.sha256()
    for file in files:
        digest.update(file.read_bytes())
    return digest.hexdigest()
