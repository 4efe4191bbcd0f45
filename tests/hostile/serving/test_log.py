"""The log says what happened, and never what visitors typed, asked for or brought."""

from __future__ import annotations

import json
import logging
import os
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from components.log.lines import tag, tell_crashes
from components.shell.queue import Queue
from isogloss.workspace.access import log_json
from tests.hostile.serving.started import Started, html_of
from tests.kit.pages import html_of as shown
from tests.kit.pages import visit

MARK = "zqmarkqz"


def lines(said: str) -> list[dict[str, Any]]:
    return [json.loads(one) for one in said.splitlines() if one.startswith("{")]


@pytest.mark.long
def test_a_walk_is_told_without_what_was_typed(tmp_path: Path) -> None:
    command = "-m isogloss serve --log json --headless --port {port}"
    with Started(tmp_path / "home", command=command) as server:
        with server.visit() as one, server.visit() as other:
            assert MARK in html_of(one.run("Neighbors", f"item={MARK}"))
            other.run("Drift", f"item={MARK}&second={MARK}")
            one.run("Data", f"do={MARK}&collection={MARK}")
            body = f'--b\r\nContent-Disposition: form-data; name="f"; filename="{MARK}.vec"\r\n\r\na 1\r\n--b--\r\n'
            kind = "multipart/form-data; boundary=b"
            path = f"/_stcore/upload_file/{one.id}/{MARK}?{MARK}"
            server.asked(path, "PUT", body.encode(), Content_Type=kind)
            ids = [one.id, other.id]
        assert server.asked(f"/{MARK}?item={MARK}", Host=f"{MARK}.example")[0] == 403
        assert server.shaken(Origin=f"http://{MARK}.example") == 403
        assert server.asked("/_stcore/metrics")[0] == 404
        said = server.stop()
    assert MARK not in said
    assert not [one for one in ids if one in said]
    pages = [one for one in lines(said) if one["event"] == "page"]
    assert [one["page"] for one in pages] == ["Neighbors", "Drift", "Data"]
    assert pages[0]["session"] == pages[2]["session"] != pages[1]["session"]
    assert all(set(one) == {"time", "event", "page", "ms", "outcome", "session"} and one["ms"] > 0 for one in pages)
    refused = [(one["status"], one["kind"]) for one in lines(said) if one["event"] == "refused"]
    assert refused == [(403, "http"), (403, "websocket"), (404, "http")]


def test_an_error_is_told_by_its_kind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: Any) -> None:
    monkeypatch.setenv("ISOGLOSS_HOME", str(tmp_path))
    monkeypatch.setenv("ISOGLOSS_LOG", "json")
    monkeypatch.setenv("ISOGLOSS_DATA_ROOTS", str(tmp_path / "data"))
    at = visit("pages/9_Data.py", do="Build from texts")
    at.text_area[0].set_value(f"/nowhere/{MARK}.csv").run()
    assert MARK in shown(at)
    said = capfd.readouterr().err
    assert MARK not in said
    assert [one["outcome"] for one in lines(said)] == ["ok", "InvalidValue"]


def test_a_job_is_told_by_its_name_alone(monkeypatch: pytest.MonkeyPatch, capfd: Any) -> None:
    queue = Queue(command=(sys.executable, "-c", "raise SystemExit(3)", "isogloss"))
    for asked in ("", "json"):
        monkeypatch.setenv("ISOGLOSS_LOG", asked)
        job = queue.start(MARK, f"{MARK}{asked}", ["import", f"{MARK}.vec", f"--into={MARK}"], environment=os.environ)
        while job.alive:
            time.sleep(0.02)
    said = ""
    while "job ended" not in said:
        said += capfd.readouterr().err
    assert MARK not in said
    begun, ended = lines(said)
    assert (begun["event"], begun["command"]) == ("job begun", "import")
    assert (ended["event"], ended["command"], ended["code"]) == ("job ended", "import", 3)
    queue.leave(MARK)


def test_a_crash_is_told_by_its_kind_and_place(monkeypatch: pytest.MonkeyPatch, capfd: Any) -> None:
    usual = logging.getLogRecordFactory()
    monkeypatch.setenv("ISOGLOSS_LOG", "json")
    tell_crashes()
    try:
        int(MARK)
    except ValueError as error:
        logging.getLogger("streamlit.error_util").error("Uncaught app execution", exc_info=error)
    finally:
        logging.setLogRecordFactory(usual)
    said = capfd.readouterr().err
    assert MARK not in said
    (told,) = lines(said)
    assert (told["event"], told["kind"]) == ("crash", "ValueError")
    assert told["where"].startswith("tests/hostile/serving/test_log.py:")


def test_nothing_is_told_unasked() -> None:
    assert log_json({"ISOGLOSS_LOG": "json"})
    assert not log_json({})
    assert not log_json({"ISOGLOSS_LOG": "1"})
    assert tag("some session") not in "some session"
