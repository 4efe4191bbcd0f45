"""The languages that the interface speaks, by their codes and in their own names."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Language:
    """code: of ISO 639-1. name: as those who speak it call it. rtl: whether it is written from right to left."""

    code: str
    name: str
    rtl: bool = False


ENGLISH = "en"
LANGUAGES = {
    one.code: one
    for one in (
        Language(ENGLISH, "English"),
        Language("de", "Deutsch"),
        Language("es", "Español"),
        Language("fr", "Français"),
        Language("hi", "हिन्दी"),
        Language("ar", "العربية", rtl=True),
        Language("zh", "中文"),
    )
}


def language_of(locale: str) -> str:
    """The code of the language of a browser or of an environment; empty for one that is not spoken here.

    >>> language_of("de-AT"), language_of("zh_CN.UTF-8"), language_of("tlh")
    ('de', 'zh', '')
    """
    code = locale.strip().replace("_", "-").partition("-")[0].lower()
    return code if code in LANGUAGES else ""
