"""Say how like two names are, by what differs: a legal form, a language, a letter, or a word of another body."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import IntEnum

from harvester.model import Category
from harvester.resolve import normal
from harvester.resolve.align import Alignment, Bond, align
from harvester.resolve.index import Entry
from harvester.resolve.parse import Form, Kind
from harvester.resolve.roles import Role, Word
from harvester.resolve.translations import FEW_IDEAS, GENERAL, Pair, is_inflected, is_translation
from harvester.resolve.words import Vocabulary

LONG_WORD = 8
VERY_LONG_WORD = 10
LONG_KEY = 5
BARELY_ALIKE = 0.4
_ALPHABETS = frozenset({"LATIN", "CYRILLIC", "GREEK", "GEORGIAN", "ARMENIAN"})
_BODIES = frozenset({Kind.FULL, Kind.ALIAS, Kind.FORMER})


class Likeness(IntEnum):
    """How like two names are; from SPELLED up, nothing that tells organisations apart differs."""

    UNLIKE = 0
    OTHER = 1  # they differ as a part differs from the whole, or as two offices do
    PARTLY = 2
    WORDS_MORE = 3  # one has general words more
    SPELLED = 4  # a typing error
    TRANSLATED = 5
    TERRITORY = 6  # "city of" beside a place's name
    SIZE = 7  # "group"
    EQUAL = 8


@dataclass(frozen=True, slots=True)
class NameLikeness:
    """The closest pair of forms of two names, how like they are, and why, in words for a reviewer."""

    likeness: Likeness
    share: float
    reason: str
    form: Form | None = None
    other: Form | None = None


class NameComparer:
    """Compares names with one vocabulary; `weight` says how much sharing an idea tells."""

    def __init__(self, vocabulary: Vocabulary, weight: Callable[[str], float]) -> None:
        self._vocabulary = vocabulary
        self._weight = weight

    def likest(self, mention: Entry, entry: Entry) -> NameLikeness:
        """Compare every form of the mention with every form of the entry, and give the closest pair."""
        found = [self._like(a, b, mention, entry) for a in mention.forms for b in entry.forms if _comparable(a, b)]
        if not found:
            return NameLikeness(Likeness.UNLIKE, 0.0, "no word in common")
        best = max(found, key=_rank)
        if best.form and best.form.kind in {Kind.SHORT, Kind.STATED}:
            # The acronyms agree; the full names beside them must not be of two organisations.
            full = [like for like in found if like.form is mention.forms[0] and like.other and len(like.other.core) > 1]
            closest = max(full, key=_rank, default=best)
            return closest if closest.likeness < Likeness.SPELLED else best
        return self._likest_aside(mention, entry, best)

    def _likest_aside(self, mention: Entry, entry: Entry, best: NameLikeness) -> NameLikeness:
        """Compare what stands in brackets beside equal short names: KOTA (one body) is not KOTA (another)."""
        is_short = best.likeness is Likeness.EQUAL and best.form is not None and len(best.form.core) == 1
        aside = [[form for form in one.forms[1:] if is_short and _is_aside(form)] for one in (mention, entry)]
        closest = max((self._like(a, b, mention, entry) for a in aside[0] for b in aside[1]), key=_rank, default=best)
        return closest if closest.likeness < Likeness.SPELLED else best

    def _like(self, form: Form, other: Form, mention: Entry, entry: Entry) -> NameLikeness:
        if form.key == other.key:
            words = "the names are equal" if form.core == other.core else "only spaces differ"
            words = "only the legal form differs" if form.legal != other.legal else words
            return NameLikeness(Likeness.EQUAL, 1.0, f"{words}: {other.text}", form, other)
        if form.latin == other.latin and len(form.latin) >= LONG_KEY:
            alphabets = {normal.script(form.key), normal.script(other.key)} <= _ALPHABETS
            likeness = Likeness.TRANSLATED if alphabets else Likeness.PARTLY
            return NameLikeness(likeness, 0.97, f"the same letters in another script: {other.text}", form, other)
        found = align(self._vocabulary.read(form.core), self._vocabulary.read(other.core), self._weight)
        pair = Pair(
            form, other, mention, entry, self._vocabulary.gazetteer.city_countries, self._vocabulary.translation
        )
        likeness, words = _judge(found, pair)
        return NameLikeness(likeness, found.share, f"{words}: {other.text}", form, other)


def _is_aside(form: Form) -> bool:
    return len(form.core) > 1 and form.kind in {Kind.ALIAS, Kind.STATED}


def _rank(like: NameLikeness) -> tuple[int, float]:
    return like.likeness, like.share


def _comparable(form: Form, other: Form) -> bool:
    """Say whether to compare: full names with each other, an acronym only with its equal."""
    return (form.kind in _BODIES and other.kind in _BODIES) or form.key == other.key


def _judge(found: Alignment, pair: Pair) -> tuple[Likeness, str]:
    if not found.pairs:
        return Likeness.UNLIKE, "no word in common"
    mention, entry = pair.mention, pair.entry
    left, right = _telling(found.left, entry.country), _telling(found.right, mention.country)
    extra = (*left, *right)
    if not extra:
        return _judge_complete(found, pair)
    roles = {word.role for word in extra}
    one_sided = not (left and right)
    if roles & {Role.UNIT, Role.NUMBER, Role.STATE}:
        return Likeness.OTHER, _difference((mention, left), (entry, right))
    if one_sided and roles == {Role.TERRITORY} and _is_same_place(found, extra, mention, entry):
        return Likeness.TERRITORY, "the same place"
    if one_sided and roles <= GENERAL:
        return Likeness.WORDS_MORE, _difference((mention, left), (entry, right))
    own = any(Role.NAME in {a.role, b.role} for a, b, _ in found.pairs)
    likeness = Likeness.PARTLY if own or found.share > BARELY_ALIKE else Likeness.UNLIKE
    return likeness, _difference((mention, left), (entry, right))


def _judge_complete(found: Alignment, pair: Pair) -> tuple[Likeness, str]:
    """Judge two names of which every telling word has its fellow."""
    bonds = {bond for *_, bond in found.pairs}
    if bonds <= {Bond.SAME, Bond.JOINED}:
        return _judge_same_words(found, pair.mention, pair.entry)
    if bonds & {Bond.STEM, Bond.TYPO}:
        return _judge_spelling(found, pair)
    roles = {word.role for fellows in found.pairs for word in fellows[:2]}
    if roles == {Role.TERRITORY, Role.CITY} and _is_same_place(found, (), pair.mention, pair.entry):
        return Likeness.TERRITORY, "the same place"
    if is_translation(found, pair):
        return Likeness.TRANSLATED, "the same words in another language"
    return Likeness.PARTLY, "words of the same meaning"


def _judge_spelling(found: Alignment, pair: Pair) -> tuple[Likeness, str]:
    """Judge two names that differ by letters or endings: by a case, by a slip, or by more."""
    if is_inflected(found, pair):
        return Likeness.TRANSLATED, "the same words with case endings"
    if any(bond is Bond.STEM for *_, bond in found.pairs):
        return Likeness.PARTLY, "akin, with other endings"
    return (Likeness.SPELLED, "one letter differs") if _is_slip(found) else (Likeness.PARTLY, "spelled nearly alike")


def _judge_same_words(found: Alignment, mention: Entry, entry: Entry) -> tuple[Likeness, str]:
    if not found.in_order:
        return Likeness.PARTLY, "the same words in another order"
    if not (found.left or found.right):
        return Likeness.EQUAL, "the same words"
    small = (*found.left, *found.right)
    if any(word.idea == "holding" for word in small) and (not entry.country or mention.country != entry.country):
        return Likeness.WORDS_MORE, "one of them is a holding"
    if _is_small(small):
        return Likeness.SIZE, 'only words like "group" differ'
    # The register names the country of an authority, and the mention gives it beside the name.
    if entry.category is Category.PUBLIC_AUTHORITY and mention.country == entry.country and _is_small(found.left):
        return Likeness.SIZE, f"{entry.side} names the country too"
    return Likeness.WORDS_MORE, "one of them names the country too"


def _telling(words: tuple[Word, ...], country: str) -> tuple[Word, ...]:
    """Leave out left-over words that tell nothing: words of size, and the country where the other side is."""
    return tuple(w for w in words if w.role is not Role.GROUP and not (w.role is Role.STATE and w.idea == country))


def _is_small(words: tuple[Word, ...]) -> bool:
    return all(word.role is Role.GROUP for word in words)


def _is_same_place(found: Alignment, extra: tuple[Word, ...], mention: Entry, entry: Entry) -> bool:
    """Say whether a bare place name and "city of" it are one body: an authority, and the country is known."""
    if entry.category is not Category.PUBLIC_AUTHORITY or not mention.country or mention.country != entry.country:
        return False
    return {word.idea for word in extra} <= {"city", "region"} and found.weakest() >= Bond.IDEA


def _is_slip(found: Alignment) -> bool:
    """Say whether one word only is mistyped, and is so long and its own that the slip makes no other word of it.

    A general word may be shorter, among words that agree: "Industy" is none.
    """
    (one, other), *more = [(a, b) for a, b, bond in found.pairs if bond is Bond.TYPO]
    if more or len(found.pairs) == 1 or not found.in_order or not _is_small((*found.left, *found.right)):
        return False
    roles = {one.role, other.role}
    if roles <= {Role.NAME, *GENERAL} and len(roles) > 1 and len(found.pairs) > FEW_IDEAS:
        return one.text[0] == other.text[0] and one.text[-1] == other.text[-1]
    own = Role.NAME in roles and one.text[0] == other.text[0]
    # Stamford is not Stanford: a letter for another makes names of places, which one too many or too few hardly does.
    is_exchanged = len(one.text) == len(other.text) and sorted(one.text) != sorted(other.text)
    return own and min(len(one.text), len(other.text)) >= (VERY_LONG_WORD if is_exchanged else LONG_WORD)


def _difference(*sides: tuple[Entry, tuple[Word, ...]]) -> str:
    shown = ((one.side, ", ".join(f'"{word.source or word.text}"' for word in words[:5])) for one, words in sides)
    return "; ".join(f"only {side} has {words}" for side, words in shown if words)
