"""Bring text into the forms in which names are compared: folded, in tokens, and as a copy in Latin letters."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from functools import lru_cache

from anyascii import anyascii

LONGEST = 400
"""Characters of a name that are looked at; the longest on the official list has 160."""

_MARKS = "".join(chr(c) for c in range(0x300, 0x1D00) if unicodedata.category(chr(c)).startswith("M"))
_TOKEN = re.compile(rf"[\w{_MARKS}]+")
_ABBREVIATION = re.compile(r"(?<!\w)[^\W\d]\.(?:\s?[^\W\d](?!\w)\.?)+")
_SLASHED = re.compile(r"(?<!\w)(\w)/(\w)(?!\w)")
# Chinese, Japanese, Korean, Thai, Lao, Khmer and Burmese letters, and the borders between them and Latin ones: LG|전자.
_UNSPACED = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u2e80-\u9fff\uac00-\ud7af"
_BORDER = re.compile(f"(?<=[a-z0-9])(?=[{_UNSPACED}])|(?<=[{_UNSPACED}])(?=[a-z0-9])")
_APOSTROPHE = re.compile("['’‘ʼ`´]")
_GENITIVE = re.compile("['’‘ʼ`´](?=s\\b)")
_INVISIBLE = dict.fromkeys([0xAD, *range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2060, 0x2070), 0xFEFF])
# Accents of Latin, Greek and Cyrillic, points of Hebrew and Arabic; the vowel signs of Indic scripts stay.
_ACCENTS = dict.fromkeys(
    [*range(0x300, 0x370), *range(0x591, 0x5C8), *range(0x610, 0x61B), *range(0x64B, 0x660), 0x670]
)
_ARABIC = str.maketrans({"ـ": None, "أ": "ا", "إ": "ا", "آ": "ا", "ٱ": "ا", "ة": "ه", "ى": "ي", "ی": "ي", "ک": "ك"})
_FOLDED = _INVISIBLE | _ACCENTS | _ARABIC
# Letters of other scripts, and rare Latin ones, that look like Latin letters (Unicode confusables, capitals too).
_LOOK_ALIKE = frozenset("аеорсухіјѕһԁԛԝАВЕЗКМНОРСТУХІЈЅԌԜΑΒΕΖΗΙΚΜΝΟΡΤΥΧαιορνυχτκ")
_RENDERED = str.maketrans("lpvcqz", "rbbkks", "aeiouwyh")
_DOUBLED = re.compile(r"(.)\1+")
_ALIKE_SCRIPTS = frozenset({"CYRILLIC", "GREEK", "ARMENIAN", "CHEROKEE", "COPTIC", "LISU"})
_ODD_LATIN = re.compile("[\u0250-\u02af\u1d00-\u1d7f\u2c60-\u2c7f\ua720-\ua7ff\uab30-\uab6f\u0131\u017f]")
_NEAR = (frozenset("0o"), frozenset("1l"), frozenset("1i"), frozenset("il"), frozenset("5s"), frozenset("uv"))
_NEAR_PAIRS = (("rn", "m"), ("vv", "w"), ("cl", "d"), ("nn", "m"))


def fold(text: str, variants: Mapping[int, str]) -> str:
    """Give `text` in small letters without accents and invisible characters; Han characters by `variants`."""
    if text.isascii():
        return text.lower()
    spread = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
    return unicodedata.normalize("NFC", spread.translate(_FOLDED)).translate(variants)


def tokens(folded: str) -> list[str]:
    """Split folded text into words; "s.r.o.", "A/S" and "people's" are one word each, "l'eau" is two."""
    if "." in folded:
        folded = _ABBREVIATION.sub(lambda found: re.sub(r"[.\s]", "", found[0]) + " ", folded)
    if "/" in folded:
        folded = _SLASHED.sub(r"\1\2", folded)
    if not folded.isascii():
        folded = _BORDER.sub(" ", folded)
    return _TOKEN.findall(_APOSTROPHE.sub(" ", _GENITIVE.sub("", folded)))


@lru_cache(maxsize=65_536)
def latin(token: str) -> str:
    """Give the token in the letters a to z and digits, as anyascii transliterates it."""
    if token.isascii():
        return token
    return "".join(c for c in anyascii(token).lower() if c.isalnum())


@lru_cache(maxsize=65_536)
def script(text: str) -> str:
    """Name the script of the first letter in `text` as Unicode does ("LATIN", "CJK", "ARABIC"), or nothing."""
    for letter in text:
        if letter.isalpha():
            return "LATIN" if letter.isascii() else unicodedata.name(letter, "").split(" ")[0].split("-")[0]
    return ""


def is_disguised(name: str) -> bool:
    """Say whether letters of another alphabet, or rare ones, stand where a reader sees Latin letters."""
    if name.isascii():
        return False
    if _ODD_LATIN.search(name):
        return True
    words = _TOKEN.findall(unicodedata.normalize("NFC", name))
    scripts = [{script(letter) for letter in word if letter.isalpha()} for word in words]
    if any(found & _ALIKE_SCRIPTS and "LATIN" in found for found in scripts):
        return True
    # Among honest words of one alphabet "Тараса" is a name; alone, or beside Latin words, "СОС" is a disguise.
    is_honest = len(set().union(*scripts)) == 1 and not all(map(_looks_latin, words))
    return not is_honest and any(
        found & _ALIKE_SCRIPTS and _looks_latin(w) for w, found in zip(words, scripts, strict=True)
    )


def _looks_latin(word: str) -> bool:
    return len(word) > 1 and all(letter in _LOOK_ALIKE for letter in word)


def skeleton(text: str) -> str:
    """Give the consonants of a Latin word as other scripts render them: without vowels, l as r, p as b, c as k."""
    return _DOUBLED.sub(r"\1", text.translate(_RENDERED))


def looks_alike(one: str, other: str) -> bool:
    """Say whether two Latin words differ only by characters that a reader takes for each other (0 and o, rn and m)."""
    if len(one) == len(other):
        unlike = [frozenset((a, b)) for a, b in zip(one, other, strict=True) if a != b]
        return bool(unlike) and all(pair in _NEAR for pair in unlike)
    return any(one.replace(long, short) == other.replace(long, short) for long, short in _NEAR_PAIRS)
