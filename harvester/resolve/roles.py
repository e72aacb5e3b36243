"""Say what a word does in an organisation's name."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Role(StrEnum):
    """What a word does in a name; how much it tells two organisations apart follows from it."""

    NAME = "name"  # nobody else's word: what tells this organisation from all others
    KIND = "kind of organisation"
    UNIT = "part of an organisation"
    FIELD = "field"
    GROUP = "word of size"
    TERRITORY = "kind of territory"
    STATE = "country"
    CITY = "city"
    NUMBER = "number"


@dataclass(frozen=True, slots=True)
class Word:
    """One word of a name: as it stands there in Latin letters, and the idea that it shares with its translations.

    `others` are further ideas that the word can have: a Czech "úřad" is an authority, an office or an agency.
    """

    text: str
    idea: str
    role: Role
    source: str = ""
    others: frozenset[str] = frozenset()
    is_transliterated: bool = False
    """Whether this is a name of its own in a script other than Latin."""
