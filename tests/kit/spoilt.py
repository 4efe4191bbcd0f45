"""Pairs with protected spans, one of them spoilt in a known way."""

from __future__ import annotations

import json
import random
from dataclasses import dataclass

ENGLISH = "open the old door and read each word aloud before sunset".split()
HINDI = "दरवाज़ा खोलो और हर शब्द ज़ोर से पढ़ो सूरज ढलने से पहले".split()
ARABIC = "افتح الباب القديم واقرأ كل كلمة بصوت عال قبل الغروب".split()
KINDS = ("lost", "added", "changed", "moved")
TYPES = ("code", "latex", "json", "xml", "url", "email", "placeholder", "tag", "number", "unit", "hashtag")
_UNITS = ("km", "kg", "ms", "GB", "°C", "%", "px", "min")


@dataclass(frozen=True)
class Made:
    source: str
    target: str
    kind: str
    what: str


def one_span(what: str, n: int, rng: random.Random) -> str:
    """Another one for every n."""
    name = f"v{n}"
    forms = {
        "code": (f"`{name}()`", f"``a `{name}` b``", f"\n```py\n{name} = {n}\n```\n"),
        "latex": (f"$x_{{{n}}} + y$", rf"\( {n} \alpha \)", rf"\frac{{{n}}}{{b}}", f"$$a = {n}$$"),
        "json": (json.dumps({name: 1, "to": "x"}), json.dumps([{"id": n}, {"to": ["a"]}])),
        "xml": (f"<note{n}><to at='1'>x</to></note{n}>", f'<order id="{n}"><line/></order>'),
        "url": (f"https://a.org/p{n}?q=1", f"http://b.net/x_(y{n})", f"www.c.org/{name}"),
        "email": (f"{name}@a.org", f"a.{name}+x@b.co.in"),
        "placeholder": (
            f"{{{name}}}",
            f"%{n}$s",
            f"%({name})s",
            f"{{{{{name}}}}}",
            f"${{{name}}}",
            f"%{{{name}}}",
            f"{{{name}, plural, one {{# x}} other {{# y {{z}}}}}}",
            f"{{{name}, select, a {{x}} other {{y}}}}",
            f"{{{name}, number, percent}}",
        ),
        "tag": (f'<a href="/{name}">', f"<h{n % 6 + 1} id={name}>", f"<img src='{name}.png'/>"),
        "number": (f"{n}", f"{n}.5", f"1,{n % 900 + 100},000"),
        "unit": (f"7 {_UNITS[n % len(_UNITS)]}",),
        "hashtag": (f"#{name}", f"#हिन्दी{n}"),
    }
    return rng.choice(forms[what])


def spoilt(rng: random.Random, kind: str, what: str) -> Made:
    """A pair with a span of other types around, in Hindi or Arabic, and one thing done to one of the type."""
    first = rng.randrange(2, 500)
    apart = 8 if what != "unit" else 1
    numbers = [first + i * apart + i for i in range(3)] if what != "unit" else [0, 1, 2]
    mine = [one_span(what, n, rng) for n in numbers]
    if what == "unit":
        mine = [f"7 {one}" for one in rng.sample(_UNITS, 3)]
    others = [
        one_span(one, 700 + i * 9, rng) for i, one in enumerate(rng.sample([t for t in TYPES if _far(t, what)], 2))
    ]
    source, target = [mine[0], others[0], mine[1], others[1]], [mine[0], others[0], mine[1], others[1]]
    bare = "7" if what == "unit" else ""
    if kind == "lost":
        target[0] = bare
    elif kind == "added":
        source = [*source, bare]
        target.append(mine[2])
    elif kind == "changed":
        target[2] = mine[2]
    else:
        target[0], target[2] = mine[1], mine[0]
    words = rng.choice((HINDI, ARABIC))
    return Made(_laid(source, ENGLISH, rng), _laid(target, words, rng), kind, what)


def _far(one: str, what: str) -> bool:
    return one != what and {one, what} != {"number", "unit"}


def _laid(spans: list[str], words: list[str], rng: random.Random) -> str:
    """Spans among words, so that no two touch."""
    parts = []
    for span in spans:
        parts += [" ".join(rng.sample(words, 3)), span]
    return " ".join([*parts, words[0]])
