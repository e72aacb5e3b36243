"""Take the ending off whoever owns a noun, where a language has one ("Estlands Beitritt")."""

from __future__ import annotations

from dataclasses import replace

from harvester.detect.names import Group
from harvester.detect.text import fold
from harvester.detect.words import SmallWords

KIND_LETTERS = 4
"""A word for a kind of organisation at the end of a compound has at least so many letters."""


def without_owner_end(group: Group, words: SmallWords) -> Group:
    """Take the owner's ending off the last name ("Göta Universitets")."""
    owner = group.names[-1]
    ending = next((e for e in words.written("owner_ends") if owner.text.endswith(e)), "")
    return replace(group, names=(*group.names[:-1], replace(owner, text=owner.text.removesuffix(ending))))


def in_base_form(group: Group, words: SmallWords) -> Group:
    """Take the owner's ending off a kind that opens a name ("die Unterschrift des Kantonsspitals Aarewil")."""
    first, blank, rest = group.names[0].text.partition(" ")
    for end in words.written("owner_ends"):
        stem = fold(first.removesuffix(end))
        kinds = (kind for kind in words.every("generic") if len(kind) >= KIND_LETTERS)
        if rest and stem != fold(first) and stem.endswith(tuple(kinds)):
            name = replace(group.names[0], text=first.removesuffix(end) + blank + rest)
            return replace(group, names=(name, *group.names[1:]))
    return group
