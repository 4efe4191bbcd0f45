"""What happened on the server, a line of JSON each on stderr: never what visitors typed, named or asked for.

Only where ISOGLOSS_LOG=json asks for it. A line holds words of ours, numbers, and a tag that tells the runs of one
session apart and says nothing else: it is made with a key that lives as long as the process and is never shown.
"""

from __future__ import annotations

import hashlib
import json
import logging
import os
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path

from isogloss.places import ROOT
from isogloss.workspace.access import log_json

_KEY = os.urandom(32)
_MOMENT = 0.1  # seconds
_run = threading.local()  # a page runs in one thread


def tell(event: str, **facts: str | float | None) -> None:
    """Write a line: the time in UTC, what it is, and the facts. Facts are numbers or words of ours.

    What cannot be written is left: nobody's page ends for want of a log.
    """
    if log_json():
        when = datetime.now(UTC).isoformat(timespec="milliseconds")
        with suppress(OSError, ValueError):  # ValueError: stderr is closed
            sys.stderr.write(json.dumps({"time": when, "event": event} | facts) + "\n")
            sys.stderr.flush()


def tag(session: str) -> str:
    """Eight signs for a session, from which it cannot be told; the same while the process lives.

    >>> tag("a") == tag("a") != tag("b")
    True
    """
    return hashlib.blake2b(session.encode(), key=_KEY, digest_size=4).hexdigest()


@contextmanager
def page_run(page: str, session: str) -> Iterator[None]:
    """Around one run of a page: a line at its end with milliseconds, and `ok` or the kinds of its errors.

    A run that Streamlit ends for the next one is `ended`: a click came before it was through.
    """
    begun, _run.kinds, _run.page = time.monotonic(), [], page
    try:
        yield
    except Exception as error:
        failed(type(error).__name__)
        raise
    except BaseException:
        _run.kinds.append("ended")
        raise
    finally:
        spent = round((time.monotonic() - begun) * 1e3)
        tell("page", page=page, ms=spent, outcome=" ".join(_run.kinds) or "ok", session=tag(session))


def failed(kind: str) -> None:
    """Say of the page that runs in this thread that it shows an error of this kind."""
    kinds = getattr(_run, "kinds", None)
    if kinds is not None and kind not in kinds:
        kinds.append(kind)


def tell_crashes() -> None:
    """From now on a traceback that a library would log is a line of ours: its message may hold what was typed."""
    if not log_json():
        return
    usual = logging.getLogRecordFactory()

    def made(*given: object, **more: object) -> logging.LogRecord:
        record = usual(*given, **more)
        if record.exc_info and (error := record.exc_info[1]) is not None:
            tell("crash", kind=type(error).__name__, where=_where(error), page=getattr(_run, "page", ""))
            record.levelno = -1  # below what any handler takes
        return record

    logging.setLogRecordFactory(made)


def _where(error: BaseException) -> str:
    """File and line of ours in which an error arose; empty where none is ours."""
    found, ours = error.__traceback__, ""
    while found is not None:
        file = Path(found.tb_frame.f_code.co_filename)
        if file.is_relative_to(ROOT) and "site-packages" not in file.parts:
            ours = f"{file.relative_to(ROOT)}:{found.tb_lineno}"
        found = found.tb_next
    return ours


def job_begun(arguments: Sequence[str], ended: Callable[[], int | None]) -> None:
    """Say that a command has begun, and when it has ended: its name, seconds and code, nothing of what it was given.

    ended: its code once it has one; whoever began it asks by the same, and puts things in order then.
    """
    if log_json():
        name = next((b for a, b in pairwise(arguments) if a == "isogloss"), "another")
        tell("job begun", command=name)
        threading.Thread(target=_until_ended, args=(name, ended), daemon=True, name="isogloss-log").start()


def _until_ended(name: str, ended: Callable[[], int | None]) -> None:
    begun = time.monotonic()
    while (code := ended()) is None:
        time.sleep(_MOMENT)
    tell("job ended", command=name, seconds=round(time.monotonic() - begun, 1), code=code)
