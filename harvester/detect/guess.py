"""Guess who signed, where the wording announces it and no rule says who: weigh each name of a post, and its author."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from harvester.detect.calibration import Signs
from harvester.detect.lexicon import Role
from harvester.detect.reading import Read, Reading, has_kind
from harvester.detect.text import fold
from harvester.detect.turns import TURNING
from harvester.model import Span

MOST_WORDS = 4
PERSONS_WORDS = 2
_OURS = frozenset({Role.WE, Role.WE_SIGNED, Role.PROUD})


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody who may have signed; `span` is None for the author."""

    name: str
    span: Span | None
    handle: str
    signs: Signs


def candidates(reading: Reading) -> list[Candidate]:
    """Give everybody whom the post names, and its author at last, each with what speaks for and against it."""
    kinds = {fold(claim.organisation): claim.kind.value for claim, _ in reading.found if claim.organisation}
    named = [one for place in range(len(reading.sentences)) for one in _named(reading, place, kinds)]
    return [*named, _author(reading, {fold(one.name) for one in named})]


def _named(reading: Reading, place: int, kinds: dict[str, str]) -> Iterator[Candidate]:
    read = reading.sentences[place]
    sentence, words = read.sentence, read.words
    beside = any(_tells_of_call(reading.sentences, other) for other in (place - 1, place + 1))
    call = sentence.calls[0][0] if sentence.calls else None
    for group in sentence.groups:
        for name in group.names:
            inner = [token.folded for token in sentence.words_between(*name.span)]
            is_organisation = has_kind(name.text, words) or fold(name.text).endswith(tuple(words.every("tails")))
            opens = not sentence.words_between(sentence.span[0], name.span[0])
            yield Candidate(name.text, name.span, name.handle, {
                f"claimed_{kinds.get(fold(name.text), 'nothing')}": 1.0,
                "with_call": float(call is not None),
                "beside_call": float(call is None and beside),
                "before_call": float(call is not None and name.span[1] <= call),
                "governed": float(group.governed),
                "organisation": float(is_organisation),
                "quoted": float(sentence.is_quoted(name.span[0]) and not is_organisation),
                "in_title": float(place == 0 and not sentence.is_note),
                "words": min(MOST_WORDS, len(inner)) / MOST_WORDS,
                "listed": float(len(group.names) > 1),
                "turned": float(any(cue.meaning in TURNING for cue in sentence.cues)),
                "with_act": float(bool(sentence.acts)),
                "one_word_first": float(opens and len(inner) == 1 and not is_organisation),
            })  # fmt: skip


def _tells_of_call(sentences: tuple[Read, ...], place: int) -> bool:
    return 0 <= place < len(sentences) and bool(sentences[place].sentence.calls)


def _author(reading: Reading, named: set[str]) -> Candidate:
    words = reading.author.name.split()
    cues = [cue.meaning for read in reading.sentences for cue in read.sentence.cues]
    return Candidate(reading.author.name, None, reading.author.handle, {
        "author": 1.0,
        "author_organisation": float(reading.author_is_organisation),
        "author_words": min(MOST_WORDS, len(words)) / MOST_WORDS,
        "author_ours": float(any(cue in _OURS for cue in cues)),
        "author_i": float(Role.I in cues),
        "author_alone": float(not named),
        "author_named": float(fold(reading.author.name) in named),
        "author_person": float(len(words) == PERSONS_WORDS and not reading.author_is_organisation),
    })  # fmt: skip
