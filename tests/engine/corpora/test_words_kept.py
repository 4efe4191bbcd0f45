"""What is written is counted: a word is lost to a rule that is named and counted, or not at all."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest
import regex
from hypothesis import given
from hypothesis import strategies as st

from isogloss.corpora.forms import TokenRules
from isogloss.corpora.lines import is_cut, lines_are
from isogloss.corpora.tokens import Tokenizer, TokenStream
from isogloss.text.normalize import lowered, normal_form
from tests.kit.tiers import cases
from tests.kit.tokens import stream, words

DATA = Path(os.environ.get("ISOGLOSS_DATA") or Path(__file__).resolve().parents[4] / "shared" / "data")


def uses(found: TokenStream) -> Counter[str]:
    counts = np.bincount(found.ids[found.ids >= 0], minlength=len(found.items))
    return Counter({item: n for item, n in zip(found.items, counts.tolist(), strict=True) if n})


def letters(text: str) -> Counter[str]:
    return Counter(regex.findall(r"\p{L}", lowered(normal_form(text))))


def lost(text: str, found: TokenStream) -> Counter[str]:
    """Letters of a text that stand in no item and that no rule took; negative: that came from nowhere."""
    out = letters(text)
    for item, n in uses(found).items():
        out.subtract({letter: n * k for letter, k in letters(item).items()})
    for taken in found.removed.values():
        for form, n in taken.items():
            out.subtract({letter: n * k for letter, k in letters(form).items()})
    return Counter({letter: n for letter, n in out.items() if n})


def rules_of(found: TokenStream) -> Mapping[str, set[str]]:
    return {rule: set(forms) for rule, forms in found.removed.items()}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("HIV/AIDS and TB/HIV, TCP/IP or EU/NATO", "hiv aids and tb hiv tcp ip or eu nato |"),
        ("N/A, I/O, and/or, his/her, A/H1N1/2009", "n/a i/o and or his her |"),
        ("A/RES/70/1 S/PV.12 E/CN.4/2001/1 A/C.3/SR.12/Add.1 go", "go |"),
        (
            "pre- and post-war, Vor- und Nachteile, ein- oder zweimal",
            "pre and post-war vor und nachteile ein oder zweimal |",
        ),
        ("sub- e supra-, avant- et après-guerre", "sub supra avant et après-guerre |"),
        ("new_york attack_nn __init__ _Moby_ new__york", "new_york attack_nn init moby new__york |"),
        ("the U.S. and the U.S, Ph.D. e.g. z.B. т.д.", "the u.s. and the u.s. ph.d. e.g. z.b. т.д. |"),
        ("it is.He said so.The end", "it is he said so the end |"),
        ("don`t don´t don′t don’t don't", "don't don't don't don't don't |"),
        ("oʻzbek o‘zbek o'zbek col·lecció col•lecció", "o'zbek o'zbek o'zbek col·lecció col·lecció |"),
        ('צה״ל צה"ל', "צה״ל צה״ל |"),
        ("AT&T and R&D", "at&t and r&d |"),
        ("ﬁnance oﬃce, finance office", "finance office finance office |"),
        ("the Congreſs poſſible, Congress possible", "the congress possible congress possible |"),
        ("مرحبا ﻣﺮﺣﺒﺎ مـرحـبا", "مرحبا مرحبا مرحبا |"),
        ("İstanbul Ｔｏｋｙｏ ｶﾀｶﾅ Ǆep", "istanbul tokyo カタカナ džep |"),
        ("caf&eacute; r&amp;b &#233;t&#xe9; Q&A;", "café été q&a |"),
        ("if a<b and c>d then water<ice stays>here", "if and then water ice stays here |"),
        ('The <i>Titanic</i> <ref name="x">Smith</ref><br/>sank', "the titanic smith sank |"),
        ("**Bold**face f**king **L**etter *so* 2*x*3", "boldface king letter so |"),
        ("peace² and m² of CO₂ ½", "peace and of co |"),
        ("see https://x.org/y，中文 or mail a.b@c.org now", "see 中 文 or mail now |"),
        ("co-\noperation co-operation", "co-operation co-operation |"),
        ("a state-of-\nthe-art state-of-the-art", "state-of-the-art state-of-the-art |"),
        ("the cottage--a large one--and", "the cottage large one and |"),
        ("soft\u00adhyphen self\u2011made zero\u2060width \u200bspace", "softhyphen self-made zerowidth space |"),
        ("می\u200cخواهم می\u200c", "می\u200cخواهم می |"),
    ],
)
def test_words_that_were_lost_or_fused(text: str, expected: str) -> None:
    found = stream(text)
    assert words(text) == expected
    assert not lost(
        text.replace("&eacute;", "é").replace("&#233;", "é").replace("&#xe9;", "é").replace("&amp;", "&"), found
    )


def test_what_is_left_out_is_counted_by_rule() -> None:
    found = stream(
        "See A/RES/70/1, <b>x</b> at www.un.org: covid-19 in 1989, h2o, l'homme's dog, the pv", drop=frozenset(["pv"])
    )
    assert rules_of(found) == {
        "document code": {"A/RES/70/1"},
        "tag": {"<b>", "</b>"},
        "address": {"www.un.org:"},
        "numbers": {"19", "1989"},
        "words with digits": {"h2o"},
        "single letters": {"x"},
        "elision": {"l'"},
        "possessive 's": {"'s"},
        "dropped by the recipe": {"pv"},
    }
    assert found.removed_most(1)["numbers"] == {"uses": 2, "examples": {"19": 1}}
    assert uses(stream("h2o and covid-19", digits=True)) == {"h2o": 1, "and": 1, "covid-19": 1}


LANGUAGES = {
    "Amharic": "ሰላም፡ዓለም። ኤች.አይ.ቪ/ኤድስ 1983",
    "Arabic": "الأمم/المتحدة: فيروس HIV/AIDS في 1990؛ مَرحَبا 😀",
    "Armenian": "Բարեւ ձեզ, ՄԱԿ-ը եւ ՀԻՎ/ՁԻԱՀ։",
    "Bengali": "বাংলা/ভাষা, এইচ.আই.ভি. ১৯৭১ সালে।",
    "Burmese": "မြန်မာ/စာ၊ ၁၉၄၈။",
    "Catalan": "col·legi d'estiu, l’home i/o la dona; pre- i postguerra",
    "Chinese": "联合国/中国，HIV/AIDS在1990年。",
    "Czech": "např. OSN/EU, česko-slovenský, 20. století",
    "Danish": "for- og eftermiddag, EU/NATO, f.eks. i 1990'erne",
    "Dutch": "in- en uitvoer, zo'n auto's, 's morgens, a.u.b.",
    "English": "The U.S./U.K. co-op, O'Brien's mid-1990s T-shirt, e.g. R&D 😀 #tag @you",
    "Finnish": "EU/ETA-maat, n. 20 %:n, linja-auto",
    "French": "l'État/nation, aujourd’hui, M. Dupont, c.-à-d. qu’il dit: «oui»",
    "Georgian": "გაერო/ევროკავშირი, 1990-იანი წლები.",
    "German": "Vor- und Nachteile, z.B. EU/NATO, Straße/STRASSE, 1990er-Jahre, d.h.",
    "Greek": "ΟΗΕ/ΕΕ, π.χ. ο Ο.Η.Ε. το 1990·",
    "Hebrew": 'צה״ל/צה"ל, ארה״ב בשנת 1990, בית־ספר ג׳ירפה',
    "Hindi": "हिन्दी/उर्दू, एच.आई.वी./एड्स, क्‍ष १९४७ में।",
    "Hungarian": "pl. ENSZ/EU, 1990-es évek, nap- és szélenergia",
    "Indonesian": "undang-undang, dan/atau PBB/ASEAN, s.d. 1990",
    "Italian": "l'ONU/UE, dell’anno, un po' d'acqua, pre- e post-bellico",
    "Japanese": "国連/日本、HIV/AIDSは1990年に。カタカナ・ひらがな",
    "Khmer": "ភាសា/ខ្មែរ ១៩៩០។",
    "Korean": "유엔/한국, 1990년대의 HIV/AIDS.",
    "Persian": "می‌خواهم/کتاب‌ها را؛ ۱۹۹۰",
    "Polish": "np. ONZ/UE, polsko-niemiecki, m.in. w 1990 r.",
    "Russian": "и/или ООН/ЕС, т.е. т.д., кое-что, 1990-е",
    "Tamil": "தமிழ்/மொழி, எச்.ஐ.வி. 1990",
    "Thai": "สหประชาชาติ/ไทย ค.ศ. 1990 น้ำ",
    "Turkish": "AB/NATO, İstanbul'da IŞIK, 1990'lar",
    "Ukrainian": "м'ясо/м’ясо, ООН/ЄС, кінець 1990-х",
    "Vietnamese": "Việt/Nam, v.v. năm 1990",
}
TAKES = {
    "numbers",
    "words with digits",
    "single letters",
    "elision",
    "possessive 's",
    "address",
    "document code",
    "tag",
}


@pytest.mark.parametrize("language", LANGUAGES)
def test_in_every_language_only_what_a_rule_names_is_lost(language: str) -> None:
    text = LANGUAGES[language]
    found = stream(text)
    assert not lost(text, found)
    assert set(found.removed) <= TAKES
    assert sum(uses(found).values()) >= 2
    kept = stream(text, digits=True, keep_single=frozenset(letters(text)))
    assert set(kept.removed) <= {"numbers", "elision", "possessive 's"}


WRITTEN = st.sampled_from(
    [
        *" ,.;:!?-'/\\_*<>&@#()\"’·\n\u200c\u200d\u0301\u0640…²Ⅳéiİŉﬁſ中国😀",
        *"- ␣-⏎␣http://␣www.␣&amp;␣A/RES/7␣<b>␣word␣War␣U.S.␣l'␣'s␣ไทย␣हिन्दी␣سلام␣צה␣1990␣h2o".replace("⏎", "\n").split(
            "␣"
        ),
    ]
)


@given(st.one_of(st.lists(WRITTEN, max_size=30).map("".join), st.text(max_size=60)))
def test_no_letter_is_lost_outside_the_rules(text: str) -> None:
    plain = text.replace("&", " ")
    assert not lost(plain, stream(plain))
    assert normal_form(normal_form(text)) == normal_form(text)


@given(
    st.lists(
        st.sampled_from(
            ["经济", "发展", "new_york", "attack_nn", "end.", "U.S.", "C++", "n't", "h2o", "(so)", "3", "。"]
        )
    )
)
def test_tokens_that_are_cut_already_stay_whole(tokens: list[str]) -> None:
    bare = {"end.": "end", "(so)": "so"}
    found = stream(" ".join(tokens), split="whitespace", lower=False)
    expected = Counter(bare.get(token, token) for token in tokens if token not in ("3", "。"))
    assert uses(found) == expected
    taken = found.removed.get("numbers and signs", {})
    assert sum(taken.values()) == tokens.count("3")


@pytest.mark.skipif(not DATA.is_dir(), reason="needs the data in ISOGLOSS_DATA")
def test_no_letter_of_real_lines_is_lost() -> None:
    """Lines of 128 languages and of French novels."""
    n = cases(10_000)
    lines = pq.read_table(DATA / "parallel_ntrex.parquet", columns=["text"])["text"].to_pylist()[:: 257_613 // n]
    novels = pq.read_table(DATA / "novels_fra.parquet", columns=["text"])["text"].slice(0, 2).to_pylist()
    lines += [line for text in novels for line in text[: 40 * n].split("\n")]
    found = stream(*lines)
    assert len(lines) > n
    assert not lost("\n".join(lines), found)
    assert set(found.removed) <= TAKES


def test_a_line_is_a_sentence_where_nothing_else_ends_one() -> None:
    texts = ["sea sail captain\nharvest plough\nship sail"]
    assert lines_are(texts) == "sentences"
    tokenizer = Tokenizer(TokenRules(), lines=True)
    tokenizer.add(texts[0])
    found = tokenizer.resolve()
    assert [
        found.items[i] if i >= 0 else "|" for i in found.ids
    ] == "sea sail captain | harvest plough | ship sail |".split()
    assert lines_are(["the ship sails .\nthe sea is calm .\nno one speaks ."]) == "sentences"
    assert lines_are(["The ship sails.\nThe sea is calm. No one\nspeaks. A storm comes."]) == "none"
    assert lines_are(["one\n\ntwo\n\nthree"]) == "none"
    assert lines_are(["one line", "another"]) == "none"
    assert lines_are([]) == lines_are([None, ""]) == "none"


@pytest.mark.parametrize(
    ("text", "cut"),
    [
        ("今天 我们 讨论 经济 发展 的 问题 。", True),
        ("今天我们讨论经济发展的问题。我们 都 很好。" * 3, False),
        ("ราชการ ไทย วันนี้ ดี มาก", True),
        ("ประเทศไทยเป็นประเทศในเอเชียตะวันออกเฉียงใต้ มีพรมแดนติดกับประเทศเพื่อนบ้าน และทะเลอันดามัน", False),
        ("attack_nn rise_vb plane_nn the_dt " * 8, True),
        ("plain words of a plain language " * 8, False),
        ("", False),
    ],
)
def test_words_that_are_cut_already_are_noticed(text: str, cut: bool) -> None:
    assert is_cut([text]) == cut
