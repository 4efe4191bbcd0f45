"""XML: an element that is none of HTML's, with what is in it; kept where it parses, with the same elements, attributes
and structure. Texts in it may be translated.
"""

from __future__ import annotations

import re
from xml.etree import ElementTree

from isogloss.rewriting.span import inner_keys, plain_key
from isogloss.rewriting.spans._base import HTML, TAG, BySign, attributes_key

_HEAD = re.compile(r"<\?xml[^<>]{0,200}\?>\s*")
_DEEPEST = 64


class Xml(BySign):
    name, title, signs = "xml", "XML", "<"

    def match(self, text: str, at: int) -> tuple[int, str | None] | None:
        """Broken XML goes on to the last closing tag of its paragraph.

        >>> Xml().match("<m><to>Ana</to></m>", 0) == Xml().match("<m><to>Eva</to></m>", 0)
        True
        >>> Xml().match("<b>x</b>", 0) is None
        True
        """
        head = _HEAD.match(text, at)
        tag = TAG.match(text, head.end() if head else at)
        if not tag or tag["slash"] or (tag["alone"] and not head) or (not head and tag["name"].lower() in HTML):
            return None
        if tag["alone"]:
            return tag.end(), plain_key(f"<{tag['name']} {attributes_key(tag['attributes'])}/>")
        end = _closed(text, tag)
        if end:
            try:
                return end, plain_key(_shape(ElementTree.fromstring(text[tag.start() : end])))
            except (ElementTree.ParseError, ValueError):
                pass
        paragraph = text.find("\n\n", at)
        inside = text[tag.end() : len(text) if paragraph < 0 else paragraph]
        end = end or (tag.end() + inside.rfind(">") + 1 if "</" in inside else 0)
        if not end:
            return None
        names = " ".join(f"{one['slash']}{one['name']}" for one in TAG.finditer(text, at, end))
        return end, plain_key(f"broken: {names}")


def _closed(text: str, tag: re.Match[str]) -> int:
    """Where the element ends that a tag opens; 0 where nothing closes it."""
    level = 1
    if text.find(f"</{tag['name']}", tag.end()) < 0:
        return 0
    for one in TAG.finditer(text, tag.end()):
        if one["name"] == tag["name"] and not one["alone"]:
            level += -1 if one["slash"] else 1
        if not level:
            return one.end()
    return 0


def _shape(element: ElementTree.Element, level: int = 0) -> str:
    if level > _DEEPEST:
        raise ValueError("it is nested deeper than 64")
    told = attributes_key(" ".join(f'{name}="{value}"' for name, value in element.attrib.items()))
    inner = inner_keys(" ".join(filter(None, [element.text, *(one.tail for one in element)])))
    return f"<{element.tag} {told}>{' '.join(inner)}{''.join(_shape(one, level + 1) for one in element)}</>"


member = Xml()
