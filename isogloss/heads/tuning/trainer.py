"""A model's layers taught by batches of pairs with sentence-transformers' trainer: told live, stopped, gone on with."""

from __future__ import annotations

import logging
import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from isogloss.errors import InvalidValue, needs
from isogloss.heads import losses
from isogloss.heads.recipe import ModelAsked
from isogloss.heads.tuning.adapters import adapt
from isogloss.progress import Progress, silent

Batch = tuple[list[str], list[str]]  # texts of either side, row by row
Weights = Mapping[str, Any]  # of the parameters that are taught, tensors by their names
_LOSSES = {"nt-xent": losses.nt_xent, "ranking": losses.ranking, "transliteration": losses.translit_contrast}
_SAVES = 4  # checkpoints an epoch
_TAUGHT = "taught.safetensors"  # of a checkpoint
_WARM = 0.1  # share of the steps in which the rate grows


@dataclass(frozen=True)
class Course:
    """batches: of all epochs, `steps` of them an epoch. after_epoch: told the number of each that ended; it says
    whether that is enough. folder: of checkpoints; one that is there is gone on with.
    """

    batches: Sequence[Batch]
    steps: int
    loss: str
    seed: int
    folder: Path
    after_epoch: Callable[[int], bool]


def open_model(folder: Path) -> Any:
    """A SentenceTransformer of a folder, on the CPU; safetensors only, no code of its own runs. Raises InvalidValue."""
    from isogloss.encoders.kinds.sentence_transformers import require_safetensors, sentence_model

    if not folder.is_dir():
        raise InvalidValue(f"there is no folder {folder.name[:80]!r}", "name the folder of a model as model.folder")
    require_safetensors(folder)
    with needs("teach"):
        import accelerate  # noqa: F401 – the trainer needs both, and says so late
        import datasets  # noqa: F401
        import transformers
    transformers.utils.logging.disable_progress_bar()  # type: ignore[no-untyped-call]
    try:
        return sentence_model(folder)
    except Exception as error:  # the library raises many kinds, all meaning that there is no such model here
        raise InvalidValue(
            f"the model {folder.name[:80]!r} cannot be loaded ({type(error).__name__})",
            "name a folder with a sentence-transformers model in safetensors",
        ) from error


def free(model: Any, asked: ModelAsked, seed: int = 0) -> list[str]:
    """The names of the parameters that will be taught, all others frozen: the last layers, or all of them, or low-rank
    adapters on these, which are put in. The table of words stays as it is. Raises InvalidValue for a model without
    layers.
    """
    import torch

    inner = model[0]
    stacks = [one for one in inner.modules() if isinstance(one, torch.nn.ModuleList)]
    layers = max(stacks, key=len, default=None)
    if layers is None or not len(layers):
        raise InvalidValue("the model has no layers", "teach a head on its vectors instead")
    for one in model.parameters():
        one.requires_grad_(False)
    chosen = layers if asked.train == "all" else layers[-min(asked.layers, len(layers)) :]
    if asked.method == "lora":
        adapt(model, list(chosen), asked.rank, seed)
    else:
        for one in chosen.parameters():
            one.requires_grad_(True)
    return [name for name, one in model.named_parameters() if one.requires_grad]


def weights_of(model: Any, names: Sequence[str]) -> Weights:
    """Copies."""
    here = dict(model.named_parameters())
    return {name: here[name].detach().clone() for name in names}


def put_weights(model: Any, weights: Weights) -> None:
    import torch

    here = dict(model.named_parameters())
    with torch.no_grad():
        for name, one in weights.items():
            here[name].copy_(one)


def train(model: Any, course: Course, asked: ModelAsked, *, progress: Progress = silent) -> None:
    """Adam with a rate that grows for a tenth of the steps and then falls to nothing.

    A checkpoint is written four times an epoch; with one in the folder the training goes on from it, to the same bits
    on one machine. Raises InvalidValue where the trainer is not installed, and what the progress raises.
    """
    with needs("teach"):
        import accelerate  # noqa: F401
        from datasets import Dataset
        from sentence_transformers import SentenceTransformerTrainingArguments
        from transformers import PrinterCallback
    if not course.batches:
        return
    total, loss = len(course.batches), _loss(model, course.loss)
    with _quiet():
        trainer = _trainer([len(one) for one, _ in course.batches])(
            model=model,
            args=SentenceTransformerTrainingArguments(
                output_dir=str(course.folder),
                num_train_epochs=1,  # ours are in the batches
                per_device_train_batch_size=max(len(one) for one, _ in course.batches),
                learning_rate=asked.rate,
                warmup_steps=int(_WARM * total),
                lr_scheduler_type="linear",
                save_strategy="steps",
                save_steps=max(1, course.steps // _SAVES),
                save_total_limit=1,
                logging_strategy="no",
                report_to=[],
                disable_tqdm=True,
                use_cpu=True,
                dataloader_pin_memory=False,
                seed=course.seed % 2**31,
            ),
            train_dataset=Dataset.from_dict(
                {
                    "one": [x for one, _ in course.batches for x in one],
                    "two": [y for _, two in course.batches for y in two],
                }
            ),
            loss=loss,
            callbacks=[_callback(course, loss, progress)],
        )
        trainer.remove_callback(PrinterCallback)  # it prints among what a command prints
        trainer.train(resume_from_checkpoint=_checkpoint(course.folder))


def _trainer(sizes: Sequence[int]) -> Any:
    """The library's, with our own batches one after the other, and no card: that would quote what is trained on."""
    from sentence_transformers import SentenceTransformerTrainer
    from sentence_transformers.base.sampler import DefaultBatchSampler
    from torch.utils.data import SequentialSampler

    class InOrder(DefaultBatchSampler):  # type: ignore[misc]
        def __iter__(self) -> Iterator[list[int]]:
            at = 0
            for size in sizes:
                yield list(range(at, at + size))
                at += size

        def __len__(self) -> int:
            return len(sizes)

    class Trainer(SentenceTransformerTrainer):  # type: ignore[misc]
        def get_batch_sampler(self, dataset: Any, **_: Any) -> Any:
            return InOrder(SequentialSampler(dataset), batch_size=max(sizes), drop_last=False)

        def _save(self, output_dir: str | None = None, state_dict: Any = None) -> None:
            """What is taught alone: all else is as it came."""
            from safetensors.torch import save_file

            names = [name for name, one in self.model.named_parameters() if one.requires_grad]
            place = Path(output_dir or self.args.output_dir)
            place.mkdir(parents=True, exist_ok=True)
            save_file(dict(weights_of(self.model, names)), place / _TAUGHT)

        def _load_from_checkpoint(self, checkpoint_path: str) -> None:
            from safetensors.torch import load_file

            put_weights(self.model, load_file(Path(checkpoint_path) / _TAUGHT))

        def add_model_card_callback(self, _: Any) -> None:
            pass

    return Trainer


def _loss(model: Any, name: str) -> Any:
    """The losses of heads, as sentence-transformers wants them."""
    import torch

    class Pairs(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.model = model
            self.last = float("nan")

        def forward(self, features: Any, labels: Any) -> Any:
            one, two = (self.model(some)["sentence_embedding"] for some in features)
            found = _LOSSES[name](one, two)
            self.last = float(found.detach())
            return found

    return Pairs()


def _callback(course: Course, loss: Any, progress: Progress) -> Any:
    from transformers import TrainerCallback

    class Told(TrainerCallback):
        """Tells each step; at the end of an epoch of ours it asks whether that is enough."""

        def on_step_end(self, args: Any, state: Any, control: Any, **_: Any) -> Any:
            step, total = state.global_step, len(course.batches)
            told = f"teaching, epoch {(step - 1) // course.steps + 1}, loss {loss.last:.3f}"
            progress(told, step / total, loss.last)
            if step % course.steps == 0 and course.after_epoch(step // course.steps):
                control.should_training_stop = True
            return control

    return Told()


def _checkpoint(folder: Path) -> str | None:
    """The latest that is whole; the trainer writes its own state last."""
    found = [one for one in folder.glob("checkpoint-*") if one.name.rpartition("-")[2].isdigit()]
    whole = [one for one in found if all((one / name).is_file() for name in ("trainer_state.json", _TAUGHT))]
    for one in set(found) - set(whole):
        shutil.rmtree(one, ignore_errors=True)
    return str(max(whole, key=lambda one: int(one.name.rpartition("-")[2]))) if whole else None


@contextmanager
def _quiet() -> Iterator[None]:
    """The trainer tells nothing beside our own progress."""
    import datasets
    import transformers

    before, shown = transformers.utils.logging.get_verbosity(), datasets.is_progress_bar_enabled()
    transformers.utils.logging.set_verbosity(logging.ERROR)
    datasets.disable_progress_bars()
    try:
        yield
    finally:
        transformers.utils.logging.set_verbosity(before)
        if shown:
            datasets.enable_progress_bars()
