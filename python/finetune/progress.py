"""What a training tells while it goes: a log of JSON lines, and a line or bar for a person."""

import json
import os

BAR_WIDTH = 24
# Lines of a whole training where there is no terminal.
MAX_LINES = 100


class TrainingLog:
    """A line {"step", "loss", "tokens", "seconds"} a step, then a summary. `seconds` and `tokens`
    (without padding) are those of the step. Going on from a checkpoint forgets the steps after it,
    which are done again."""

    def __init__(self, path, first_step):
        kept = [line for line in read_lines(path) if is_step_before(line, first_step)]
        partial = path.with_suffix(".partial")
        partial.write_text("".join(line + "\n" for line in kept), encoding="utf-8")
        os.replace(partial, path)
        self.file = open(path, "a", encoding="utf-8")

    def add(self, entry):
        self.file.write(json.dumps(entry) + "\n")
        self.file.flush()

    def close(self):
        self.file.close()


def read_lines(path):
    return path.read_text(encoding="utf-8").splitlines() if path.is_file() else []


def is_step_before(line, first_step):
    try:
        return json.loads(line)["step"] < first_step
    except (ValueError, KeyError, TypeError):  # The summary, or a line that a crash cut short.
        return False


class ProgressLine:
    """Shows `step i/n loss x tokens/s eta`; on a terminal one line with a bar, redrawn."""

    def __init__(self, stream, total, done, clock):
        """`done` steps of `total` were done before; `clock` returns seconds."""
        self.stream, self.total, self.first, self.clock = stream, total, done, clock
        self.start = clock()
        self.tokens = 0
        self.every = max(1, total // MAX_LINES)

    def show(self, step, loss, tokens):
        self.tokens += tokens
        seconds = max(self.clock() - self.start, 1e-9)
        left = seconds / (step - self.first) * (self.total - step)
        text = (
            f"step {step}/{self.total} loss {loss:.3f} {self.tokens / seconds:.0f} tokens/s"
            f" eta {duration(left)}"
        )
        if self.stream.isatty():
            self.stream.write(f"\r{bar(step / self.total)} {text}\x1b[K")
        elif step % self.every == 0 or step in (self.first + 1, self.total):
            self.stream.write(text + "\n")
        self.stream.flush()

    def leave(self):
        """Ends the line of a terminal, so that other output does not overwrite it."""
        if self.stream.isatty():
            self.stream.write("\n")


def bar(share):
    filled = int(share * BAR_WIDTH)
    return "[" + "#" * filled + "." * (BAR_WIDTH - filled) + "]"


def duration(seconds):
    minutes, seconds = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{seconds:02}"
