"""Hostile files of translations, gold lists, cases and stories: entities, depth, encodings, keys, odd numbers."""

from __future__ import annotations

import json
from collections.abc import Iterator

from isogloss.notebook.case import Case
from isogloss.notebook.view import View
from isogloss.stories.story import Beat, Story
from tests.hostile.containers import Files

TMX = '<tmx version="1.4"><header srclang="en"/><body>{}</body></tmx>'
UNIT = '<tu><tuv xml:lang="en"><seg>{0}</seg></tuv><tuv xml:lang="de"><seg>{1}</seg></tuv></tu>'
XLIFF = '<xliff version="1.2"><file source-language="en" target-language="de"><body>{}</body></file></xliff>'
TRANSLATED = '<trans-unit id="a"><source>{0}</source><target>{1}</target></trans-unit>'
ANDROID = "<resources>{}</resources>"
STRING = '<string name="a">{0} {1}</string>'
_LAUGHS = "".join(f'<!ENTITY l{i} "{f"&l{i - 1};" * 10}">' for i in range(1, 10))
_BOMB = f'<!DOCTYPE x [<!ENTITY l0 "ha">{_LAUGHS}]>'


def _xml(whole: str, unit: str, root: str) -> Iterator[tuple[str, bytes]]:
    """What any kind of XML may hold. whole: around the units. unit: of two texts. root: the name of the outermost."""
    two = whole.format(unit.format("one", "eins") + unit.format("two", "zwei"))
    laughing = whole.format(unit.format("&l9;", "ha"))
    yield "bomb", (_BOMB + laughing).encode()
    yield "bomb-far", (f"<!--{'.' * 9_000}-->" + _BOMB + laughing).encode()
    yield "bomb-utf16", ('<?xml version="1.0" encoding="utf-16"?>' + _BOMB + laughing).encode("utf-16")
    long = f'<!DOCTYPE x [<!ENTITY l9 "{"ha" * 50_000}">]>'
    yield "quadratic", (long + whole.format(unit.format("&l9;" * 3_000, "ha"))).encode()
    for name, place in (("file", "file:///etc/passwd"), ("net", "http://127.0.0.1:9/a"), ("relative", "names.txt")):
        yield f"external-{name}", (f'<!DOCTYPE x [<!ENTITY l9 SYSTEM "{place}">]>' + laughing).encode()
    yield "dtd", ('<!DOCTYPE x SYSTEM "file:///etc/passwd">' + two).encode()
    yield "parameter", ('<!DOCTYPE x [<!ENTITY % p SYSTEM "file:///etc/passwd"> %p;]>' + two).encode()
    yield "unknown-entity", laughing.encode()
    for n in (190, 900, 100_000):
        yield f"deep-{n}", whole.format(unit.format("<g>" * n + "one" + "</g>" * n, "eins")).encode()
        yield f"deep-outside-{n}", ("<a>" * n + two + "</a>" * n).encode()
        yield f"open-{n}", (f"<{root}>" + "<g>" * n).encode()
    for encoding in ("utf-7", "no-such", "cp932", "utf-16", "rot13", "idna", "unicode_escape"):
        yield f"encoding-{encoding}", f'<?xml version="1.0" encoding="{encoding}"?>{two}'.encode()
    yield "cut", two.encode()[: len(two) // 2]
    yield "twice", (two + two).encode()
    yield "nul", two.replace("one", "o\0e").encode()
    yield "latin", two.replace("one", "ön").encode("latin-1")
    yield (
        "wide",
        two.replace("<g", "<g")
        .replace(f"<{root}", f"<{root} " + " ".join(f'a{i}="1"' for i in range(20_000)), 1)
        .encode(),
    )
    yield "name", two.replace(f"<{root}", f"<{root} {'n' * 500_000}='1'", 1).encode()
    yield "namespaces", two.replace(f"<{root}", f"<q:{root}", 1).replace(f"</{root}>", f"</q:{root}>").encode()
    yield "many", whole.format(unit.format("a", "b") * 8_000).encode()
    yield "empty", whole.format(unit.format("", " ")).encode()
    yield "comments", whole.format("<!-- - -->" * 30_000 + unit.format("a", "b")).encode()
    yield "cdata", whole.format(unit.format("<![CDATA[" + "]" * 100_000 + "]]>", "b")).encode()


def translation_files() -> Files:
    """TMX, XLIFF and PO."""
    for name, data in _xml(TMX, UNIT, "tmx"):
        yield f"{name}.tmx", data
    for name, data in _xml(XLIFF, TRANSLATED, "xliff"):
        yield f"{name}.xliff", data
    languages = "".join(f'<tuv xml:lang="l{i}"><seg>a</seg></tuv>' for i in range(6_000))
    yield "languages.tmx", TMX.format(f"<tu>{languages}</tu>" * 3).encode()
    head = 'msgid ""\nmsgstr "Content-Type: text/plain; charset={}\\n"\n\n'
    entry = 'msgid "one"\nmsgstr "eins"\n\n'
    for charset in ("UTF-8", "no-such", "utf-7", "rot13", "idna", "zip", "CHARSET", "utf-16", "\\x00"):
        yield (
            f"charset-{charset.strip(chr(92))}.po",
            (head.format(charset) + entry + 'msgid "ö"\nmsgstr "ü"\n').encode(),
        )
    for i, line in enumerate(
        (
            'msgstr[99999999999999999999] "a"',
            'msgid_plural "x"\nmsgstr[-1] "a"',
            'msgid_plural "x"\nmsgstr[0] "a"\nmsgstr[70000] "b"',
            "msgid",
            '"' * 200_000,
            'msgid "' + "\\" * 100_001 + '"',
            'msgid "' + "a" * 2_000_000 + '"\nmsgstr "b"',
            "#: " + "a:1 " * 200_000,
            "#, " + "fuzzy," * 200_000 + '\nmsgid "a"\nmsgstr "b"',
            '#| msgid "a"\n' * 20_000,
            '#~ msgid "a"\n#~ msgstr "b"\n' * 5_000,
            'msgctxt "c"\nmsgid "a"\nmsgstr "b"\n' * 5_000,
            '"a"\n' * 100_000,
            "\0" * 5_000,
            "\r" * 100_000,
            'msgid "\\x\\u12\\777"\nmsgstr "b"',
        )
    ):
        yield f"entry-{i}.po", (head.format("UTF-8") + entry + line + "\n").encode()
    yield "surrogates.po", (head.format("UTF-8") + entry).encode() + b'msgid "\xed\xa0\x80"\nmsgstr "\xff"\n'


def string_files() -> Files:
    """The target's file of Android."""
    for name, data in _xml(ANDROID, STRING, "resources"):
        yield f"{name}.xml", data
    for i, text in enumerate(("\\u12", "\\ud800", "\\" * 99_999, '"' * 50_000, "\\u0000")):
        yield f"escape-{i}.xml", ANDROID.format(STRING.format(text, "b")).encode()


def gold_files() -> Files:
    for i, text in enumerate(
        (
            "a\t1e999\nb\tnan\nc\t-inf\n",
            "a\t" + "9" * 5_000 + "\nb\t1\n",
            "a\t1_0\nb\t０\nc\t١\n",
            "a" * 5_000_000 + "\t1\nb\t0\n",
            "\t" * 2_000_000,
            "a,1\na,2\n",
            "a,1\n" * 200_000,
            "\0\t1\n\0\t2\n",
            "\n" * 2_000_000,
            ";" * 500_000 + "\na;1",
            "a\u2028b\t1\x85c\t0\x1cd\t1\n",
            "\ufeff\ufeffa\t1\nb\t0\n",
            "a\u0301" * 200_000 + "\t1\n",
            "\u0f73" * 100_000 + "\u0300\u0345" * 100_000 + "\t1\nb\t0\n",
            "1\n" * 5_000,
            "a\t0x10\nb\t1e-999\n",
        )
    ):
        yield f"gold-{i}.tsv", text.encode()
    yield "utf16.tsv", "a\t1\n".encode("utf-16")
    yield "bytes.tsv", bytes(range(256)) * 100


def _odd() -> Iterator[tuple[str, str]]:
    yield "null", "null"
    yield "true", "true"
    yield "digits", "9" * 60_000
    yield "float", "1e999"
    yield "nan", "NaN"
    yield "minus", str(-(2**70))
    yield "list", "[1]"
    yield "object", '{"a": {"b": []}}'
    yield "text", '"\\ud800\\u0000"'
    yield "long", '"' + "a" * 300_000 + '"'
    yield "deep", "[" * 5_000 + "]" * 5_000
    yield "many", "[" + "1," * 100_000 + "1]"


def _with(told: dict[str, object], key: str, value: str) -> bytes:
    return json.dumps(told | {key: "@"}).replace('"@"', value, 1).encode()


def case_files() -> Files:
    told = Case(View("Drift"), title="a").as_json()
    line = json.dumps(told).encode() + b"\n"
    for key in told:
        for name, value in _odd():
            yield f"{key}-{name}.jsonl", line + _with(told, key, value) + b"\n"
    for n in (65, 5_000, 200_000):
        yield f"deep-{n}.jsonl", line + b"[" * n + b"]" * n + b"\n"
        yield f"open-{n}.jsonl", line + b'{"a":' * n + b"\n"
    yield "again.jsonl", line * 3_000
    yield "blank.jsonl", line + b"\n" * 2_000_000
    yield "nul.jsonl", line + b"\0" * 100_000
    yield "bytes.jsonl", line + bytes(range(256)) * 50
    view = {"page": "Drift", "parameters": {f"p{i}": "1" for i in range(20_000)}}
    yield "parameters.jsonl", json.dumps(told | {"view": view}).encode()


def story_files() -> Files:
    beat = Beat(View("Drift"), title="a").as_json()
    told = Story("Peace", (Beat(View("Drift"), title="a"),)).as_json()
    for key in told:
        for name, value in _odd():
            yield f"{key}-{name}.json", _with(told, key, value)
    whole = json.dumps(told | {"beats": ["@"]}).encode()
    for key in beat:
        for name, value in _odd():
            yield (
                f"beat-{key}-{name}.json",
                whole.replace(b'"@"', _with(beat, key, value)),
            )
    picture = f"<svg>{_BOMB}<script>1</script><image href='http://127.0.0.1:9/'/></svg>"
    yield "picture.json", json.dumps(told | {"beats": [beat | {"picture": picture}]}).encode()
    yield "beats.json", json.dumps(told | {"beats": [beat] * 3_000}).encode()
    for n in (65, 5_000, 200_000):
        yield f"deep-{n}.json", b"[" * n + b"]" * n
        yield f"open-{n}.json", b'{"a":' * n
    yield "twice.json", json.dumps(told).encode() * 2
    yield "utf16.json", json.dumps(told).encode("utf-16")
    yield "bytes.json", bytes(range(256)) * 50
