"""Long work in a process of its own: progress, cancel, and freedom to look elsewhere meanwhile.

The command line does the work, so the server never holds what it needs (umap, numba).
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field
from html import escape
from pathlib import Path
from typing import IO

import streamlit as st

from components.frame import note

ROOT = Path(__file__).resolve().parent.parent


@dataclass
class Job:
    """A running command. Its last line on stderr says how it goes or why it failed."""

    process: subprocess.Popen[bytes]
    log: IO[bytes]
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
        self.process.wait(10)


@st.cache_resource
def _jobs() -> dict[str, Job]:
    return {}


def start(key: str, arguments: list[str]) -> Job:
    """Start `python -m isogloss …` unless a job of that key is running."""
    jobs = _jobs()
    if key not in jobs or not jobs[key].running:
        log = tempfile.TemporaryFile()  # noqa: SIM115 - it lives as long as the job
        jobs[key] = Job(
            subprocess.Popen(
                [sys.executable, "-m", "isogloss", *arguments], cwd=ROOT, stdout=subprocess.DEVNULL, stderr=log
            ),
            log,
        )
    return jobs[key]


def offer(key: str, arguments: list[str], what: str, label: str) -> bool:
    """A button that starts a job, then its progress and a way to stop it; the page is run again at its end.

    True once, in the run after the job has ended well.
    """
    if st.session_state.pop(f"done-{key}", False):
        return True
    job = _jobs().get(key)
    if job is None or not job.running:
        if job is not None and job.process.returncode not in (0, -15):
            note("It did not work: " + escape(job.last_line))
        if job is not None and job.process.returncode == -15:
            note("Cancelled; nothing was changed.")
        note(what)
        if st.button(label, type="primary", key=f"start-{key}"):
            start(key, arguments)
            st.rerun()
        return False
    _watch(key, what)
    return False


@st.fragment(run_every=1.0)
def _watch(key: str, what: str) -> None:
    job = _jobs().get(key)
    if job is None or not job.running:
        if job is not None and job.process.returncode == 0:
            _jobs().pop(key, None)  # another visitor may have been first
            st.session_state[f"done-{key}"] = True
        st.rerun(scope="app")
    st.html('<p class="iso-note" role="status">' + what + "</p>")
    note(
        f"Working for {time.monotonic() - job.started:.0f} s. You can leave this page and come back. {escape(job.last_line)}"
    )
    if st.button("Cancel", key=f"cancel-{key}"):
        job.cancel()
        st.rerun(scope="app")
