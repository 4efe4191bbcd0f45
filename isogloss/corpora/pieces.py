"""Texts cut into passages and into written forms, some at a time: in processes beside this one, or here.

A batch needs nothing but itself: its forms are numbered as they come, and whoever takes the batches, in the order of
the texts, numbers them among all. So it is the same wherever a batch was cut. The processes are plain commands (as in
`isogloss.tasks.here`), hold one batch each, and end when the pipe to whoever began them does.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections import deque
from collections.abc import Generator, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from dataclasses import asdict, dataclass
from io import BufferedReader, FileIO
from json import dumps, loads
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import regex

from isogloss.corpora.concordance import token_rules
from isogloss.corpora.forms import TokenRules
from isogloss.corpora.scan import matches_in
from isogloss.corpora.tokens import Tokenizer
from isogloss.places import ROOT

BATCH = 1 << 21  # bytes of texts that are cut at a time
LEAST = 1 << 24  # bytes of all texts: fewer are cut here before a process has begun
MOST = 4  # processes: beyond that whoever takes the batches is the slower
_LONGEST = 1_200  # characters of a passage
_SEAM = 4  # characters that a hyphen and what may stand behind it take
_JOINS = ".'-_&/\u00b7"  # what stands after decides whether it belongs to a word
_SENTENCE = regex.compile(r"(?r)[.!?؟।۔]+[\p{Pf}\p{Pe}\"']*\s+|[。！？።།]+[\p{Pf}\p{Pe}]*\s*|\n\s*\n")
_TOLD = pa.schema(
    {
        name: pa.large_list(kind)
        for name, kind in (
            ("shown", pa.large_string()),
            ("sizes", pa.int32()),
            ("cuts", pa.int32()),
            ("forms", pa.large_string()),
            ("numbers", pa.int32()),
            ("starts", pa.int64()),
        )
    }
)


@dataclass(frozen=True, eq=False)
class Pieces:
    """Some texts, cut. shown: their passages. sizes: forms of each passage, sentence ends included. cuts: passages of
    each text. forms, numbers, starts: as `Tokenizer.scanned` tells them; every text is closed by the end of a sentence.
    """

    shown: Sequence[str]
    sizes: npt.NDArray[np.int32]
    cuts: npt.NDArray[np.int32]
    forms: Sequence[str]
    numbers: npt.NDArray[np.int32]
    starts: npt.NDArray[np.int64]


def cut(texts: Sequence[str], rules: TokenRules, *, lines: bool = False) -> Pieces:
    """Texts cut by the rules of a build. lines: every line is a sentence.

    >>> found = cut(["War and war. Peace", ""], TokenRules())
    >>> found.shown, found.sizes.tolist(), found.cuts.tolist(), found.forms, found.numbers.tolist()
    (['War and war. Peace'], [5], [1, 0], ['War', 'and', 'war', 'Peace'], [2, 3, 4, 0, 5, 1, 1])
    """
    tokenizer = Tokenizer(rules, lines=lines)
    shown: list[str] = []
    sizes: list[int] = []
    cuts: list[int] = []
    for one in texts:
        text, scanned = tokenizer.prepared(one)
        places = passages(text, scanned, split=rules.split)
        shown += [text[a:b] for a, b in places]
        sizes += [tokenizer.scan(scanned[a:b], last=False) for a, b in places]
        tokenizer.scan("")
        cuts.append(len(places))
    return Pieces(shown, np.array(sizes, np.int32), np.array(cuts, np.int32), *tokenizer.scanned())


def cut_each(column: Any, rows: Sequence[int], rules: TokenRules, *, lines: bool = False) -> Generator[Pieces]:
    """The texts of these rows of an Arrow column in their order, some at a time; what is null is empty.

    Closing the iterator ends the processes. What `cut` raises is raised here.
    """
    workers = min(_cores(), MOST) if column.nbytes >= LEAST else 1
    batches = _batches(column, rows)
    if workers < 2:
        yield from (cut(texts, rules, lines=lines) for texts in batches)
        return
    places = [_Beside(rules, lines=lines) for _ in range(workers)]
    waiting: deque[Future[Pieces]] = deque()
    try:
        for i, texts in enumerate(batches):
            if len(waiting) == 2 * workers:
                yield waiting.popleft().result()
            waiting.append(places[i % workers].cut(texts))
        while waiting:
            yield waiting.popleft().result()
    finally:
        for place in places:
            place.end()


def _batches(column: Any, rows: Sequence[int]) -> Iterator[list[str]]:
    batch: list[str] = []
    held = 0
    for row in rows:
        batch.append(column[row].as_py() or "")
        held += len(batch[-1])
        if held >= BATCH:
            yield batch
            batch, held = [], 0
    if batch:
        yield batch


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


class _Beside:
    """A process that cuts one batch after another. Where it cannot begin, or dies, they are cut here.

    n_cut: batches that it has cut.
    """

    def __init__(self, rules: TokenRules, *, lines: bool) -> None:
        self.n_cut = 0
        self.process: subprocess.Popen[bytes] | None = None
        self._rules, self._lines, self._ended = rules, lines, False
        self._thread = ThreadPoolExecutor(1)
        told = dumps(asdict(rules) | {"lines": lines}, default=sorted)
        self._asks = pa.schema({"text": pa.large_string()}, {"rules": told})
        path = os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")])
        with suppress(OSError):
            self.process = subprocess.Popen(
                [sys.executable, "-m", "isogloss.corpora.pieces"],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env=os.environ | {"PYTHONPATH": path},
            )

    def cut(self, texts: list[str]) -> Future[Pieces]:
        return self._thread.submit(self._cut, texts)

    def end(self) -> None:
        """Whatever it does."""
        self._ended = True
        if process := self.process:
            process.kill()
        self._thread.shutdown(cancel_futures=True)
        self._close()

    def _cut(self, texts: list[str]) -> Pieces:
        if self.process:
            try:
                found = _asked(self.process, pa.record_batch([pa.array(texts, pa.large_string())], self._asks))
            except (OSError, ValueError, pa.ArrowException):  # it is gone
                if self._ended:
                    raise
                self._close()
            else:
                self.n_cut += 1
                return found
        return cut(texts, self._rules, lines=self._lines)

    def _close(self) -> None:
        process, self.process = self.process, None
        if process:
            process.kill()
            process.wait()
            for pipe in (process.stdin, process.stdout):
                with suppress(OSError):  # what it had not read
                    pipe and pipe.close()


def _asked(process: subprocess.Popen[bytes], texts: pa.RecordBatch) -> Pieces:
    """What the process makes of the texts. Raises OSError, ValueError, ArrowException where it is gone."""
    assert process.stdin is not None
    with pa.ipc.new_stream(process.stdin, texts.schema) as sink:
        sink.write_batch(texts)
    process.stdin.flush()
    with pa.ipc.open_stream(process.stdout) as stream:
        told = stream.read_all()
    values = {name: told[name].chunk(0).values for name in told.column_names}
    text = pa.types.is_large_string
    return Pieces(**{name: one.to_pylist() if text(one.type) else one.to_numpy() for name, one in values.items()})


def passages(text: str, scanned: str, *, split: str = "words") -> list[tuple[int, int]]:
    """Stretches of at most 1,200 characters, cut where a sentence ends, else at a line or a space; never within a word,
    so that the words of a text are those of its passages. A longer word is a passage of its own.

    >>> [b - a for a, b in passages("word " * 600, "word " * 600)], passages(" ", " ")
    ([1200, 1200, 600], [])
    """
    at, found = 0, []
    while at < len(text):
        stop = at + _LONGEST
        if stop < len(text):
            least = at + _LONGEST // 4
            sentence = _SENTENCE.search(text, least, stop)
            line, space = text.rfind("\n", least, stop) + 1, text.rfind(" ", least, stop) + 1
            stop = sentence.end() if sentence else line or space or stop
            stop = _beside_words(scanned, at, stop, split)
        if text[at:stop].strip():
            found.append((at, min(stop, len(text))))
        at = stop
    return found


def _beside_words(scanned: str, at: int, stop: int, split: str) -> int:
    """Where to cut near a place that may be within a word; white space that no hyphen stands before is not."""
    before = scanned[at:stop].rstrip(" \n")
    if before and len(before) < stop - at and not before.endswith("-"):
        return stop
    best, window = 0, stop
    while window < len(scanned):
        window = min(window + _LONGEST, len(scanned))
        for _, begin, end in matches_in(scanned[at:window], split):
            if at + end + _SEAM > window and window < len(scanned):  # it may go on
                break
            for place in (at + begin, at + end):
                if place > at and scanned[place - 1] not in _JOINS:
                    if place > stop:
                        return best or place
                    best = place
        if best:
            return best
    return len(scanned)


def main() -> None:
    """Cut what comes on standard input, batch by batch, until it ends."""
    asked = BufferedReader(FileIO(0))
    while asked.peek(1):
        with pa.ipc.open_stream(asked) as stream:
            settings = loads(stream.schema.metadata[b"rules"])
            texts = stream.read_all()["text"].to_pylist()
        lines = settings.pop("lines")
        found = cut(texts, token_rules({"tokens": settings}), lines=lines)
        row = [pa.array([getattr(found, one.name)], one.type) for one in _TOLD]
        with pa.ipc.new_stream(sys.stdout.buffer, _TOLD) as sink:
            sink.write_batch(pa.record_batch(row, _TOLD))
        sys.stdout.buffer.flush()


if __name__ == "__main__":
    with suppress(BrokenPipeError):
        main()
