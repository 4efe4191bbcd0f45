"""Files of pairs: every format is recognised, read with its own rows, and written with the same bytes but for what is
dropped.
"""

from __future__ import annotations

import json
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from isogloss.errors import InvalidValue, NotFound
from isogloss.rewriting.file import FORMATS, goes_with, read_pairs, without

PO = """# a note
msgid ""
msgstr ""
"Content-Type: text/plain; charset=UTF-8\\n"
"Language: ar\\n"

#: a.c:1
msgid "Open %s"
msgstr "افتح %s"

# of the menu
msgctxt "menu"
msgid ""
"Delete "
"{file}?"
msgstr "حذف الملف؟"

#: a.c:3
msgid "%d file"
msgid_plural "%d files"
msgstr[0] "ملف %d"
msgstr[1] "ملفات"

msgid "Never"
msgstr ""

#~ msgid "Old"
#~ msgstr "قديم"
"""
TMX = """<?xml version="1.0"?>
<tmx version="1.4"><header srclang="en"/><body>
  <tu><tuv xml:lang="en"><seg>One <bpt i="1">&lt;b></bpt>1</seg></tuv><tuv xml:lang="de"><seg>Eins 2</seg></tuv></tu>
  <!-- kept > -->
  <tu><tuv xml:lang="en"><seg>Two 2</seg></tuv><tuv xml:lang="de"><seg>Zwei 2</seg></tuv></tu>
  <tu><tuv xml:lang="en"><seg>Three</seg></tuv></tu>
</body></tmx>
"""
XLIFF = """<?xml version="1.0"?>
<xliff version="1.2"><file source-language="en" target-language="de"><body>
  <trans-unit id="a"><source>Hi <x id="1"/> there</source><target>Hallo du</target></trans-unit>
  <trans-unit id="b"><source>Bye 3</source><target>Tschüss 3</target></trans-unit>
</body></file></xliff>
"""
XLIFF2 = """<xliff xmlns="urn:oasis:names:tc:xliff:document:2.0" version="2.0" srcLang="en" trgLang="de"><file id="f">
 <unit id="u"><segment><source>One</source><target>Eins</target></segment></unit>
 <unit id="v"><segment><source>Two <ph id="1"/></source><target>Zwei</target></segment></unit>
</file></xliff>
"""
ANDROID = """<resources>
    <string name="a">Hello %1$s</string>
    <string name="b">It\\'s <b>5</b></string>
    <plurals name="p"><item quantity="one">%d day</item><item quantity="other">%d days</item></plurals>
</resources>
"""
CSV = 'id;from;to\r\n1;"Open {x}";"Öffne\r\n{y}"\r\n\r\n2;"A ""very"" long text";"Ein ""sehr"" langer Text"\r\n3;;x\r\n'
CHAT = [
    {"messages": [{"role": "user", "content": "Say `x`"}, {"role": "assistant", "content": "Sag `y`"}], "id": 1},
    {
        "messages": [
            {"role": "system", "content": "s"},
            {"role": "user", "content": "A"},
            {"role": "assistant", "content": "B"},
        ]
    },
]

# files, rows, texts of the first pair, what the first pair's drop leaves
CASES = {
    "po": ([("a.po", PO)], [1, 2, 3, 3], ("Open %s", "افتح %s"), '#: a.c:1\nmsgid "Open %s"\nmsgstr "افتح %s"\n\n'),
    "tmx": ([("a.tmx", TMX)], [1, 2], ("One <b>1", "Eins 2"), TMX[TMX.index("\n  <tu>") : TMX.index("\n  <!--")]),
    "xliff": (
        [("a.xlf", XLIFF)],
        [1, 2],
        ('Hi <x id="1"/> there', "Hallo du"),
        XLIFF[XLIFF.index('\n  <trans-unit id="a"') : XLIFF.index('\n  <trans-unit id="b"')],
    ),
    "xliff 2": (
        [("b.xliff", XLIFF2)],
        [1, 2],
        ("One", "Eins"),
        XLIFF2[XLIFF2.index('\n <unit id="u"') : XLIFF2.index('\n <unit id="v"')],
    ),
    "android": (
        [("en.xml", ANDROID), ("de.xml", ANDROID.replace("Hello", "Hallo"))],
        [1, 2, 3, 3],
        ("Hello %1$s", "Hallo %1$s"),
        '\n    <string name="a">Hallo %1$s</string>',
    ),
    "strings": (
        [
            ("en.json", '{"m": {"a": "One", "n": 3},\n "b": "Two"}'),
            ("de.json", '{"m": {"a": "Eins", "n": 3},\n "b": "Zwei"}'),
        ],
        [1, 2],
        ("One", "Eins"),
        '"a": "Eins", ',
    ),
    "table": ([("a.csv", CSV)], [2, 5], ("Open {x}", "Öffne\r\n{y}"), '1;"Open {x}";"Öffne\r\n{y}"\r\n'),
    "messages": (
        [("a.jsonl", "".join(json.dumps(one) + "\n" for one in CHAT))],
        [1, 2],
        ("Say `x`", "Sag `y`"),
        json.dumps(CHAT[0]) + "\n",
    ),
    "list": (
        [("a.json", '[{"src": "Go {x}", "tgt": "Geh {x}"}, {"src": "b", "tgt": "c"}]')],
        [1, 2],
        ("Go {x}", "Geh {x}"),
        '{"src": "Go {x}", "tgt": "Geh {x}"}, ',
    ),
    "lines": (
        [("l.en", "Open 1\n\nSee {x}\n"), ("l.de", "Öffne 1\n\nSieh {x}\n")],
        [1, 3],
        ("Open 1", "Öffne 1"),
        "Öffne 1\n",
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_each_format_is_read_and_written_with_the_same_bytes(name: str, tmp_path: Path) -> None:
    files, rows, texts, gone = CASES[name]
    paths = [tmp_path / one for one, _ in files]
    for path, (_, content) in zip(paths, files, strict=True):
        path.write_bytes(content.encode())
    found = read_pairs(paths)
    assert found.kind in FORMATS
    assert list(found.pairs.rows) == rows
    assert (found.pairs.source[0], found.pairs.target[0]) == texts
    assert found.pairs.read.read == len(found.pairs)
    before = files[-1][1].encode()
    left = without(found, [0])
    assert left["target" if len(files) == 2 else "pairs"] == before.replace(gone.encode(), b"", 1) != before
    again = without(found, [])
    assert all(data == path.read_bytes() for data, path in zip(again.values(), paths[-len(again) :], strict=True))


@pytest.mark.parametrize("name", ["po", "tmx", "xliff", "table", "messages", "list"])
def test_what_is_left_reads_as_the_pairs_that_were_not_dropped(name: str, tmp_path: Path) -> None:
    file, content = CASES[name][0][0]
    path = tmp_path / file
    path.write_bytes(content.encode())
    found = read_pairs([path])
    last = len(found.pairs) - 1
    path.write_bytes(without(found, [last])["pairs"])
    kept = [i for i in range(len(found.pairs)) if i not in goes_with(found, [last])]
    assert list(read_pairs([path]).pairs.source) == [found.pairs.source[i] for i in kept]


def test_what_is_not_translated_is_counted_by_reason(tmp_path: Path) -> None:
    (tmp_path / "a.po").write_text(PO, encoding="utf-8")
    found = read_pairs([tmp_path / "a.po"])
    assert found.pairs.read.skipped == {"without_a_translation": 1, "obsolete": 1}
    assert found.pairs.columns["context"] == ["", "menu", "", ""]
    assert found.pairs.source[1] == "Delete {file}?"
    assert found.told == {"target": "ar"}
    assert goes_with(found, [2]) == {2, 3}


def test_parquet_keeps_its_columns_and_other_encodings_their_bytes(tmp_path: Path) -> None:
    table = pa.table(
        {"en": ["Open the door", "Close it now"], "de": ["Öffne die Tür", "Schließ es jetzt"], "n": [1, 2]}
    )
    pq.write_table(table, tmp_path / "a.parquet")
    found = read_pairs([tmp_path / "a.parquet"])
    assert (found.told["source"], found.told["target"]) == ("en", "de")
    (tmp_path / "b.parquet").write_bytes(without(found, [0])["pairs"])
    assert pq.read_table(tmp_path / "b.parquet").to_pylist() == table.to_pylist()[1:]
    for encoding in ("utf-16", "cp1252", "utf-8-sig"):
        data = "source,target\nOpen,Öffne {x}\nClose,Schließe\n".encode(encoding)
        (tmp_path / "c.csv").write_bytes(data)
        found = read_pairs([tmp_path / "c.csv"])
        assert found.pairs.target[0] == "Öffne {x}"
        part = "Open,Öffne {x}\n".encode("utf-16-le" if encoding == "utf-16" else encoding.removesuffix("-sig"))
        assert without(found, [0])["pairs"] == data.replace(part, b"")


def test_two_versions_of_a_conversation_are_paired_by_turn(tmp_path: Path) -> None:
    one = [{"role": "user", "content": "Hi"}, {"role": "assistant", "content": "Yes"}]
    two = [{"role": "user", "content": "Hallo"}, {"role": "assistant", "content": "Ja"}]
    lines = [{"messages": one, "messages_de": two}, {"messages": one, "messages_de": two[:1]}, {"x": 1}]
    (tmp_path / "a.jsonl").write_text("\n".join(map(json.dumps, lines)), encoding="utf-8")
    found = read_pairs([tmp_path / "a.jsonl"]).pairs
    assert list(zip(found.source, found.target, strict=True)) == [("Hi", "Hallo"), ("Yes", "Ja")]
    assert found.read.skipped == {"turns_that_differ": 1, "row_without_messages": 1}


@pytest.mark.parametrize(
    ("files", "message"),
    [
        ({"a.csv": "a,b,c\n" + "one long text,two long texts,three long texts\n" * 3}, "name the columns"),
        ({"a.po": 'msgid "a" x"\nmsgstr "b"\n'}, "line 1"),
        ({"a.xlf": "<xliff><file>"}, "no whole XML"),
        ({"a.tmx": '<!DOCTYPE t [<!ENTITY a "b">]><tmx version="1"></tmx>'}, "entities"),
        ({"a.tmx": "<tmx><body/></tmx>"}, "languages none"),
        ({"a.en": "x\ny\n", "b.de": "x\n"}, "2 lines"),
        ({"a.json": '{"a": 1,}', "b.json": '{"a": "x"}'}, "no JSON"),
        ({"a.xml": "<resources><string name='a'>b</string></resources>"}, "one side only"),
        ({"a.csv": ""}, "empty"),
        ({"a.txt": "just a line of words\nand another\n"}, "one side only"),
        ({"a.bin": "\0\1\2"}, "a.bin"),
        ({"a.csv": "source,target\n,\n"}, "no pair"),
    ],
)
def test_what_holds_no_pairs_says_why(files: dict[str, str], message: str, tmp_path: Path) -> None:
    for name, content in files.items():
        (tmp_path / name).write_text(content, encoding="utf-8")
    with pytest.raises((InvalidValue, NotFound), match=message):
        read_pairs([tmp_path / name for name in files])


def test_a_column_or_language_that_is_none_names_those_there_are(tmp_path: Path) -> None:
    (tmp_path / "a.tmx").write_text(TMX, encoding="utf-8")
    with pytest.raises(NotFound, match="no language 'fr'"):
        read_pairs([tmp_path / "a.tmx"], target="fr")
    (tmp_path / "a.csv").write_bytes(CSV.encode())
    with pytest.raises(InvalidValue, match="'form'"):
        read_pairs([tmp_path / "a.csv"], source="form", target="to")
    assert read_pairs([tmp_path / "a.tmx"], source="DE", target="en").pairs.source[0] == "Eins 2"
