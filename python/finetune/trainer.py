"""TRL's trainer with three changes: steps of our own choice, answers only, our own progress."""

import math
import time

import torch
from transformers import TrainerCallback
from trl import SFTTrainer

from progress import ProgressLine, TrainingLog


class TrainingError(Exception):
    """A message for the person at the terminal."""


class ScheduledSteps(torch.utils.data.Sampler):
    """The steps of schedule.py. All epochs are one to the trainer, so it resumes by skipping."""

    def __init__(self, schedule):
        self.schedule = schedule

    def __iter__(self):
        return iter(self.schedule)

    def __len__(self):
        return len(self.schedule)


class AnswerTrainer(SFTTrainer):
    schedule = ()
    step_tokens = 0  # Of the latest step, without padding.

    def get_train_dataloader(self):
        columns = self.train_dataset.select_columns(["input_ids", "labels"])
        return self.accelerator.prepare(
            torch.utils.data.DataLoader(
                columns,
                batch_sampler=ScheduledSteps(self.schedule),
                collate_fn=self.data_collator,
                pin_memory=self.args.dataloader_pin_memory,
            )
        )

    def compute_loss(self, model, inputs, return_outputs=False, num_items_in_batch=None):
        self.step_tokens = int(inputs["attention_mask"].sum())
        if self.args.device.type != "cpu" or return_outputs:
            return super().compute_loss(model, inputs, return_outputs, num_items_in_batch)
        return answer_loss(self.accelerator.unwrap_model(model).get_base_model(), inputs)

    def create_model_card(self, *_args, **_kwargs):
        """None: a checkpoint is not for publishing."""


def answer_loss(model, inputs):
    """The mean cross-entropy of the answers' tokens. On a CPU, TRL scores the vocabulary at every
    position and then throws the prompts' away, which makes a step take half as long again."""
    hidden = model.base_model(
        input_ids=inputs["input_ids"], attention_mask=inputs["attention_mask"], use_cache=False
    ).last_hidden_state[:, :-1]
    targets = inputs["labels"][:, 1:]
    answers = targets != -100
    logits = model.get_output_embeddings()(hidden[answers]).float()
    return torch.nn.functional.cross_entropy(logits, targets[answers])


class Watcher(TrainerCallback):
    """Logs every step, and ends the training with a checkpoint once `stop` is set."""

    def __init__(self, trainer, log_path, stream, clock=time.monotonic):
        self.trainer, self.log_path, self.stream, self.clock = trainer, log_path, stream, clock
        self.stop = False

    def on_train_begin(self, args, state, control, **kwargs):
        self.log = TrainingLog(self.log_path, state.global_step + 1)
        self.line = ProgressLine(self.stream, state.max_steps, state.global_step, self.clock)
        self.step_start = self.clock()

    def on_step_end(self, args, state, control, **kwargs):
        if self.stop and state.global_step < state.max_steps:
            control.should_save = control.should_training_stop = True

    def on_log(self, args, state, control, logs=None, **kwargs):
        loss = (logs or {}).get("loss")
        if loss is None:  # The trainer's own summary.
            return
        if not math.isfinite(loss):
            raise TrainingError(
                f"the loss of step {state.global_step} is {loss}; lower optimizer.learning_rate"
            )
        now, tokens = self.clock(), self.trainer.step_tokens
        self.log.add(
            {
                "step": state.global_step,
                "loss": round(loss, 5),
                "tokens": tokens,
                "seconds": round(now - self.step_start, 3),
            }
        )
        self.step_start = now
        self.line.show(state.global_step, loss, tokens)
