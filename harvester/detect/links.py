"""Say how an act is tied to the Call: by its name, by a word that stands for it, or because nothing else is named."""

from __future__ import annotations

from harvester.detect.actor import FOR_ANOTHER, NAMES_FOLLOW
from harvester.detect.clauses import COMMAS, Cue, Sentence
from harvester.detect.headings import heads
from harvester.detect.lexicon import Role
from harvester.detect.names import Group
from harvester.detect.nearness import NEAR_WORDS, TAIL_WORDS, is_heading
from harvester.detect.words import SmallWords
from harvester.model import Reason, Span

LONGEST_ARTICLE = 6
"""Between "not" and the Call's name stand at most so many characters (" den ")."""
_OWNED = frozenset({Role.SIGNATURE_OF, Role.SIGNED_BY, Role.SIGNATORIES_ARE})
"""Acts between which and the Call whoever did it is named ("the accession of the Committee to the Call")."""
_NAMED = frozenset({Role.SIGNATORY, Role.WE_SIGNED})
"""Acts whose words alone say enough ("we are a signatory and ...")."""


def link(sentence: Sentence, act: Cue, words: SmallWords) -> Reason | None:
    """Say how `act` is tied to the Call, or None if it is about something else."""
    clause = sentence.clause(act.span)
    objects = _object(sentence, act, clause)
    if words.object_may_lead:
        objects += _leading_object(sentence, act, clause)
    about_other = _is_about_other(sentence, act, words)
    astray = (
        about_other
        or _is_corrected(sentence, act)
        or (act.meaning is Role.SIGNED_AT_CALL and not _is_at_call(sentence, act, words))
    )
    if astray or any(cue.meaning is Role.SOMETHING_ELSE for cue in objects):
        return None
    if other := _nearest(act, sentence.others):
        call = _nearest(act, sentence.calls)
        if call is None or _distance(act, other) < _distance(act, call):
            return None
    if call := _nearest(act, sentence.calls):
        near = clause[0] <= call[0] < clause[1]
        detail = f"it stands in one {'clause' if near else 'sentence'} with “{sentence.quote(call)}”"
        return Reason(rule="about-the-call", detail=detail, weight=1.5 if near else 0.8, span=call)
    for cue in sentence.cues:
        if cue.meaning is Role.IT and clause[0] <= cue.span[0] < clause[1]:
            detail = f"“{sentence.quote(cue.span)}” means the Call, which is named elsewhere"
            return Reason(rule="about-it", detail=detail, weight=0.5, span=cue.span)
    if _stands_alone(sentence, act, clause, words):
        return Reason(rule="about-it", detail="nothing else is named that it could be about", weight=0.2, span=act.span)
    return None


def _is_about_other(sentence: Sentence, act: Cue, words: SmallWords) -> bool:
    """Say whether `act` stands in a relative clause about another pledge ("the Tech Accord, which X signed, ...")."""
    for other in sentence.others:
        behind = [t for t in sentence.tokens if t.start >= other[1]]
        if len(behind) > 1 and behind[0].text in COMMAS and words.has("relatives", behind[1].folded):
            ends = next((t.start for t in behind[1:] if t.text in COMMAS), sentence.span[1])
            if other[1] <= act.span[0] < ends:
                return True
    return False


def _is_corrected(sentence: Sentence, act: Cue) -> bool:
    """Say whether it is about another thing than the Call ("hat nicht den Paris Call, sondern ... unterzeichnet")."""
    for call in sentence.calls:
        behind = next((t for t in sentence.tokens if t.start >= call[1] and t.text not in COMMAS), None)
        turns = behind is not None and any(
            cue.meaning is Role.BUT and cue.span[0] == behind.start for cue in sentence.cues
        )
        denied = any(
            cue.meaning in {Role.NOT, Role.NOT_AFTER} and 0 <= call[0] - cue.span[1] <= LONGEST_ARTICLE
            for cue in sentence.cues
        )
        if turns and denied and act.span[0] > call[1]:
            return True
    return False


def _is_at_call(sentence: Sentence, act: Cue, words: SmallWords) -> bool:
    """Say whether the Call's name stands right behind the act, with at most small words between ("is in the ...")."""
    call = next((call for call in sentence.calls if call[0] >= act.span[1]), None)
    return call is not None and all(words.is_small(t.folded) for t in sentence.words_between(act.span[1], call[0]))


def _object(sentence: Sentence, act: Cue, clause: Span) -> list[Cue]:
    """Give the cues between the act and the Call's name, or right after the act where that is not named."""
    call = next((c for c in sentence.calls if c[0] >= act.span[1]), None)
    if call is None and sentence.calls:
        return []
    following = [token for token in sentence.tokens if token.is_word and token.start >= act.span[1]]
    horizon = following[NEAR_WORDS].start if len(following) > NEAR_WORDS else clause[1]
    end = min(call[0], clause[1]) if call else min(horizon, clause[1])
    found = [cue for cue in sentence.cues if act.span[1] <= cue.span[0] < end]
    return _outside_names(sentence, found) if act.meaning in _OWNED else found


def _leading_object(sentence: Sentence, act: Cue, clause: Span) -> list[Cue]:
    """Give the cues between the Call's name and the act behind it, without those inside a name."""
    call = max((c[1] for c in sentence.calls if clause[0] <= c[0] < act.span[0]), default=act.span[0])
    return _outside_names(sentence, [cue for cue in sentence.cues if call <= cue.span[0] < act.span[0]])


def _outside_names(sentence: Sentence, cues: list[Cue]) -> list[Cue]:
    named = [name.span for group in sentence.groups for name in group.names]
    return [cue for cue in cues if not any(start <= cue.span[0] < end for start, end in named)]


def _subject_behind(sentence: Sentence, act: Cue, clause: Span, words: SmallWords) -> Group | None:
    """Give who acts right behind a verb that opens its clause ("Podepsala Univerzita Litava")."""
    opens = act.meaning is Role.SIGNED and not sentence.words_between(clause[0], act.span[0])
    behind = (g for g in sentence.groups if g.start >= act.span[1] and not g.governed)
    return next(behind, None) if opens and words.subject_may_follow else None


def _stands_alone(sentence: Sentence, act: Cue, clause: Span, words: SmallWords) -> bool:
    if act.meaning in NAMES_FOLLOW or act.meaning is Role.ABSTAINED or heads(sentence, act):
        return True
    spoken_for = [cue.span[0] for cue in sentence.cues if cue.meaning in FOR_ANOTHER and cue.span[0] >= act.span[1]]
    following = next((token for token in sentence.tokens if token.start >= act.span[1]), None)
    wished = any(c.meaning in {Role.PLANS, Role.URGES} and c.span[0] < act.span[0] for c in sentence.cues)
    parted = following is not None and following.text in COMMAS
    if act.meaning is Role.SIGNED and (parted or is_heading(sentence, act)) and not wished:
        return True
    if act.meaning is Role.SIGNATORY and any(t.text in ":：" and t.start >= act.span[1] for t in sentence.tokens):
        return True
    end = min(clause[1], *spoken_for, clause[1])
    whole = sentence.words_between(act.span[1], end)
    joined = next((i for i, token in enumerate(whole) if i and words.has("and_words", token.folded)), len(whole))
    joined = 0 if act.meaning in _NAMED and whole and words.has("and_words", whole[0].folded) else joined
    tail = [token for token in whole[:joined] if not words.has("common", token.folded)]
    if subject := _subject_behind(sentence, act, clause, words):
        tail = [t for t in tail if not subject.start <= t.start < subject.end]
    return len(tail) <= TAIL_WORDS and not any(t.is_capital for t in tail)


def _nearest(act: Cue, spans: tuple[Span, ...]) -> Span | None:
    return min(spans, key=lambda span: _distance(act, span), default=None)


def _distance(act: Cue, span: Span) -> int:
    return max(span[0] - act.span[1], act.span[0] - span[1])
