"""Say whether names whose words share their ideas are one name in two languages, not two names of like meaning."""

from __future__ import annotations

import re
from collections.abc import Container, Mapping
from dataclasses import dataclass

from rapidfuzz.distance import OSA

from harvester.config import TranslationWords
from harvester.model import Category
from harvester.resolve import normal
from harvester.resolve.align import Alignment, Bond
from harvester.resolve.index import Entry
from harvester.resolve.parse import Form
from harvester.resolve.roles import Role, Word

SPELLING = 2
"""Letters by which spellings of one word differ at most: centre and center, institut and institute."""
FEW_IDEAS = 3
GENERAL = frozenset({Role.KIND, Role.FIELD, Role.TERRITORY, Role.UNIT})
_ENGLISH_ENDING = re.compile("(?:tific|tic|ical|ional|ial|al|ic|ies|ing|ers|er|ian|s)$")
_IDEA_ENDING = re.compile("(?:ology|icity|icine|ation|cy|ce|er|y|e)$")


@dataclass(frozen=True, slots=True)
class Pair:
    """A form of the mention beside one of an entry; `city_countries` tells where a city is (ISO code)."""

    form: Form
    other: Form
    mention: Entry
    entry: Entry
    city_countries: Mapping[str, str]
    words: TranslationWords


# Case endings of names in Slavic languages, in Latin letters: Tarasa, Jaworskiej, Shevchenka.
_CASE_ENDINGS = frozenset(
    {"", "a", "u", "y", "i", "e", "o", "ej", "iej", "ego", "iego", "oho", "ogo", "om", "em", "owi"}
)
SHORTEST_STEM = 4


def is_inflected(found: Alignment, pair: Pair) -> bool:
    """Say whether a name is the entry's in another language, but that its own words have case endings there."""
    akin = [(a, b) for a, b, bond in found.pairs if bond in {Bond.STEM, Bond.TYPO}]
    near = pair.mention.country == pair.entry.country and bool(pair.entry.country)
    if len(found.pairs) < FEW_IDEAS + (not near) or found.left or found.right or not found.states_in_order:
        return False
    translated = any(bond is Bond.IDEA for *_, bond in found.pairs)
    return translated and _are_two_languages(found, pair) and all(_differ_by_case(a, b) for a, b in akin)


def _differ_by_case(one: Word, other: Word) -> bool:
    if {one.role, other.role} != {Role.NAME}:
        return False
    a, b = one.text, other.text
    shared = next((n for n in range(min(len(a), len(b))) if a[n] != b[n]), min(len(a), len(b)))
    return shared >= SHORTEST_STEM and a[shared:] in _CASE_ENDINGS and b[shared:] in _CASE_ENDINGS


def is_translation(found: Alignment, pair: Pair) -> bool:
    """Say whether two names of which every telling word has its fellow are one name in two languages."""
    places = any(a.role in {Role.STATE, Role.CITY} for a, _, _ in found.pairs)
    small = all(word.role is Role.GROUP for word in (*found.left, *found.right))
    if len(found.pairs) == 1 or not small or not found.states_in_order:
        return False
    if not _are_two_languages(found, pair):
        return False
    if any(Role.NAME in {a.role, b.role} for a, b, _ in found.pairs):
        return found.in_order or not _may_have_twin(found, pair)
    if len(found.pairs) >= FEW_IDEAS and places:
        return True
    return _is_sole(found, pair) or _is_seated(found, pair)


def _may_have_twin(found: Alignment, pair: Pair) -> bool:
    """Say whether another university may be called so: "Universidad de Miami" is not Miami University."""
    alone = len(found.pairs) == 2 and "university" in _ideas(found)  # noqa: PLR2004 -- its kind and its name
    return alone and (not pair.entry.country or pair.entry.country in pair.words.twins)


def _are_two_languages(found: Alignment, pair: Pair) -> bool:
    """Say whether the words are spelled alike, or one side is English, the lists' own language, and the other not.

    French beside Dutch may be two bodies of one town, and two English words for one idea are two names.
    """
    if normal.script(pair.form.key) != normal.script(pair.other.key):
        return True
    general = [(a, b) for a, b, bond in found.pairs if a.role in GENERAL and bond is Bond.IDEA]
    unlike = [(a, b) for a, b in general if OSA.distance(a.text, b.text) > SPELLING]
    english = [[_is_english(words[side], pair.words.synonyms) for words in unlike] for side in (0, 1)]
    return not unlike or any(all(one) and not any(other) for one, other in (english, english[::-1]))


def _is_english(word: Word, synonyms: Container[str]) -> bool:
    """Say whether a general word is a form of its idea's English name ("industries"), or an English synonym of it."""
    text = word.text.replace("isation", "ization")
    if text.removesuffix("s") == word.idea.removesuffix("s") or text in synonyms:
        return True
    stem = _ENGLISH_ENDING.sub("", text)
    return stem != text and stem == _IDEA_ENDING.sub("", word.idea)


def _ideas(found: Alignment) -> frozenset[str]:
    """Give the ideas that both sides are about."""
    return frozenset(a.idea for a, b, _ in found.pairs if a.idea == b.idea)


def _is_sole(found: Alignment, pair: Pair) -> bool:
    """Say whether general words alone tell of one body: in a country that both name, or in the world."""
    mention, entry = pair.mention, pair.entry
    ideas = _ideas(found)
    if len(found.pairs) >= FEW_IDEAS and not ideas & pair.words.everywhere and mention.country:
        return mention.country == entry.country
    if entry.category is Category.PRIVATE_SECTOR or (mention.country and mention.country != entry.country):
        return False
    is_body = len(ideas) >= FEW_IDEAS and bool(ideas & pair.words.scopes) and bool(ideas & pair.words.bodies)
    return is_body or (tuple(sorted(ideas)) in pair.words.sole and len(found.pairs) == len(ideas))


def _is_seated(found: Alignment, pair: Pair) -> bool:
    """Say whether a city's administration, its university or a country's post is meant, and the register says so."""
    mention, entry = pair.mention, pair.entry
    if len(found.pairs) != 2 or not entry.country or mention.country not in {"", entry.country}:  # noqa: PLR2004 -- kind, place
        return False
    ideas = _ideas(found)
    if "post" in ideas and entry.country in ideas:
        return entry.country not in pair.words.twins
    if entry.country not in {pair.city_countries.get(idea) for idea in ideas}:
        return False
    if "city" in ideas:
        return entry.category in {None, Category.PUBLIC_AUTHORITY}
    return "university" in ideas and entry.country not in pair.words.twins
