"""Tell whose voice a post is: the author's or, in a repost, the original's, named as an editor would write it."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterator
from functools import cache

from harvester.detect.plain_names import has_capitals
from harvester.detect.text import MARKS, UNSPACED, fold
from harvester.detect.words import SmallWords
from harvester.model import Author, Post

_NOISE = re.compile(
    r"\((?:official|offiziell|officiel|oficial|verified|verificado)\)"
    r"|[\[【][^\]】]*[\]】]|[®™✓✔]|(?<!\w):\w+:",
    re.IGNORECASE,
)
_EMOJI = "[\U0001f000-\U0001faff\u2600-\u27bf\ufe0f\u200d]+"
_PARTS = re.compile(rf"\s+[|·•–—/]+\s+|\s+-\s+|\s*\||[–—]\s+|{_EMOJI}| #")
"""Emoji part the name from what is said about it, as dashes and bars do."""
FEWEST_LETTERS = 2
_BRACKET = re.compile(r"[(（][^)）]*[)）]")
_UNSPACED = re.compile(f"[{UNSPACED}]")
_EDGES = re.compile(rf"^[^\w«“„\"(#@]+|[^\w{MARKS}»”“\").!]+$")
_FORWARDED = re.compile(r"^-{4,}[^\n]*-{4,}\s*\n[^\n:：]{2,20}[:：][ \t]*([^\n<]*\w)", re.MULTILINE)
"""The line of dashes and the first line of the head that mail programs put before a forwarded message."""
FEWEST_DESKS = 2
_HUMP = re.compile(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])|_+")
"""Where the words of a handle meet ("KivuMediaLab")."""
_REPOST = re.compile(r"\bRT:?\s+@([\w.@-]*\w)\s*:")


def clean_name(name: str, words: SmallWords) -> str:
    """Take emoji, slogans, "(official)" and parts like "press office" off a display name; "" if nothing is left."""
    # "(official)" in any language is small, an acronym is not; behind a name without capitals stands a translation.
    bare = not has_capitals(_BRACKET.sub("", name))
    plain = _BRACKET.sub(
        lambda found: found[0] if _is_acronym(found[0], words, bare=bare) else "", _NOISE.sub("", name)
    )
    parts = [part for part in (_EDGES.sub("", " ".join(p.split())) for p in _PARTS.split(plain)) if part]
    named = [part for part in parts if not _is_desk(part, words)]
    return _employer(_without_desk((named or parts or [""])[0], words), words)


def _is_acronym(bracket: str, words: SmallWords, *, bare: bool) -> bool:
    if _is_desk(bracket, words):
        return False
    return bracket == bracket.upper() if bare else not bracket.islower()


@cache
def _glued_desks(desks: tuple[str, ...]) -> list[str]:
    return sorted(filter(_UNSPACED.match, desks), key=len, reverse=True)


def _without_desk(name: str, words: SmallWords) -> str:
    """Take a desk off the end of a name: one that is glued to it, or two words ("Press Office")."""
    glued = _glued_desks(words.written("desks")) if _UNSPACED.match(name[-1:]) else []
    for desk in glued:
        rest = name.removesuffix(desk).rstrip(" の・·-")
        if rest != name and len(rest) >= FEWEST_LETTERS:
            return rest
    office, _, rest = name.partition(", ")
    if rest and _is_desk(office, words):
        return rest
    whole = name.split()
    end = len(whole)
    while end and _is_desk(whole[end - 1], words):
        end -= 1
    return name if len(whole) - end < FEWEST_DESKS or end < FEWEST_DESKS else " ".join(whole[:end])


def writers(post: Post, words: SmallWords) -> Iterator[tuple[int, Author]]:
    """Yield who says "we" from which place on: the post's speaker, and whoever wrote the mail that it forwards."""
    yield 0, speaker(post, words)
    for found in _FORWARDED.finditer(post.full_text):
        if not _is_desk(found[1], words):
            yield found.end(), Author(platform=post.author.platform, name=clean_name(found[1], words), handle="")


def _employer(name: str, words: SmallWords) -> str:
    """Give the organisation of "Ana at Alder Bank"; a kind of organisation has its "at" itself ("University at X")."""
    person, *rest = name.split(" ", 1)
    link, *employer = (rest or [""])[0].split(" ", 1)
    kinds = ("heads", "heads_with_and", "generic", "legal_forms")
    known = any(words.has(kind, fold(person)) for kind in kinds)
    is_person = employer and not known and words.has("at_words", fold(link)) and employer[0][:1].isupper()
    return employer[0] if is_person else name


def _is_desk(part: str, words: SmallWords) -> bool:
    """Recognise a part that names only who writes for the organisation ("Press office")."""
    return all(words.has("desks", word) for word in re.findall(r"\w+", fold(part)))


def speaker(post: Post, words: SmallWords) -> Author:
    """Give who says "we", with a clean name: in a repost, also one marked by "RT @x:", the original's author."""
    author = post.repost_of or post.author
    if post.repost_of is None and (found := _REPOST.search(post.full_text)):
        shown = {fold(handle).lstrip("@"): name for handle, name in post.mentions.items()}
        handle = f"@{found[1]}"
        name = shown.get(fold(found[1])) or (_HUMP.sub(" ", found[1]) if _HUMP.search(found[1]) else handle)
        author = Author(platform=author.platform, name=name, handle=handle)
    return dataclasses.replace(author, name=clean_name(author.name, words) or author.handle.lstrip("@"))
