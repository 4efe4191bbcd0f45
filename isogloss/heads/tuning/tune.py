"""A lesson in which the model itself is taught, its control beside it, judged as heads are."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np

from isogloss.encoders.kinds.sentence_transformers import TransformerEncoder, digest_of
from isogloss.errors import StoreError, reason_of
from isogloss.heads.arms import Arm
from isogloss.heads.beyond.asked import Judges, Key, read_judges
from isogloss.heads.beyond.judged import Values, values_of
from isogloss.heads.judged import Ranks, ranks_of
from isogloss.heads.pairs import By, Split, read_pairs, split_pairs
from isogloss.heads.recipe import MeasuresAsked, TeachRecipe
from isogloss.heads.sides import Sides, read_sides
from isogloss.heads.teach import Lesson
from isogloss.heads.training import Batches, Chosen, shuffled, some_of
from isogloss.heads.training import Course as Taken
from isogloss.heads.tuning.adapters import merge
from isogloss.heads.tuning.trainer import Course, free, open_model, put_weights, train, weights_of
from isogloss.progress import Progress, Stages, part_of, silent
from isogloss.types import Floats, Mask, Rows, Vectors
from isogloss.workspace.derived import DerivedStore, derived_key
from isogloss.workspace.folders import fresh_file, fresh_folder
from isogloss.workspace.store import Workspace

FOLDER = "models"  # of a workspace
_VERSION = 1
_AT_A_TIME = 64  # texts


def tune(recipe: TeachRecipe, workspace: Workspace, *, progress: Progress = silent) -> tuple[Lesson, Path]:
    """The lesson, and the folder of the model that was taught.

    The control is taught by shuffled pairs for as many epochs as the pairs were; `spread` is the best of its epochs on
    the development pairs. Each teaching is kept as it ends, and goes on from its checkpoint when it was stopped.
    Raises InvalidValue, NotFound, StoreError; what the progress raises.
    """
    training = recipe.training
    work = {"reading": 2.0, "teaching": 10.0, "control": 10.0}
    work |= {f"fewer {i}": 10 * share for i, share in enumerate(training.constraints)}
    stages = Stages(progress, work)
    folder = recipe.folder
    model = open_model(folder)
    names = free(model, recipe.model, training.seed)
    sides = read_sides(recipe, workspace, stages.part("reading"))
    pairs, tally = read_pairs(recipe, sides)
    split = split_pairs(pairs, training)
    one = _Tuning(recipe, split, sides, model, names, weights_of(model, names), workspace, digest_of(folder))
    if recipe.measures != MeasuresAsked():
        one = replace(one, judges=read_judges(recipe, sides, split, every_text))
    before, values = one.ranks(split.test), one.values()
    after, state = one.taught(split.train, "teaching", stages.part("teaching"))
    epochs = max(1, after.taught.epoch)
    control, spread = one.control(shuffled(split.train, training.seed), epochs, stages.part("control"))
    fewer = tuple(
        one.taught(some_of(split.train, share, training.seed), "fewer pairs", stages.part(f"fewer {i}"), keep=False)[0]
        for i, share in enumerate(training.constraints)
    )
    lesson = Lesson(
        recipe=recipe,
        split=split,
        before=before,
        after=after,
        control=control,
        spread=spread,
        fewer=fewer,
        vectors=sides.read,
        pairs=tally,
        source=folder.name,
        parameters=sum(int(state.numel()) for state in one.start.values()),
        judges=one.judges,
        values=values,
        items={name: side.items for name, side in sides.languages.items()},
    )
    put_weights(model, state)
    if recipe.model.method == "lora":
        merge(model)
    return lesson, write_model(model, workspace.root / FOLDER / recipe.name, lesson)


@dataclass(frozen=True, eq=False)
class _Tuning:
    recipe: TeachRecipe
    split: Split
    sides: Sides
    model: Any
    names: list[str]
    start: Mapping[str, Any]
    workspace: Workspace
    digest: str
    judges: Judges = field(default_factory=Judges)

    @property
    def store(self) -> DerivedStore:
        return DerivedStore(self.workspace.root / "derived" / "tuning")

    def taught(self, pairs: By, what: str, progress: Progress, *, keep: bool = True) -> tuple[Arm, Mapping[str, Any]]:
        """The arm of the best epoch, and its weights. keep: whether the weights are kept beside its figures."""
        from safetensors.torch import load_file, save_file

        key = self._key(pairs, self.recipe.model.epochs, "best")
        kept, place = self.store.find(key), self.store.folders[0] / f"{key}.safetensors"
        if kept is not None and (not keep or place.is_file()):
            progress(f"{what}: found", 1.0)
            return self._arm(pairs, kept), load_file(place) if keep else {}
        put_weights(self.model, self.start)
        first = self._values()
        history, states = self._run(pairs, self.recipe.model.epochs, key, self.recipe.training.patience, progress, what)
        chosen = Chosen(first)
        for epoch, values in enumerate(history, 1):
            chosen.take(values, epoch)
        best = chosen.at
        state = dict(self.start) if best == 0 else load_file(states[best])
        put_weights(self.model, state)
        found = self._told(self.ranks(self.split.test), best, chosen.history)
        if keep:
            found |= {f"value-{name}": one for name, one in self.values().items()}
            with fresh_file(place) as made:
                save_file(dict(state), made)
        self.store.put(key, found)
        shutil.rmtree(self._folder(key), ignore_errors=True)
        return self._arm(pairs, found), state

    def control(self, pairs: By, epochs: int, progress: Progress) -> tuple[Arm, Arm]:
        """After the same number of epochs, and after the best of them on the development pairs."""
        from safetensors.torch import load_file

        keys = [self._key(pairs, epochs, what) for what in ("last", "spread")]
        kept = [self.store.find(key) for key in keys]
        if kept[0] is not None and kept[1] is not None:
            progress("the control: found", 1.0)
            return self._arm(pairs, kept[0]), self._arm(pairs, kept[1])
        put_weights(self.model, self.start)
        first = self._values()
        history, states = self._run(pairs, epochs, keys[0], epochs + 1, progress, "the control")
        chosen = Chosen(first)
        for epoch, values in enumerate(history, 1):
            chosen.take(values, epoch)
        arms = []
        for key, epoch in zip(keys, (epochs, chosen.at), strict=True):
            put_weights(self.model, self.start if epoch == 0 else load_file(states[epoch]))
            found = self._told(self.ranks(self.split.test), epoch, chosen.history)
            if key == keys[0]:
                found |= {f"value-{name}": one for name, one in self.values().items()}
            self.store.put(key, found)
            arms.append(self._arm(pairs, found))
        shutil.rmtree(self._folder(keys[0]), ignore_errors=True)
        return arms[0], arms[1]

    def _run(
        self, pairs: By, epochs: int, key: str, patience: int, progress: Progress, what: str
    ) -> tuple[list[Floats], dict[int, Path]]:
        """1/rank of every development pair after each epoch, and where its weights lie."""
        from safetensors.torch import save_file

        folder = self._folder(key)
        folder.mkdir(parents=True, exist_ok=True)
        put_weights(self.model, self.start)
        batches = Batches(pairs, self.recipe.training)
        texts = [self._texts(batches.draw()) for _ in range(epochs * batches.steps)]

        def after_epoch(epoch: int) -> bool:
            was = self.model.training
            self.model.eval()
            values = self._values()
            self.model.train(was)
            with fresh_file(folder / f"epoch-{epoch}.safetensors") as made:
                save_file(dict(weights_of(self.model, self.names)), made)
            with fresh_file(folder / f"epoch-{epoch}.json") as made:
                made.write_text(json.dumps(values.tolist()))
            means = [float(one.mean()) for one in _read_history(folder)]
            return len(means) - 1 - int(np.argmax(means)) >= patience

        course = Course(texts, batches.steps, self.recipe.training.loss, self.recipe.training.seed, folder, after_epoch)
        train(self.model, course, self.recipe.model, progress=part_of(progress, 0.0, 0.95, prefix=f"{what}: "))
        self.model.eval()
        history = _read_history(folder)
        return history, {i: folder / f"epoch-{i}.safetensors" for i in range(1, len(history) + 1)}

    def ranks(self, pairs: Mapping[str, Rows]) -> dict[str, Ranks]:
        """Of the model as it is now: only what stands in the pairs is encoded, and all of the pivot."""
        pivot = self._encode(self.split.pivot, np.arange(len(self.sides.languages[self.split.pivot].items)))
        return {name: ranks_of(self._encode(name, np.unique(rows[:, 0])), pivot, rows) for name, rows in pairs.items()}

    def values(self) -> Values:
        """Of the measures asked for, by the model as it is now."""

        def rows(keys: Sequence[Key]) -> Vectors:
            texts = [self.recipe.vectors.prefix + text for _, text in keys]
            found = self.model.encode(texts, batch_size=_AT_A_TIME, show_progress_bar=False)
            return np.asarray(found, dtype=np.float32)

        def sided(name: str, at: Rows) -> Vectors:
            return self._encode(name, np.unique(at))[at]

        return values_of(self.judges, self.split, rows, sided) if self.judges else {}

    def _encode(self, language: str, rows: Rows) -> Vectors:
        """Rows that are not asked for stay zero."""
        items, prefix = self.sides.languages[language].items, self.recipe.vectors.prefix
        encoder = TransformerEncoder(self.model, "")
        found = np.zeros((len(items), encoder.dim), np.float32)
        found[rows] = self.model.encode(
            [prefix + items[row] for row in rows.tolist()], batch_size=_AT_A_TIME, show_progress_bar=False
        )
        return found

    def _values(self) -> Floats:
        return np.concatenate([one.values("mrr") for one in self.ranks(self.split.development).values()])

    def _texts(self, drawn: tuple[tuple[str, str], Rows]) -> tuple[list[str], list[str]]:
        (a, b), rows = drawn
        prefix = self.recipe.vectors.prefix
        one, two = (
            [prefix + self.sides.languages[name].items[row] for row in rows[:, i].tolist()]
            for i, name in enumerate((a, b))
        )
        return one, two

    def _told(self, ranks: Mapping[str, Ranks], epoch: int, history: Sequence[float]) -> dict[str, Any]:
        return {f"rank-{name}": one.rank for name, one in ranks.items()} | {
            "epoch": np.array(epoch),
            "history": np.array(history),
        }

    def _arm(self, pairs: By, found: Mapping[str, Any]) -> Arm:
        """From what is kept: everything but the ranks follows from the pairs."""
        ranks = {}
        for name, rows in self.split.test.items():
            order = np.lexsort((rows[:, 1], rows[:, 0]))
            queries, starts = np.unique(rows[order, 0], return_index=True)
            pivot = len(self.sides.languages[self.split.pivot].items)
            ranks[name] = Ranks(queries, found[f"rank-{name}"], rows[order, 1][starts], pivot)
        values = {name[6:]: one for name, one in found.items() if name.startswith("value-")}
        return Arm(Taken(int(found["epoch"]), tuple(found["history"].tolist())), _n(pairs), ranks, values)

    def _folder(self, key: str) -> Path:
        return self.store.folders[0] / f"{key}.part"

    def _key(self, pairs: By, epochs: int, what: str) -> str:
        """Of all that decides a teaching: texts by their rows, weights, settings."""
        content = hashlib.sha256(self.digest.encode())
        for name, side in sorted(self.sides.languages.items()):
            content.update(f"{name}\x1f{self.recipe.vectors.prefix}".encode("utf-8", "surrogatepass"))
            content.update("\x1f".join(side.items).encode("utf-8", "surrogatepass"))
        content.update(f"{self.judges.texts}{self.judges.separation}".encode("utf-8", "surrogatepass"))
        for part in (pairs, self.split.development, self.split.test):
            for key, rows in sorted(part.items()):
                content.update(f"{key}{rows.shape}".encode())
                content.update(rows.tobytes())
        asked = replace(self.recipe.model, epochs=epochs, folder="")
        training = replace(self.recipe.training, constraints=(), held_out_languages=())
        return derived_key("tuning", _VERSION, content=content.hexdigest(), asked=repr((asked, training)), what=what)


def every_text(keys: Sequence[Key]) -> tuple[Vectors, Mask]:
    """Which texts the model can read: all but empty ones; it encodes them when it is asked."""
    return np.zeros((len(keys), 0), np.float32), np.array([bool(text) for _, text in keys], dtype=bool)


def write_model(model: Any, out: Path, lesson: Lesson) -> Path:
    """A folder that sentence-transformers opens, with a card; one that is there is replaced. Raises StoreError."""
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        with fresh_folder(out.parent) as made:
            model.save_pretrained(str(made), create_model_card=False, safe_serialization=True)
            (made / "README.md").write_text(card_of(lesson), encoding="utf-8")
            if out.exists():
                shutil.rmtree(out)
            made.rename(out)
    except OSError as error:
        raise StoreError(f"the model cannot be written ({reason_of(error)})", "free some space") from error
    return out


def card_of(lesson: Lesson) -> str:
    """README.md of the folder."""
    from isogloss.heads.judged import said_of

    figures, asked = lesson.figures(lesson.judged, "mrr"), lesson.recipe.model
    what = "every layer" if asked.train == "all" else f"the last {asked.layers} layers"
    if asked.method == "lora":
        what = f"low-rank adapters (LoRA, rank {asked.rank}, merged) on {what}"
    return (
        f"# {lesson.recipe.name}\n\nMade with Isogloss: {what} of {lesson.source} taught by"
        f" {lesson.after.constraints:,} pairs ({lesson.recipe.training.loss}, {lesson.after.taught.epoch} epochs); its"
        " table of words is unchanged.\n\n"
        f"- on {', '.join(lesson.judged)}: {said_of(figures['gain'])}\n"
        f"- by shuffled pairs: {said_of(figures['control_gain'])}\n"
    )


def _read_history(folder: Path) -> list[Floats]:
    found: list[Floats] = []
    while (one := folder / f"epoch-{len(found) + 1}.json").is_file():
        found.append(np.array(json.loads(one.read_text()), dtype=np.float64))
    return found


def _n(pairs: By) -> int:
    return sum(map(len, pairs.values()))
