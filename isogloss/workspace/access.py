"""What the environment says, all of it: where things lie, and what a visitor may reach on the server.

ISOGLOSS_HOME: the workspace. ISOGLOSS_OFFERED: another one, to read. ISOGLOSS_DATA: the folder of the corpora.
ISOGLOSS_DATA_ROOTS: folders that pages may name. ISOGLOSS_VISITORS=1: a workspace for each visit. ISOGLOSS_READONLY=1:
nothing is added. ISOGLOSS_HOST_NAMES: further names of the server, by blanks or commas. ISOGLOSS_METRICS=1: its figures
for Prometheus are open. ISOGLOSS_BASE_URL: the address under which others reach this server, for links in citations.
ISOGLOSS_LANGUAGE: what pages speak where their address says nothing. ISOGLOSS_LOG=json: what the server did, in lines.
ISOGLOSS_VISITOR_DISK, ISOGLOSS_VISITOR_MEMORY: MB that a visit may take on the disk, and each of its jobs of memory.
"""

from __future__ import annotations

import contextlib
import os
import re
from collections.abc import Mapping
from pathlib import Path

import platformdirs

from isogloss.errors import InvalidValue

_ADDRESS = re.compile(r"https?://[A-Za-z0-9.\-:\[\]]{1,250}(/[A-Za-z0-9._~/-]{0,250})?")
_MEGABYTES = re.compile(r"[1-9][0-9]{0,9}", re.ASCII)
_CONTAINER = Path("/sys/fs/cgroup/memory.max")
_MODEL = re.compile(r"[A-Za-z0-9][\w.-]{0,95}(/[A-Za-z0-9][\w.-]{0,95})?")


def home(environment: Mapping[str, str] = os.environ) -> Path:
    """The folder of one's own workspace: ISOGLOSS_HOME, else the platform's folder for data of users."""
    return Path(environment.get("ISOGLOSS_HOME") or platformdirs.user_data_dir("isogloss", False))


def offered_home(environment: Mapping[str, str] = os.environ) -> Path | None:
    """The workspace of ISOGLOSS_OFFERED, which can be read here and not changed."""
    found = environment.get("ISOGLOSS_OFFERED")
    return Path(found) if found else None


def data_folder(environment: Mapping[str, str] = os.environ) -> Path | None:
    """Where corpora are looked for: ISOGLOSS_DATA."""
    found = environment.get("ISOGLOSS_DATA")
    return Path(found) if found else None


def data_roots(environment: Mapping[str, str] = os.environ) -> list[Path]:
    """The folders of ISOGLOSS_DATA_ROOTS, separated as in PATH; none by default, for visitors, and read-only.

    >>> [str(p) for p in data_roots({"ISOGLOSS_DATA_ROOTS": "/srv" + os.pathsep})]
    ['/srv']
    """
    if visitors(environment) or read_only(environment):
        return []
    named = environment.get("ISOGLOSS_DATA_ROOTS", "").split(os.pathsep)
    return [Path(one).resolve() for one in named if one.strip()]


def visitors(environment: Mapping[str, str] = os.environ) -> bool:
    """Whether everyone who comes has a workspace of their own that ends with the visit."""
    return environment.get("ISOGLOSS_VISITORS", "") == "1"


def read_only(environment: Mapping[str, str] = os.environ) -> bool:
    """Whether nothing may be uploaded, built, imported or deleted."""
    return environment.get("ISOGLOSS_READONLY", "") == "1"


def host_names(environment: Mapping[str, str] = os.environ) -> list[str]:
    """Names that the server answers to beside those of the loopback, each perhaps with a port.

    >>> host_names({"ISOGLOSS_HOST_NAMES": "viz.example.org, 10.0.0.5:8501"})
    ['viz.example.org', '10.0.0.5:8501']
    """
    return environment.get("ISOGLOSS_HOST_NAMES", "").replace(",", " ").split()


def metrics_open(environment: Mapping[str, str] = os.environ) -> bool:
    """Whether the server tells how many sessions it has and how much memory they take."""
    return environment.get("ISOGLOSS_METRICS", "") == "1"


def base_url(environment: Mapping[str, str] = os.environ) -> str:
    """The address of this server for those who read of it, without the last slash: ISOGLOSS_BASE_URL; empty for none.

    Raises InvalidValue for what is no address of the web.

    >>> base_url({"ISOGLOSS_BASE_URL": "https://viz.example.org/isogloss/"})
    'https://viz.example.org/isogloss'
    """
    told = environment.get("ISOGLOSS_BASE_URL", "").strip().rstrip("/")
    if told and not _ADDRESS.fullmatch(told):
        raise InvalidValue(
            f"ISOGLOSS_BASE_URL is {told[:80]!r}", "give an address such as https://viz.example.org, without ? and #"
        )
    return told


def language(environment: Mapping[str, str] = os.environ) -> str:
    """The language that pages speak where their address names none; empty for that of the browser."""
    return environment.get("ISOGLOSS_LANGUAGE", "").strip()


def visitor_disk(environment: Mapping[str, str] = os.environ) -> int:
    """Bytes that all which a visitor brings and makes may take on the disk: ISOGLOSS_VISITOR_DISK, in MB; 4,000 MB by
    default. Raises InvalidValue.

    >>> visitor_disk({"ISOGLOSS_VISITOR_DISK": "500"}) >> 20
    500
    """
    return _megabytes("ISOGLOSS_VISITOR_DISK", environment) or 4_000 << 20


def visitor_memory(environment: Mapping[str, str] = os.environ) -> int:
    """Bytes of memory that a visitor's job may take: ISOGLOSS_VISITOR_MEMORY, in MB; by default half of the machine's,
    or of its container's. Raises InvalidValue.
    """
    return _megabytes("ISOGLOSS_VISITOR_MEMORY", environment) or _machine_memory() // 2


def _megabytes(name: str, environment: Mapping[str, str]) -> int:
    told = environment.get(name, "").strip()
    if told and not _MEGABYTES.fullmatch(told):
        raise InvalidValue(f"{name} is {told[:80]!r}", "give a whole number of MB, such as 4000")
    return int(told or 0) << 20


def _machine_memory() -> int:
    found = 8 << 30  # Windows
    with contextlib.suppress(AttributeError, ValueError, OSError):
        found = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    with contextlib.suppress(ValueError, OSError):  # "max", or no container
        found = min(found, int(_CONTAINER.read_text(encoding="ascii")))
    return found


def log_json(environment: Mapping[str, str] = os.environ) -> bool:
    """Whether the server writes what it did on stderr, a line of JSON each; ISOGLOSS_LOG=json."""
    return environment.get("ISOGLOSS_LOG", "") == "json"


def require_writable(environment: Mapping[str, str] = os.environ) -> None:
    """Raises InvalidValue on a server that is read-only."""
    if read_only(environment):
        raise InvalidValue("this server is read-only", "run Isogloss on your own machine to add to it")


def below_roots(path: str, environment: Mapping[str, str] = os.environ) -> Path:
    """The resolved path, links followed. Raises InvalidValue when it is not below an allowed root."""
    roots = data_roots(environment)
    found = Path(path).expanduser().resolve()
    if not any(found.is_relative_to(root) for root in roots):
        where = ", ".join(map(str, roots)) or "none is allowed yet"
        raise InvalidValue(
            f"{path[:200]!r} is not below an allowed folder ({where})", "start Isogloss with ISOGLOSS_DATA_ROOTS=FOLDER"
        )
    return found


def model_name(text: str, environment: Mapping[str, str] = os.environ) -> str:
    """A model as a visitor may name it: `owner/name`, or a folder below an allowed root. Raises InvalidValue.

    >>> model_name("sentence-transformers/all-MiniLM-L6-v2", {})
    'sentence-transformers/all-MiniLM-L6-v2'
    """
    text = text.strip()
    if visitors(environment):
        raise InvalidValue(
            f"{text[:80]!r} is not offered to visitors", "choose a stage of ours, or run Isogloss on your own machine"
        )
    if _MODEL.fullmatch(text) and not Path(text).exists():
        return text
    if text.startswith(("/", "~", ".")) or Path(text).exists():
        return str(below_roots(text, environment))
    raise InvalidValue(f"{text[:80]!r} is no name of a model", "give owner/name, or the full path of a folder")
