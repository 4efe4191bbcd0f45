"""Long work in a process of its own: progress, cancel, and freedom to look elsewhere meanwhile.

The command line does the work, so the server never holds what it needs (umap, numba).
"""

from __future__ import annotations

import hashlib
import json
import re
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from html import escape

import streamlit as st

from components.parts.spoken import count, say
from components.shell.frame import note
from components.shell.queue import CANCELLED, QUEUE, Job
from components.shell.visit import bounds, environment, presence, workspace
from isogloss.errors import StoreError

_SHARE = re.compile(r"(\d{1,3})%")


def command(name: str, given: Sequence[object] = (), **options: object) -> list[str]:
    """The arguments of a command, from what is given and its options by their names.

    None and False leave an option out, True is the option alone, a list is the option once for each of its values, a
    tuple all its values after one.

    >>> command("import", ["a.vec", "b.vec"], into="mine", space=["a", "b"], limit=None, lower=True)
    ['import', 'a.vec', 'b.vec', '--into=mine', '--space=a', '--space=b', '--lower']
    >>> command("layout", ["mine"], dimensions=2, spaces=("a", "b"), each=False)
    ['layout', 'mine', '--dimensions=2', '--spaces', 'a', 'b']
    """
    made = [name, *map(str, given)]
    for key, value in options.items():
        option = f"--{key.replace('_', '-')}"
        if isinstance(value, tuple):
            made += [option, *map(str, value)]
        elif isinstance(value, list):
            made += [f"{option}={one}" for one in value]
        elif value is True:
            made.append(option)
        elif value is not None and value is not False:
            made.append(f"{option}={value}")
    return made


def key_of(kind: str, *parts: object) -> str:
    """The key of a job: what it is, and a digest of what decides what it makes (text, numbers, lists of them).

    >>> key_of("import", ["a.vec"], "mine") == key_of("import", ("a.vec",), "mine")
    True
    >>> key_of("layout", "x", 2)
    'layout-79aec0938c6c3183'
    """
    return f"{kind}-{hashlib.sha256(json.dumps(parts).encode()).hexdigest()[:16]}"


def remember_made(key: str) -> None:
    """Say that what a job makes is there now; the last of each kind is known."""
    _made()[key.rpartition("-")[0]] = key


def made(key: str, collection: str) -> bool:
    """Whether the last job of its kind in this visit made just this collection, which was not deleted since."""
    return _made().get(key.rpartition("-")[0]) == key and collection in workspace().folders()


def _made() -> dict[str, str]:
    found: dict[str, str] = st.session_state.setdefault("_made", {})
    return found


def _owner() -> str:
    """Whose jobs this page starts, finds and stops: those of its own workspace, and nobody else's."""
    return str(workspace().root)


def start(key: str, arguments: list[str], what: str = "") -> Job:
    """Ask for `python -m isogloss …` in the workspace of this page, unless a job of that key is there.

    Raises StoreError where a visitor's folder is full.
    """
    told = bounds()
    if told.disk is not None and (held := told.held) >= told.disk:
        raise StoreError(
            say(
                "this visit takes {held:,.0f} MB on the server's disk, and may take {most:,.0f}",
                held=held / 2**20,
                most=told.disk / 2**20,
            ),
            say("delete on Data what is no longer needed, or load the page anew, which forgets what was brought"),
        )
    return QUEUE.start(_owner(), key, arguments, environment=environment(), what=what, present=presence(), bounds=told)


def _why(job: Job) -> str:
    """Why a job failed, as HTML."""
    if job.passed == "disk":
        return say(
            "this visit may take {most:,.0f} MB on the server's disk, and the work needed more: delete on Data what "
            "is no longer needed, or take less",
            most=(job.bounds.disk or 0) / 2**20,
        )
    if job.passed == "memory":
        return say(
            "a visitor's work may take {most:,.0f} MB of memory, and this needed more: take fewer texts, words or "
            "dimensions, or run Isogloss on your own machine",
            most=(job.bounds.memory or 0) / 2**20,
        )
    return escape(job.last_line)


def find(key: str) -> Job | None:
    """The job of that key in the workspace of this page: it waits, runs or has ended."""
    return QUEUE.find(_owner(), key)


def going_on(key: str) -> bool:
    """Whether a job of that key is there, or has ended well and `offer` has yet to say so."""
    return find(key) is not None or bool(st.session_state.get(f"done-{key}"))


def offer(key: str, arguments: list[str], what: str, *, label: str, button: str = "") -> bool:
    """A button that starts a job, then its progress and a way to stop it; the page is run again at its end.

    True once, in the run after the job has ended well. button: a key of its own for the button, where `key` changes
    with what is typed: a click that comes with the last word must not be lost with the button it was meant for.
    """
    _shown().add(key)
    if st.session_state.pop(f"done-{key}", False):
        return True
    job = find(key)
    if job is not None and job.code == 0:  # it ended while nobody watched
        QUEUE.forget(job)
        return True
    if job is None or not job.alive:
        if job is not None and job.code != CANCELLED:
            note(say("It did not work: {why}", why=_why(job)))
        if job is not None and job.code == CANCELLED:
            note(say("Cancelled; nothing was changed."))
        if what:
            note(what)
        if st.button(label, type="primary", key=f"start-{button or key}"):
            start(key, arguments, what)
            st.rerun()
        return False
    _watch(key, what)
    return False


def _shown() -> set[str]:
    """Keys of the jobs that this run of the page shows."""
    found: set[str] = st.session_state.setdefault("_jobs_shown", set())
    return found


@contextmanager
def others_after() -> Iterator[None]:
    """Around what a page offers: jobs of this workspace that were started before, and stand nowhere on it, come
    last.
    """
    _shown().clear()
    yield
    for job in QUEUE.of(_owner()):
        if job.key in _shown():
            continue
        st.divider()
        if job.alive:
            _watch(job.key, job.what)
            continue
        ended = {0: say("It is done."), CANCELLED: say("Cancelled; nothing was changed.")}
        note(job.what)
        note(ended.get(job.code or 0, say("It did not work: {why}", why=_why(job))))
        st.session_state.pop(f"done-{job.key}", None)
        if st.button(say("Put away"), key=f"seen-{job.key}"):
            QUEUE.forget(job)
            st.rerun()


@st.fragment(run_every=1.0)
def _watch(key: str, what: str) -> None:
    job = find(key)
    if job is None or not job.alive:
        if job is not None and job.code == 0 and key in _shown():
            QUEUE.forget(job)
            st.session_state[f"done-{key}"] = True
        st.rerun(scope="app")
    st.html('<p class="iso-note" role="status">' + what + "</p>")
    if not job.begun:
        before = QUEUE.before(job)
        note(
            count(
                "Waiting: the server does as much as it can at a time. {n} waits before.",
                "Waiting: the server does as much as it can at a time. {n} wait before.",
                before,
            )
            if before
            else say("Waiting: the server does as much as it can at a time. This is the next.")
        )
    else:
        line = job.last_line
        if share := _SHARE.match(line):
            st.progress(min(int(share[1]), 100) / 100)
        seconds = time.monotonic() - job.begun
        note(
            say(
                "Working for {seconds:.0f} s. You can leave this page and come back. {line}",
                seconds=seconds,
                line=escape(line),
            )
        )
    if st.button(say("Cancel"), key=f"cancel-{key}"):
        job.cancel()
        st.rerun(scope="app")
