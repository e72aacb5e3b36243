"""Decide whether a text is about the Call: by its names, hashtags and links, and not about a namesake.

The net in front (`SubjectFinder.touches`) sees all that `find` can see, so what it lets go is lost to nobody.
"""

from __future__ import annotations

import itertools
import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from harvester.config import Terms
from harvester.detect.expressions import split
from harvester.detect.phrases import Entry, Hit, Phrasebook, automaton
from harvester.detect.text import Folded, fold, tokens
from harvester.errors import ConfigError
from harvester.model import Reason, Span

MISSPELT_FROM = 8
"""A hashtag of at least so many letters may have one wrong."""


LONGEST_BETWEEN = 40
"""Between the parts of the Call's full name stand a few small words, of fewer characters than this."""
_SMALL = re.compile(r" (?:[^\W\d_]{1,8}['’ ]){1,3}")


class Term(StrEnum):
    """What a term of the campaign says; each is the key of a list in `campaign.toml`."""

    OTHER_CALL = "other_calls"
    NAME = "names"
    HASHTAG = "hashtags"
    LINK = "links"
    WEAK = "weak_names"
    TOPIC = "topic_words"
    OTHER_TOPIC = "other_topics"
    PLACE = "places"
    LAUNCHER = "launchers"
    KIND = "kinds"


@dataclass(frozen=True, slots=True)
class Subject:
    """Whether the Call is the subject; `names` and `others` are where it and other pledges are named."""

    is_call: bool
    names: tuple[Span, ...] = ()
    others: tuple[Span, ...] = ()
    reasons: tuple[Reason, ...] = ()


class SubjectFinder:
    """The campaign's terms, compiled once."""

    def __init__(self, terms: Terms) -> None:
        """Compile `terms`; raise ConfigError that names the list and the phrase."""
        entries = [Entry(phrase, term) for term in Term for phrase in _checked(term, getattr(terms, term))]
        self._book = Phrasebook(entries)
        self._kinds = Phrasebook(Entry(phrase, Term.KIND) for phrase in terms.kinds)
        self._hashtags = tuple(fold(tag) for tag in terms.hashtags)
        self._links = tuple(fold(link) for link in terms.links)
        self._gate = automaton(_gate_keys(terms))

    def may_touch(self, folded: str) -> bool:
        """Say whether folded text has any word by which the Call could be known; a few microseconds."""
        return next(self._gate.iter(folded), None) is not None

    def touches(self, parts: Iterable[str]) -> bool:
        """Say whether any of `parts` of a post names the Call, or all of them together what could be the Call."""
        seen: set[Term] = set()
        for part in parts:
            folded = Folded.of(part)
            seen.update(hit.meaning for hit in self._book.find(folded))
            if any(link in folded.text for link in self._links):
                return True
        surely = {Term.NAME, Term.HASHTAG, Term.WEAK} & seen
        perhaps = Term.TOPIC in seen and {Term.PLACE, Term.LAUNCHER} & seen
        return bool(surely or perhaps)

    def find(self, folded: Folded, links: Iterable[str]) -> Subject:
        """Decide about one text and the addresses that it links to."""
        hits = self._book.find(folded)
        seen = {hit.meaning for hit in hits}
        named = [*self._named(hits, seen), *self._misspelt(folded, seen), *self._linked(folded, links)]
        if not named:
            named = self._described(folded, seen)
        others = tuple(hit.span for hit in hits if hit.meaning is Term.OTHER_CALL)
        if not named:
            return Subject(is_call=False, others=others, reasons=_why_not(folded, hits, seen))
        topics = [hit.span for hit in hits if hit.meaning is Term.TOPIC]
        names = tuple(_whole_name(folded.original, reason.span, topics) for reason in named if reason.span)
        return Subject(is_call=True, names=names, others=others, reasons=(max(named, key=lambda r: r.weight),))

    def _named(self, hits: list[Hit[Term]], seen: set[Term]) -> Iterator[Reason]:
        on_topic, elsewhere = Term.TOPIC in seen, Term.OTHER_TOPIC in seen
        namesake = elsewhere and not on_topic and Term.OTHER_CALL in seen
        others = [hit.span for hit in hits if hit.meaning is Term.OTHER_CALL]
        for hit in hits:
            if any(start < hit.span[0] < end for start, end in others):
                continue  # "Appell in Paris" of "Christchurch-Appell in Paris" is a part of the other's name.
            if hit.meaning is Term.HASHTAG and not namesake:
                yield Reason(rule="subject-hashtag", detail="a hashtag of the Call", weight=3.0, span=hit.span)
            elif hit.meaning is Term.NAME and (on_topic or not elsewhere):
                detail = "the name of the Call" + (", and words of its subject" if on_topic else "")
                yield Reason(rule="subject-name", detail=detail, weight=3.0 if on_topic else 2.0, span=hit.span)
            elif hit.meaning is Term.WEAK and on_topic and not elsewhere:
                detail = "a name that other things bear too, beside words of the Call's subject"
                yield Reason(rule="subject-weak-name", detail=detail, weight=1.5, span=hit.span)

    def _misspelt(self, folded: Folded, seen: set[Term]) -> Iterator[Reason]:
        if Term.TOPIC not in seen or Term.PLACE not in seen:
            return
        for token in tokens(folded.original, 0, len(folded.original)):
            tag = token.folded.removeprefix("#")
            if tag != token.folded and any(_one_slip(tag, known) for known in self._hashtags):
                detail = "a hashtag one letter away from one of the Call's"
                yield Reason(rule="subject-misspelt-hashtag", detail=detail, weight=1.5, span=(token.start, token.end))

    def _described(self, folded: Folded, seen: set[Term]) -> list[Reason]:
        """Recognise "the cyber pledge launched by Macron"; "Cyberappell" is subject and kind in one word."""
        if not {Term.LAUNCHER, Term.TOPIC} <= seen or {Term.OTHER_CALL, Term.OTHER_TOPIC} & seen:
            return []
        detail = "the Call described by who launched it and by its subject, without its name"
        kinds = self._kinds.find(folded)[:1]
        return [Reason(rule="subject-described", detail=detail, weight=1.0, span=kind.span) for kind in kinds]

    def _linked(self, folded: Folded, links: Iterable[str]) -> Iterator[Reason]:
        detail = "a link to the Call's own site"
        for known in self._links:
            if (place := folded.text.find(known)) >= 0:
                span = folded.span(place, place + len(known))
                yield Reason(rule="subject-link", detail=detail, weight=3.0, span=span)
            elif any(known in fold(link) for link in links):
                yield Reason(rule="subject-link", detail=detail, weight=3.0)


def _whole_name(text: str, span: Span, topics: list[Span]) -> Span:
    """Take along what belongs to the name: "for Trust and Security in Cyberspace"."""
    start, end = span
    for topic in itertools.islice(topics, bisect_left(topics, span), None):
        between = text[end : topic[0]]
        if topic[0] > end and not (len(between) < LONGEST_BETWEEN and between.islower() and _SMALL.fullmatch(between)):
            break
        end = max(end, topic[1])
    return start, end


def _why_not(folded: Folded, hits: list[Hit[Term]], seen: set[Term]) -> tuple[Reason, ...]:
    for hit in hits:
        if hit.meaning is Term.OTHER_CALL:
            detail = f"“{folded.original[slice(*hit.span)]}” is something else"
            return (Reason(rule="other-call", detail=detail, weight=2.0, span=hit.span),)
    if {Term.NAME, Term.WEAK} & seen:
        hit = next(hit for hit in hits if hit.meaning in {Term.NAME, Term.WEAK})
        detail = "a name like the Call's, but the words around it are of another subject"
        return (Reason(rule="other-subject", detail=detail, weight=1.0, span=hit.span),)
    return (Reason(rule="no-name", detail="the Call is not named", weight=2.0),)


def _checked(term: Term, phrases: Iterable[str]) -> Iterator[str]:
    for phrase in phrases:
        try:
            split(phrase)
        except ValueError as error:
            raise ConfigError(f"campaign.toml: terms.{term.value}: found {error}") from None
        yield phrase


def _gate_keys(terms: Terms) -> set[str]:
    """Give a few short strings such that every text in which the Call can be known has one of them."""
    keys = {word.strip("*") for phrase in (*terms.places, *terms.launchers) for word in split(phrase)[0]}
    keys |= {fold(tag) for tag in (*terms.hashtags, *terms.links)}
    for phrase in (*terms.names, *terms.weak_names):
        words = [[word.strip("*") for word in alternatives] for alternatives in split(phrase)]
        if not any(all(any(key in word for key in keys) for word in alternatives) for alternatives in words):
            keys.update(max(words, key=lambda alternatives: min(map(len, alternatives))))
    return keys


def _one_slip(word: str, known: str) -> bool:
    """Say whether `word` is `known` with one letter missing, too many or wrong."""
    if abs(len(word) - len(known)) > 1 or len(known) < MISSPELT_FROM:
        return False
    head = next((i for i, (a, b) in enumerate(zip(word, known, strict=False)) if a != b), min(len(word), len(known)))
    rest, expected = word[head:], known[head:]
    return rest[1:] == expected or rest == expected[1:] or rest[1:] == expected[1:]
