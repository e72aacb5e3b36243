"""Fold text for comparison without losing the way back to it, and cut it into sentences and tokens.

Folding is context-free, one character at a time, so that a place in the folded text has exactly one origin.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from harvester.model import Span

MARKS = (
    "\u0300-\u036f\u0591-\u05bd\u05bf-\u05c7\u0610-\u061a\u064b-\u065f\u0670"
    "\u0900-\u0903\u093a-\u094f\u0951-\u0957\u0962\u0963\u0e31\u0e34-\u0e3a\u0e47-\u0e4e"
)
"""Vowel signs and accents that stand apart from their letter, for use inside a regular expression's brackets."""
UNSPACED = "\u0e00-\u0e7f\U00030e00-\U00030e7f\u3005-\u30ff\u3400-\u9fff\uac00-\ud7af"
"""Scripts that write no blank between words (or, in Korean, glue particles on): a word may begin anywhere.

Thai marks are here as they are folded, too."""
_DROPPED = frozenset("\u00ad\u0640\u200b\u200c\u200d\u200e\u200f\u2060\ufe0e\ufe0f\ufeff")
_MARK = re.compile(f"[{MARKS}]")
MARK_LETTERS = 0x30000
"""Marks that are no accents are folded to as many rare Chinese letters from here on, so that `\\w` has a whole word."""
_ALIKE = {
    **dict.fromkeys("’‘‛`´ʼ＇׳", "'"),
    **dict.fromkeys("“”„‟«»〝〞״", '"'),
    **dict.fromkeys("‐‑‒–—―−־", "-"),
    "ى": "ي", "ی": "ي", "ک": "ك", "ة": "ه", "ı": "i", "ł": "l", "ø": "o", "đ": "d", "æ": "ae", "œ": "oe", "ς": "σ",
}  # fmt: skip


class _Folding(dict[int, str]):
    """The table for `str.translate`, filled as characters are met."""

    def __missing__(self, code: int) -> str:
        self[code] = folded = _fold_character(chr(code))
        return folded


def _fold_character(character: str) -> str:
    if character in _DROPPED or _is_mark(character):
        return ""
    if character.isspace() or unicodedata.category(character) in {"Cc", "Cs", "Cn"}:
        return " "
    apart = unicodedata.normalize("NFKD", character).casefold()
    plain = "".join(c for c in apart if c not in _DROPPED and not _is_mark(c))
    # Hangul falls apart into letters under NFKD; NFKC puts it together again.
    plain = unicodedata.normalize("NFKC", "".join(_ALIKE.get(c, _as_letter(c)) for c in plain))
    return " " if plain.isspace() else plain


def _as_letter(character: str) -> str:
    return chr(MARK_LETTERS + ord(character)) if _MARK.match(character) else character


def _is_mark(character: str) -> bool:
    if character == "־":
        return False  # A Hebrew dash between the vowel signs.
    return "\u0300" <= character <= "\u036f" or "\u0591" <= character <= "\u05c7" or "\u064b" <= character <= "\u0670"


_FOLDING = _Folding()
_PLAIN = " !-_a-~α-ρσ-ωа-ик-яא-תابت-ؿف-ويऄ-नก-ฯ、。ぁ-ゖァ-ヺ㐀-鿿가-힣🌀-🙏🚀-🛅"
"""Small letters of many scripts that folding leaves alone, for use inside a regular expression's brackets."""
_OTHERS = re.compile(f"[^{_PLAIN}]+")
WORTH_SEARCHING = 32


def fold(text: str) -> str:
    """Give `text` without capitals, accents and look-alike punctuation; folding twice changes nothing more."""
    # `translate` looks each character up, except in ASCII; in longer texts an expression passes plain ones faster.
    if text.isascii() or len(text) < WORTH_SEARCHING:
        return text.translate(_FOLDING)
    return _OTHERS.sub(_fold_found, text.lower())


def _fold_found(found: re.Match[str]) -> str:
    return found[0].translate(_FOLDING)


@dataclass(frozen=True, slots=True)
class Folded:
    """A text with its folded form, and the way from a place in the second back to the first."""

    original: str
    text: str
    starts: Sequence[int] | None
    """For each folded character the original one's index; None where they are the same."""

    @classmethod
    def of(cls, original: str) -> Folded:
        """Fold `original`."""
        folded = fold(original)
        if original.isascii():
            return cls(original, folded, None)
        return cls(original, folded, [i for i, c in enumerate(original) for _ in _FOLDING[ord(c)]])

    def span(self, start: int, end: int) -> Span:
        """Give the original's span for the folded text's [start, end), which must not be empty."""
        return (start, end) if self.starts is None else (self.starts[start], self.starts[end - 1] + 1)


class Token(NamedTuple):
    """A word, an @handle, a #hashtag, an address or one mark of punctuation, and its place."""

    start: int
    end: int
    text: str
    folded: str
    is_word: bool
    """Whether it is a word (or a number)."""
    is_capital: bool
    """Whether it begins with a capital, or has one inside as "eBay" has."""


# A dot inside a word belongs to it ("CAI.br"), an apostrophe only before a last s, after a lone capital ("O'Leary") or
# between Cyrillic letters ("зв'язок").
_TOKEN = re.compile(
    rf"https?://\S+|[AIK]/S\b|www\.\S+|@(?a:[\w.@-]*\w)|#[\w{MARKS}]+"
    rf"|[ACE-KM-Z]['’][A-Z][\w{MARKS}]+|[א-ת]+[\"'״׳][א-ת]+"
    rf"|[\w{MARKS}]+(?:(?:[.\-+\u05be\u200c\u200d]|(?<=[а-яєіїґ])['’](?=[а-яєіїґ]))[\w{MARKS}]+)*(?:['’]s\b)?|\S"
)
_END = re.compile(
    r"(?:[.!?…]+|(?<=[α-ωάέήίόύώ]);)[\"'»”’)\]]*(?=\s)|[。！？؟।]+[」』”\"»)]*|\n|[\u2600-\u27bf\U0001f000-\U0001faff\ufe0f]+(?=\s+(?:@|[^\W\d_a-z]))|\bRT:?\s+@[\w.@-]*\w\s*:(?=\s)"
)
"""Where a sentence may end; a semicolon behind a Greek letter is a question mark."""
_CLOSING = "\"'»”’)]"
_REPOSTED = "RT"
_WRAPPED = 60
LONGEST = 600
"""A sentence of more characters is cut at a blank: nobody writes one, and the work on one grows with its square."""


def tokens(text: str, start: int, end: int) -> list[Token]:
    """Cut `text`[start:end] into tokens; blanks are left out."""
    return [Token(m.start(), m.end(), m[0], *_seen(m[0])) for m in _TOKEN.finditer(text, start, end)]


def covered(pieces: Sequence[Token], spans: Collection[Span]) -> set[int]:
    """Give the places of the tokens that share a character with any of `spans`."""
    covered: set[int] = set()
    for start, end in spans:
        last = bisect_left(pieces, end, key=lambda token: token.start)
        first = last
        while first and pieces[first - 1].end > start:
            first -= 1
        covered.update(range(first, last))
    return covered


@lru_cache(maxsize=1 << 15)
def _seen(text: str) -> tuple[str, bool, bool]:
    """Fold a token, and say whether it is a word and has a capital; most tokens of a stream come again and again."""
    is_word = text[0].isalnum()
    return fold(text), is_word, is_word and any(c.isupper() for c in text[:3])


def sentences(
    text: str, title_end: int, abbreviations: Collection[str], legal_forms: Collection[str] = ()
) -> Iterator[Span]:
    """Yield the spans of the sentences of `text`; the title, up to `title_end`, ends one too.

    A legal form's dot ends one only before a capital ("... Mangue Labs Ltda. Bancos públicos").
    The head of a repost ("RT @x:") is none, and belongs to none.
    A line break ends a sentence unless the line is long and stops in the middle, as wrapped mail does.
    """
    start = 0
    for found in _END.finditer(text):
        if _ends(text, start, found, title_end, (abbreviations, legal_forms)):
            yield from _cut(text, start, found.start() if found[0].startswith(_REPOSTED) else found.end())
            start = found.end()
    yield from _cut(text, start, len(text))


def _ends(text: str, start: int, found: re.Match[str], title_end: int, short: tuple[Collection[str], ...]) -> bool:
    if found[0] == "\n":
        line = text[max(start, text.rfind("\n", 0, found.start()) + 1) : found.start()]
        return found.start() <= title_end or len(line) < _WRAPPED or not text[found.end() : found.end() + 1].islower()
    return found[0].rstrip(_CLOSING) != "." or not _abbreviated(text, found.start(), found.end(), *short)


def _cut(text: str, start: int, end: int) -> Iterator[Span]:
    while end - start > LONGEST:
        blank = text.rfind(" ", start + 1, start + LONGEST)
        yield start, blank if blank > 0 else start + LONGEST
        start = blank if blank > 0 else start + LONGEST
    if text[start:end].strip():
        yield start, end


def _abbreviated(text: str, dot: int, end: int, abbreviations: Collection[str], legal_forms: Collection[str]) -> bool:
    word = fold(re.split(r"[\s(«„“\"‘']", text[max(0, dot - 20) : dot])[-1])
    following = text[end : end + 8].lstrip()[:1]
    if word in legal_forms:
        more = re.match(r"\s*(\w+)", text[end : end + 20])
        return not following.isupper() or (more is not None and fold(more[1]) in legal_forms)
    return word in abbreviations or (len(word.rpartition(".")[2]) == 1 and word.isalpha()) or following.islower()
