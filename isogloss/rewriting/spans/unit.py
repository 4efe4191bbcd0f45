"""Units beside numbers: symbols of measures and money, as languages write them."""

from __future__ import annotations

import re

from isogloss.rewriting.spans._base import BySign

# the symbol that people know → how it is written elsewhere
_WRITTEN = {
    "km": "km|km.|kilometer|kilometers|kilometre|kilometres|किमी|कि.मी.|किलोमीटर|كم|كيلومتر|كيلومترا|公里|千米|км",
    "m": "m|meter|meters|metre|metres|मीटर|متر|مترا|أمتار|米|м",
    "cm": "cm|सेमी|से.मी.|سم|厘米|公分|см",
    "mm": "mm|मिमी|मि.मी.|مم|ملم|毫米|мм",
    "kg": "kg|किग्रा|कि.ग्रा.|किलो|كجم|كغ|كغم|公斤|千克|кг",
    "g": "g|gram|grams|Gramm|ग्राम|غرام|جرام|غ|克|г",
    "mg": "mg|मिग्रा|मि.ग्रा.|ملغ|ملغم|毫克|мг",
    "l": "l|L|liter|liters|litre|litres|Liter|लीटर|لتر|升|л",
    "ml": "ml|mL|मिली|मि.ली.|مل|毫升|мл",
    "s": "s|sec|second|seconds|Sekunde|Sekunden|सेकंड|सेकेंड|ثانية|ثوان|秒|с",
    "ms": "ms|मिलीसेकंड|مللي ثانية|毫秒|мс",
    "min": "min|minute|minutes|Minute|Minuten|मिनट|دقيقة|دقائق|分钟|分鐘|мин",
    "h": "h|hr|hrs|hour|hours|Stunde|Stunden|घंटे|घंटा|ساعة|ساعات|小时|小時|ч",
    "km/h": "km/h|kmh|किमी/घंटा|كم/س|كم/ساعة|公里/小时|км/ч",
    "°C": "°C|℃|°सेल्सियस|°م|摄氏度|°С",
    "°F": "°F|℉|华氏度",
    "°": "°",
    "KB": "KB|kB|केबी|كيلوبايت|КБ",
    "MB": "MB|एमबी|ميغابايت|ميجابايت|م.ب|МБ",
    "GB": "GB|जीबी|غيغابايت|جيجابايت|ГБ",
    "TB": "TB|टीबी|تيرابايت|ТБ",
    "Hz": "Hz|हर्ट्ज़|هرتز|赫兹|Гц",
    "kHz": "kHz|千赫",
    "MHz": "MHz|兆赫|МГц",
    "GHz": "GHz|吉赫|ГГц",
    "W": "W|वाट|واط|瓦|Вт",
    "kW": "kW|किलोवाट|كيلوواط|千瓦|кВт",
    "kWh": "kWh|千瓦时|кВт⋅ч",
    "V": "V|वोल्ट|فولت|伏|В",
    "px": "px|pixels|Pixel|पिक्सेल|بكسل|像素",
    "%": "%|٪|％|percent|per cent|Prozent|प्रतिशत|फ़ीसदी|في المئة|بالمئة|بالمائة|في المائة|процентов",
    "$": "$|＄|US$|USD|dollar|dollars|Dollar|डॉलर|دولار|دولارا|دولارات|美元",
    "€": "€|EUR|euro|euros|Euro|यूरो|يورو|欧元|歐元",
    "£": "£|GBP|pounds|Pfund|पाउंड|جنيه إسترليني|英镑",
    "₹": "₹|INR|Rs|Rs.|rupees|Rupien|रुपये|रुपए|रु|روبية|卢比",
    "¥": "¥|￥|JPY|CNY|RMB|元|yen|Yen|येन|ين|日元",
}
_CANON = {
    form.lower() if len(form) > 2 else form: unit for unit, forms in _WRITTEN.items() for form in forms.split("|")
}
_AFTER = re.compile(
    r"[ \u00a0\u202f\u2009-]?("
    + "|".join(
        map(re.escape, sorted((f for forms in _WRITTEN.values() for f in forms.split("|")), key=len, reverse=True))
    )
    + ")"
)
_FIRST = frozenset(one[0] for one in _CANON) | {form[0] for forms in _WRITTEN.values() for form in forms.split("|")}
_BLANKS = frozenset(" \u00a0\u202f\u2009-")
_CJK = re.compile(r"[\u3400-\u9fff°%٪％$€£₹¥￥＄℃℉]$")
_LETTER = re.compile(r"[^\W\d_]|[\u0900-\u0963]")
_MONEY = re.compile(r"([$€£₹¥￥＄])[ \u00a0\u202f]?(?=\d)")


class Unit(BySign):
    name, title, signs = "unit", "Units", "$€£₹¥￥＄"
    follows = _FIRST | _BLANKS

    def match(self, text: str, at: int) -> tuple[int, str | None] | None:
        """After a number, or a sign of money before one.

        >>> Unit().match("5 किमी", 1), Unit().match("$5", 0), Unit().match("5 kme", 1)
        ((6, 'km'), (1, '$'), None)
        """
        sign = text[at : at + 1]
        if (text[at + 1 : at + 2] if sign in _BLANKS else sign) not in _FIRST:
            return None
        if sign in self.signs and (money := _MONEY.match(text, at)):
            return at + 1, _CANON[money[1]]
        if not (at and text[at - 1].isdecimal()):
            return None
        found = _AFTER.match(text, at)
        if not found:
            return None
        form = found[1]
        if not _CJK.search(form) and _LETTER.match(text, found.end()):
            return None  # the beginning of a word
        return found.end(), _CANON.get(form) or _CANON[form.lower()]


member = Unit()
