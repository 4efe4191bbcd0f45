"""Long work in a process of its own: progress, cancel, and freedom to look elsewhere meanwhile.

The command line does the work, so the server never holds what it needs (umap, numba).
"""

from __future__ import annotations

import hashlib
import json
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from html import escape
from typing import IO

import streamlit as st

from components.shell.frame import note
from components.shell.visit import at_end, environment
from isogloss.places import ROOT

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


def made(key: str) -> bool:
    """Whether the last job of its kind in this visit made just this."""
    return _made().get(key.rpartition("-")[0]) == key


def _made() -> dict[str, str]:
    found: dict[str, str] = st.session_state.setdefault("_made", {})
    return found


@dataclass
class Job:
    """A running command. Its last line on stderr says how it goes or why it failed."""

    process: subprocess.Popen[bytes]
    log: IO[bytes]
    key: str
    what: str = ""
    started: float = field(default_factory=time.monotonic)

    @property
    def running(self) -> bool:
        return self.process.poll() is None

    @property
    def last_line(self) -> str:
        self.log.seek(0)
        lines = self.log.read()[-4000:].decode("utf-8", "replace").strip().splitlines()
        return lines[-1] if lines else ""

    def cancel(self) -> None:
        self.process.terminate()
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait(10)


@st.cache_resource
def _jobs() -> dict[str, Job]:
    return {}


def _own(key: str, environment: Mapping[str, str]) -> str:
    """The key among those of all visitors: nobody sees or stops another's work."""
    return f"{environment['ISOGLOSS_HOME']}|{key}"


def start(key: str, arguments: list[str], what: str = "") -> Job:
    """Start `python -m isogloss …` in the workspace of this page, unless a job of that key is running there."""
    jobs, known = _jobs(), environment()
    own = _own(key, known)
    if own not in jobs or not jobs[own].running:
        _forget(own)
        log = tempfile.TemporaryFile()  # noqa: SIM115 - it lives as long as the job
        command = [sys.executable, "-m", "isogloss", *arguments]
        jobs[own] = Job(
            subprocess.Popen(command, cwd=ROOT, env=known, stdout=subprocess.DEVNULL, stderr=log), log, own, what
        )
        at_end(jobs[own].cancel)
    return jobs[own]


def _forget(own: str) -> None:
    job = _jobs().pop(own, None)  # another page may have been first
    if job is not None:
        job.log.close()


def find(key: str) -> Job | None:
    """The job of that key in the workspace of this page, running or ended."""
    return _jobs().get(_own(key, environment()))


def offer(key: str, arguments: list[str], what: str, *, label: str, button: str = "") -> bool:
    """A button that starts a job, then its progress and a way to stop it; the page is run again at its end.

    True once, in the run after the job has ended well. button: a key of its own for the button, where `key` changes
    with what is typed: a click that comes with the last word must not be lost with the button it was meant for.
    """
    _shown().add(key)
    if st.session_state.pop(f"done-{key}", False):
        return True
    job = find(key)
    if job is None or not job.running:
        if job is not None and job.process.returncode not in (0, -15):
            note("It did not work: " + escape(job.last_line))
        if job is not None and job.process.returncode == -15:
            note("Cancelled; nothing was changed.")
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
    root = f"{environment()['ISOGLOSS_HOME']}|"
    for own, job in list(_jobs().items()):
        key = own.removeprefix(root)
        if not own.startswith(root) or key in _shown():
            continue
        st.divider()
        if job.running:
            _watch(key, job.what)
            continue
        code = job.process.returncode
        note(job.what)
        note(
            {0: "It is done.", -15: "Cancelled; nothing was changed."}.get(
                code, "It did not work: " + escape(job.last_line)
            )
        )
        st.session_state.pop(f"done-{key}", None)
        if st.button("Put away", key=f"seen-{key}"):
            _forget(own)
            st.rerun()


@st.fragment(run_every=1.0)
def _watch(key: str, what: str) -> None:
    job = find(key)
    if job is None or not job.running:
        if job is not None and job.process.returncode == 0 and key in _shown():
            _forget(job.key)
            st.session_state[f"done-{key}"] = True
        st.rerun(scope="app")
    st.html('<p class="iso-note" role="status">' + what + "</p>")
    line = job.last_line
    if share := _SHARE.match(line):
        st.progress(min(int(share[1]), 100) / 100)
    note(f"Working for {time.monotonic() - job.started:.0f} s. You can leave this page and come back. {escape(line)}")
    if st.button("Cancel", key=f"cancel-{key}"):
        job.cancel()
        st.rerun(scope="app")
