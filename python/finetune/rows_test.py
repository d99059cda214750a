"""Rows, steps, recipe and progress: all of the training program that needs no torch."""

import io
import json
import tempfile
import unittest
from pathlib import Path

from finetune import DEFAULT_RECIPE
from progress import ProgressLine, TrainingLog
from recipe import RecipeError, load_recipe
from rows import RowError, find_files, hash_files, read_rows
from schedule import make_schedule


def message(role, content):
    return {"role": role, "content": content}


def chat(*messages):
    return json.dumps({"messages": list(messages)})


GOOD = chat(message("system", "Hop 1"), message("user", "tent"), message("assistant", "[]"))


class InFolder(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)

    def write(self, name, content):
        path = self.folder / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path


class RowsTest(InFolder):
    def read(self, content):
        return read_rows([self.write("rows.jsonl", content)])

    def assert_refused(self, content, *words):
        with self.assertRaises(RowError) as caught:
            self.read(content)
        for word in words:
            self.assertIn(word, str(caught.exception))

    def test_a_row_is_a_prompt_and_its_answer(self):
        (row,) = self.read(GOOD)
        self.assertEqual(row.prompt, [message("system", "Hop 1"), message("user", "tent")])
        self.assertEqual(row.answer, "[]")

    def test_blank_lines_count_but_are_no_rows(self):
        rows = self.read(f"\n{GOOD}\n\n{GOOD}\n")
        self.assertEqual([row.where.rpartition(":")[2] for row in rows], ["2", "4"])

    def test_only_the_last_answer_of_a_conversation_is_learnt(self):
        turns = [message("user", "a"), message("assistant", "b")]
        (row,) = self.read(chat(*turns, message("user", "c"), message("assistant", "d")))
        self.assertEqual((len(row.prompt), row.answer), (3, "d"))

    def test_other_fields_are_ignored_and_a_line_ends_at_a_newline_only(self):
        line = {"task": "hop1", "messages": [message("user", "té"), message("assistant", "\u2028")]}
        line["messages"][1]["content"] += "x"
        (row,) = self.read(json.dumps(line, ensure_ascii=False))
        self.assertEqual((row.prompt[0]["content"], row.answer), ("té", "\u2028x"))

    def test_a_corrupt_line_is_named_by_file_and_line(self):
        self.assert_refused(f"{GOOD}\n{GOOD[:-9]}\n{GOOD}\n", "rows.jsonl:2: not JSON")

    def test_bytes_that_are_not_utf8_are_refused(self):
        self.assert_refused(GOOD.encode() + b"\n\xff\n", "rows.jsonl:2: not UTF-8")

    def test_deep_nesting_is_refused(self):
        self.assert_refused("[" * 100_000, "rows.jsonl:1: not JSON")

    def test_json_that_is_no_chat_is_refused(self):
        self.assert_refused("[1]", "rows.jsonl:1", '"messages"')
        self.assert_refused('{"messages": 3}', "rows.jsonl:1", '"messages"')
        self.assert_refused('{"text": "x"}', "rows.jsonl:1", '"messages" is missing')
        self.assert_refused('{"messages": ["x"]}', "rows.jsonl:1", "not an object")
        self.assert_refused(chat(), "rows.jsonl:1", "roles are []")

    def test_an_empty_or_missing_content_is_refused(self):
        self.assert_refused(chat(message("user", "a"), message("assistant", " ")), '"content"')
        self.assert_refused(chat({"role": "user"}, message("assistant", "a")), '"content"')

    def test_roles_out_of_turn_are_refused(self):
        self.assert_refused(chat(message("user", "a")), "['user']")
        self.assert_refused(chat(message("system", "a"), message("assistant", "b")), "roles")
        self.assert_refused(chat(message("tool", "a"), message("assistant", "b")), "tool")

    def test_an_empty_file_is_refused(self):
        self.assert_refused("", "rows.jsonl: the file is empty")
        self.assert_refused("\n \n", "rows.jsonl: the file is empty")

    def test_of_a_folder_only_the_training_rows_are_read(self):
        for name in ("train.chat.jsonl", "validation.chat.jsonl", "preferences.jsonl"):
            self.write(name, GOOD)
        self.assertEqual([file.name for file in find_files(self.folder)], ["train.chat.jsonl"])

    def test_a_folder_without_training_rows_and_nothing_at_all_are_refused(self):
        self.write("validation.chat.jsonl", GOOD)
        with self.assertRaisesRegex(RowError, "no such file: .*train.chat.jsonl"):
            find_files(self.folder)
        with self.assertRaisesRegex(RowError, "no such file: .*none"):
            find_files(self.folder / "none")

    def test_the_hash_is_that_of_the_bytes(self):
        parts = [self.write("a.jsonl", "ab"), self.write("b.jsonl", "c")]
        self.assertEqual(hash_files(parts), hash_files([self.write("c.jsonl", "abc")]))
        self.assertNotEqual(hash_files(parts), hash_files(parts[:1]))


class ScheduleTest(unittest.TestCase):
    LENGTHS = [5 + index * 7 % 60 for index in range(600)]

    def schedule(self, **changes):
        settings = {"batch_tokens": 200, "epochs": 1, "steps": None, "seed": 1}
        return make_schedule(self.LENGTHS, **settings | changes)

    def test_every_row_comes_once_an_epoch(self):
        rows = sorted(row for step in self.schedule(epochs=2) for row in step)
        self.assertEqual(rows, sorted(2 * list(range(600))))

    def test_no_padded_step_is_beyond_its_tokens(self):
        sizes = [len(step) * max(self.LENGTHS[row] for row in step) for step in self.schedule()]
        self.assertLessEqual(max(sizes), 200)

    def test_a_row_longer_than_a_step_is_alone(self):
        steps = make_schedule([9, 1, 1], batch_tokens=3, epochs=1, steps=None, seed=1)
        self.assertEqual(sorted(sorted(step) for step in steps), [[0], [1, 2]])

    def test_steps_replace_epochs(self):
        self.assertEqual(len(self.schedule(steps=3)), 3)
        one_epoch = len(self.schedule())
        self.assertEqual(len(self.schedule(steps=one_epoch + 5)), one_epoch + 5)

    def test_the_seed_alone_decides_the_order(self):
        self.assertEqual(self.schedule(), self.schedule())
        self.assertNotEqual(self.schedule(), self.schedule(seed=2))


class RecipeTest(InFolder):
    def recipe(self, old="", new=""):
        text = DEFAULT_RECIPE.read_text()
        self.assertIn(old, text)
        return load_recipe(self.write("recipe.toml", text.replace(old, new, 1)))

    def test_the_model_is_found_from_the_recipe(self):
        self.assertEqual(self.recipe("../../.cache/", "m/").model.parent.parent, self.folder / "m")

    def test_a_whole_number_is_a_number(self):
        self.assertEqual(self.recipe("alpha = 32.0", "alpha = 8").alpha, 8.0)

    def test_what_is_wrong_is_named(self):
        for old, new, word in [
            ("rank = 16", "rank = 0", "rank must be at least 1"),
            ("rank = 16", "rank = 1.5", "rank has a value of the wrong type"),
            ("rank = 16", "rnak = 16", "field lora.r"),
            ("dropout = 0.05", "dropout = 1.0", "dropout must be"),
            ("learning_rate = 1e-3", "learning_rate = nan", "learning_rate must be above 0"),
            ("[run]", "[extra]\n[run]", "unknown entry extra"),
            ("seed = 1", "seed = -1", "seed must not be negative"),
            ("[run]", "[run", "recipe.toml"),
        ]:
            with self.subTest(new=new), self.assertRaisesRegex(RecipeError, word):
                self.recipe(old, new)


class Terminal(io.StringIO):
    def isatty(self):
        return True


class ProgressTest(InFolder):
    def test_a_line_tells_step_loss_speed_and_time_left(self):
        seconds = iter([0.0, 2.0, 4.0])
        out = io.StringIO()
        line = ProgressLine(out, total=3, done=1, clock=lambda: next(seconds))
        line.show(2, 1.5, 100)
        line.show(3, 1.25, 300)
        self.assertEqual(
            out.getvalue(),
            "step 2/3 loss 1.500 50 tokens/s eta 0:00:02\n"
            "step 3/3 loss 1.250 100 tokens/s eta 0:00:00\n",
        )

    def test_a_terminal_gets_one_line_with_a_bar(self):
        out = Terminal()
        line = ProgressLine(out, total=2, done=0, clock=lambda: 0.0)
        line.show(1, 1.0, 10)
        line.leave()
        self.assertRegex(out.getvalue(), r"^\r\[#{12}\.{12}\] step 1/2 [^\n]*\n$")

    def test_a_long_training_has_some_hundred_lines(self):
        out = io.StringIO()
        line = ProgressLine(out, total=5000, done=0, clock=lambda: 0.0)
        for step in range(1, 5001):
            line.show(step, 1.0, 10)
        self.assertEqual(out.getvalue().count("\n"), 101)

    def test_resuming_forgets_what_will_be_done_again(self):
        path = self.write("log.jsonl", '{"step": 1}\n{"step": 2}\n{"step": 3}\n{"st')
        log = TrainingLog(path, first_step=3)
        log.add({"step": 3})
        log.close()
        steps = [json.loads(line)["step"] for line in path.read_text().splitlines()]
        self.assertEqual(steps, [1, 2, 3])


if __name__ == "__main__":
    unittest.main()
