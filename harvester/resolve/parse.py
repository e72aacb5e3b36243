"""Take a name apart into the forms under which its organisation may be known: full, short, former."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from harvester.resolve import normal
from harvester.resolve.roles import Role
from harvester.resolve.words import Vocabulary

LONGEST_ACRONYM = 12
SHORTEST_ACRONYM = 3
SHORTEST_FULL = 2
"""Words of a full name that an acronym beside it stands for."""
_BRACKETS = re.compile(r"\s*[(\[（［【〔「]([^()\[\]（）［］【】〔〕「」]*)[)\]）］】〕」]\s*")
_BREAK = re.compile(r"\s+[-‐‑–—―|:]\s*|\s*[-–—|:]\s+|\s*[/|]\s*")
_INVERTED = re.compile(r"\s*([^,]+?)\s*,\s*([^,]+\s(?:of|for|de|du|des|del|di|da|do|für|van|voor))\s*", re.IGNORECASE)
_COMMA = re.compile(r"\s*[,،、;]\s*")


class Kind(StrEnum):
    """How a form names its organisation."""

    FULL = "name"
    ALIAS = "other name"
    SHORT = "acronym"  # borne out by the full name's letters
    STATED = "stated acronym"  # in brackets behind a name whose letters it is not
    FORMER = "former name"


@dataclass(frozen=True, slots=True)
class Form:
    """One way to name an organisation. `core` are its folded words without legal forms and connecting words.

    `key` is the core as one word, in its own script; `latin` the same in Latin letters; `legal` is the
    legal form that stood at the end.
    """

    text: str
    kind: Kind
    core: tuple[str, ...]
    key: str
    latin: str
    legal: tuple[str, ...]


def forms_of(name: str, vocabulary: Vocabulary) -> tuple[Form, ...]:
    """Give the forms in `name`, the fullest first; none if there is no letter or digit in it."""
    found: dict[tuple[str, Kind], Form] = {}
    for text, kind in _pieces(name[: normal.LONGEST], vocabulary):
        form = make_form(text, kind, vocabulary)
        if form.key and (form.key, Kind.FULL) not in found:
            found.setdefault((form.key, form.kind), form)
    return tuple(found.values())


def make_form(text: str, kind: Kind, vocabulary: Vocabulary) -> Form:
    """Normalise one piece of a name."""
    words = vocabulary.tokens(text)
    core = vocabulary.core(words)
    key = "".join(core)
    return Form(
        text=text.strip(),
        kind=kind,
        core=core,
        key=key,
        latin=key if key.isascii() else "".join(map(normal.latin, core)),
        legal=vocabulary.legal_form(words),
    )


def is_acronym_of(short: str, words: Sequence[str], links: frozenset[str]) -> bool:
    """Say whether `short` is made of the beginnings of `words` in their order: ECSO, Asobancaria, VdTÜV."""
    letters = "".join(normal.latin(token) for token in short.split())
    full = [normal.latin(word) for word in words]
    content = [word for word, raw in zip(full, words, strict=True) if raw not in links and word]
    if not 1 < len(letters) <= LONGEST_ACRONYM + 4 or len(content) < 2:  # noqa: PLR2004 -- one word has no acronym
        return False
    if not content[0].startswith(letters[0]):
        return False
    return _spells(letters, full, links={normal.latin(link) for link in links if link.isascii()})


def _spells(letters: str, words: Sequence[str], links: set[str]) -> bool:
    """Say whether `letters` can be read off the beginnings of all of `words`; connecting words may be left out."""
    # States: how many letters are used up after each word; a word gives a beginning of any length.
    reached = {0}
    skipped = 0
    for word in words:
        onward = {at + n for at in reached for n in range(1, len(word) + 1) if letters[at : at + n] == word[:n]}
        if word in links:
            onward |= reached
        elif not onward:
            skipped += 1
            onward = reached
            if skipped > 1:
                return False
        reached = onward
    return len(letters) in reached


def _pieces(name: str, vocabulary: Vocabulary) -> Iterator[tuple[str, Kind]]:
    bracketed: list[str] = []

    def keep(found: re.Match[str]) -> str:
        bracketed.append(found[1])
        return " "

    head = _BRACKETS.sub(keep, name) if any(mark in name for mark in "([（［【〔「") else name
    if not head.strip():
        head, bracketed = " ".join(bracketed), []
    if turned := _INVERTED.fullmatch(head):
        head = f"{turned[2]} {turned[1]}"
    head, others = _split_other_names(head, vocabulary)
    short, full, sort = _split_head(head, vocabulary)
    aside = [_aside(text, full, vocabulary) for text in bracketed]
    qualifiers = " ".join(text for text, kind in aside if kind is None)
    yield (f"{full} {qualifiers}" if qualifiers else full), Kind.FULL
    if short:
        yield short, sort
    yield from others
    yield from ((text, kind) for text, kind in aside if kind is not None)


def _split_other_names(head: str, vocabulary: Vocabulary) -> tuple[str, list[tuple[str, Kind]]]:
    """Take "formerly X" and "aka Y" off the end of a name, behind a comma or a dash."""
    if "," not in head and " " not in head:
        return head, []
    parts = _COMMA.split(head)
    others = [(found, number) for number, part in enumerate(parts) if number and (found := _opening(part, vocabulary))]
    kept = [part for number, part in enumerate(parts) if number not in {n for _, n in others}]
    return (", ".join(kept) if others else head), [found for found, _ in others]


def _opening(text: str, vocabulary: Vocabulary) -> tuple[str, Kind] | None:
    """Read "formerly X" or "aka X": what follows, and what kind of name it is."""
    words = vocabulary.tokens(text)
    for kind, phrases in ((Kind.FORMER, vocabulary.formerly), (Kind.ALIAS, vocabulary.also)):
        for phrase in phrases:
            if len(words) > len(phrase) and tuple(words[: len(phrase)]) == phrase:
                rest = re.split(r"[\s\-:.]+", text.strip(), maxsplit=len(phrase))
                return (rest[-1] if len(rest) > len(phrase) else " ".join(words[len(phrase) :])), kind
    return None


def _split_head(head: str, vocabulary: Vocabulary) -> tuple[str, str, Kind]:
    """Part "EDP - Energias de Portugal" into acronym and full name, whichever comes first; ("", head) otherwise."""
    for pattern in (_BREAK, _COMMA):
        parts = [part for part in pattern.split(head, maxsplit=2) if part.strip()]
        if len(parts) < 2:  # noqa: PLR2004 -- nothing to part
            continue
        for short, full in ((parts[0], " ".join(parts[1:])), (parts[-1], " ".join(parts[:-1]))):
            if kind := _short_kind(short, full, vocabulary):
                return short, full, kind
    words = head.split()
    is_last = len(words) > SHORTEST_FULL and _is_capitals(words[-1]) and not any(map(_is_capitals, words[:-1]))
    if is_last and not vocabulary.is_legal(vocabulary.tokens(words[-1])):
        return words[-1], head, Kind.STATED
    return "", head, Kind.FULL


def _is_capitals(word: str) -> bool:
    return word.isupper() and word.isalpha() and len(word) >= SHORTEST_ACRONYM


def _short_kind(short: str, full: str, vocabulary: Vocabulary) -> Kind | None:
    """Say whether one word beside a long name is its acronym, or its brand: "AMETIC, Asociación Multisectorial"."""
    tokens, words = vocabulary.tokens(short), vocabulary.tokens(full)
    if len(tokens) != 1 or len(words) < 2 or len(tokens[0]) < 2:  # noqa: PLR2004 -- an acronym and what it stands for
        return None
    if vocabulary.is_legal(tokens):
        return None
    if _is_short_for(short, words, vocabulary):
        return Kind.SHORT
    # Not "Ministry of Finance, Ghana" or its like in capitals: what is left out there makes another organisation.
    kinds = (role for word in words[:3] for _, role in vocabulary.ideas(word))
    is_brand = len(words) > 2 and _is_written_short(short.strip(), words)  # noqa: PLR2004 -- a name of three words
    return Kind.STATED if is_brand and not full.isupper() and Role.KIND in kinds else None


def _is_written_short(text: str, words: Sequence[str]) -> bool:
    """Say whether a word is written as acronyms are (UNECE, EDRi), or has the name's letters in order (Europol)."""
    if sum(letter.isupper() for letter in text) > 1:
        return True
    full = iter("".join(map(normal.latin, words)))
    return text[:1].casefold() == words[0][:1] and all(letter in full for letter in normal.latin(text.casefold()))


def _is_short_for(short: str, words: Sequence[str], vocabulary: Vocabulary) -> bool:
    token = " ".join(vocabulary.tokens(short))
    return is_acronym_of(token, vocabulary.core(words), frozenset()) or is_acronym_of(token, words, vocabulary.links)


def _aside(text: str, head: str, vocabulary: Vocabulary) -> tuple[str, Kind | None]:
    """Say what brackets hold: another name of a known kind, or (None) a word that belongs to the name itself."""
    if other := _opening(text, vocabulary):
        return other
    tokens = vocabulary.tokens(text)
    words = vocabulary.tokens(head)
    if not tokens or not words:
        return text, None
    if len("".join(tokens)) <= LONGEST_ACRONYM + 4 and _is_short_for(text, words, vocabulary):
        return text, Kind.SHORT
    if " " not in text.strip() and len("".join(tokens)) <= LONGEST_ACRONYM and _is_written_short(text, words):
        return text, Kind.STATED
    # "KT (Korea Telecom)": the brackets hold the full name of the acronym before them.
    # "Keidanren (Japan Business Federation)" may be so, "GEODE (Université Paris 8)" is not: unproven.
    if len(words) == 1 and len(tokens) > 1:
        return text, Kind.ALIAS if _is_short_for(head, tokens, vocabulary) else Kind.STATED
    return text, None
