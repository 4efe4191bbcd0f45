"""Our own sentences as items in languages, and our switched ones as items whose words are mixed: for CLC and CSS."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from isogloss.rewriting.agreeing.vectors import ItemVectors, item_vectors
from isogloss.rewriting.given.switched import given_entities, given_sentences
from isogloss.rewriting.switching.entities import sentence
from isogloss.rewriting.switching.variants import Switching, variants
from isogloss.types import Vectors

NAME = "items"
NOTE = "sentences of our own writing, not checked by native speakers; labels in switched ones are not inflected"
PIVOT = "en"


def given_items(own: Mapping[str, Sequence[str | None]], encode: Callable[[Sequence[str]], Vectors]) -> ItemVectors:
    """own: language → sentences, line by line the same, plain. Beside them 60 in English whose entities are put
    into six languages: those of a sentence's second half (`english-first`), of its first (`english-second`). The first
    label stands for each.
    """
    rows = [(f"s{i + 1}", code, "", text) for code, texts in own.items() for i, text in enumerate(texts) if text]
    entities = given_entities()
    sentences = [sentence(text, entities) for text in given_sentences()]
    rows += [(f"e{i + 1}", PIVOT, "", one.plain) for i, one in enumerate(sentences)]
    for order in ("english-first", "english-second"):
        made, _ = variants(sentences, entities, Switching(entities.languages, order, "plain"))
        seen: set[tuple[int, str]] = set()
        for one in made:
            if (one.row, one.language) not in seen:
                seen.add((one.row, one.language))
                rows.append((f"e{one.row + 1}", one.language, order, one.plain))
    items, languages, kinds, said = (list(column) for column in zip(*rows, strict=True))
    return item_vectors(items, languages, kinds, encode(said))
