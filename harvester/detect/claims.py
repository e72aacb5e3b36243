"""Say who did what: each act of a sentence gets its kind, the organisation that did it, and the reasons for both."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from harvester.detect.clauses import Cue, Sentence
from harvester.detect.lexicon import Role
from harvester.detect.names import Group
from harvester.detect.who import (
    COMMAS,
    FOR_ANOTHER,
    LIKEWISE,
    NAMES_FOLLOW,
    NEAR_WORDS,
    NOBODY,
    TAIL_WORDS,
    Who,
    aside,
    who_acts,
)
from harvester.detect.words import SmallWords
from harvester.model import ClaimKind, Reason, Span

_KINDS = {
    Role.SIGNED_AT_CALL: ClaimKind.SIGNS,
    Role.SIGNED: ClaimKind.SIGNS, Role.WE_SIGNED: ClaimKind.SIGNS, Role.SIGNED_OR_WE: ClaimKind.SIGNS,
    Role.SIGNED_BY: ClaimKind.SIGNS,
    Role.SIGNATORY: ClaimKind.SUPPORTER_ALREADY,
    Role.SIGNATORIES_ARE: ClaimKind.SUPPORTER_ALREADY, Role.VIA: ClaimKind.VIA_COALITION,
    Role.WILL_SIGN: ClaimKind.INTENDS, Role.ABSTAINED: ClaimKind.REFUSES, Role.WITHDREW: ClaimKind.WITHDRAWS,
    Role.WE_WITHDREW: ClaimKind.WITHDRAWS,
    Role.SIGN: ClaimKind.REPORTS, Role.SIGN_OR_SIGNED: ClaimKind.REPORTS, Role.SIGNATURE: ClaimKind.REPORTS,
    Role.SIGNATURE_OF: ClaimKind.REPORTS,
}  # fmt: skip
_WEIGHTS = {
    Role.SIGNED_AT_CALL: 1.2,
    Role.SIGNED: 1.5, Role.WE_SIGNED: 1.5, Role.SIGNED_BY: 1.5, Role.SIGNATORY: 1.2, Role.SIGNATORIES_ARE: 1.2,
    Role.VIA: 1.0, Role.SIGNED_OR_WE: 1.2, Role.LIKEWISE: 1.0, Role.LIKEWISE_BY: 1.0,
    Role.SIGN_OR_SIGNED: 0.8, Role.SIGN: 0.8, Role.SIGNATURE: 0.8, Role.SIGNATURE_OF: 0.8,
}  # fmt: skip
_TURNS = (
    (Role.NOT, ClaimKind.REFUSES, "says that it is not so"),
    (Role.NOT_AFTER, ClaimKind.REFUSES, "says that it is not so"),
    (Role.REFUSES, ClaimKind.REFUSES, "says that it is refused or denied"),
    (Role.WITHDRAWS, ClaimKind.WITHDRAWS, "says that it is taken back"),
    (Role.IF, ClaimKind.REPORTS, "makes it only a possibility"),
    (Role.RUMOUR, ClaimKind.REPORTS, "makes it only hearsay"),
)
_WISHES = (
    (Role.URGES, ClaimKind.URGES, "asks for it, which does not mean that it is done"),
    (Role.PLANS, ClaimKind.INTENDS, "speaks of a plan"),
)
_ELSEWHERE = frozenset({Role.NOT, Role.NOT_AFTER, Role.REFUSES, Role.WITHDRAWS, Role.PLANS, Role.URGES})
"""What turns nothing from before a comma and whoever acts ("After refusing for years, X has signed")."""
_HEADS = frozenset({Role.RUMOUR, Role.IF, Role.PLANS, Role.URGES})
_LIKE_BEFORE = Reason(rule="likewise", detail="it does what was told right before", weight=0.5)
_TURNING = frozenset({role for role, _, _ in (*_TURNS, *_WISHES)})
_BULLETS = frozenset("-–—•*·▪▫◦‣→✅✔✓☑🔹🔸👉➡")
_OPEN = frozenset({Role.SIGN, Role.SIGN_OR_SIGNED, Role.SIGNATURE, Role.SIGNATURE_OF, Role.SIGNATORY})
"""Acts that a wish or a plan may stand before ("wants to become a signatory")."""
_MEMBERS = frozenset({Role.SIGNATORY, Role.SIGNATORIES_ARE, Role.SIGNED_BY, Role.SIGNATURE_OF})
_LEFT_OUT = frozenset({Role.ABSTAINED, Role.WITHDREW})
_TOLD = frozenset({Role.PROUD, Role.PRAISES, Role.DONE})
"""What tells an act as a fact."""


@dataclass(frozen=True, slots=True)
class Draft:
    """One claim before it is weighed: `name` is None for the author, and empty where nobody is named."""

    kind: ClaimKind
    span: Span
    reasons: tuple[Reason, ...]
    name: str | None = None
    name_span: Span | None = None
    handle: str = ""


@dataclass(frozen=True, slots=True)
class Earlier:
    """What the sentences before this one leave behind: whom they name, and what was done last."""

    group: Group | None = None
    kind: ClaimKind | None = None
    awaited: Draft | None = None
    """What a heading or question ("New signatories:") says of the names that the next sentences list."""


def drafts(sentence: Sentence, words: SmallWords, earlier: Earlier) -> tuple[list[Draft], Earlier]:
    """Give what the sentence claims, and what it leaves for the next.

    "We" inside quotation marks is not the author; "the company" and "likewise" mean what was told `earlier`.
    """
    if earlier.awaited and all(t.text.isdigit() for t in sentence.words_between(*sentence.span)):
        return [], earlier
    if earlier.awaited and not sentence.acts and (listed := _listed(sentence, words)):
        named = [name for group in listed for name in group.names]
        made = [replace(earlier.awaited, name=n.text, name_span=n.span, handle=n.handle) for n in named]
        return made, replace(earlier, group=listed[-1])
    made = []
    awaited = None
    for act in sentence.acts:
        same = earlier.kind if act.meaning in LIKEWISE else None
        if (act.meaning in LIKEWISE) != (same is not None):
            continue
        link = _LIKE_BEFORE if same else _link(sentence, act, words)
        if link is None:
            continue
        who = who_acts(sentence, act, words, earlier.group)
        if who.is_author and sentence.is_quoted(act.span[0]):
            who = NOBODY
        kind, turn = _kind(sentence, act, who, words, same)
        earlier = replace(earlier, kind=kind)
        reasons = tuple(r for r in (_said(sentence, act, kind), turn, link, who.reason) if r)
        made += _by(who, kind, act.span, reasons)
        if act.meaning in NAMES_FOLLOW - LIKEWISE and who is NOBODY and (kind.is_signature or sentence.is_question):
            awaited = Draft(_KINDS[act.meaning], act.span, (_said(sentence, act, _KINDS[act.meaning]), link), name="")
    return made, Earlier(sentence.leading_group or earlier.group, earlier.kind, awaited)


def _listed(sentence: Sentence, words: SmallWords) -> list[Group]:
    """Give the names of a line of a list, or of a sentence that has hardly anything but names in it."""
    groups = [group for group in sentence.groups if not group.governed]
    marked = [t for t in sentence.tokens[:2] if t.text in _BULLETS or t.text.isdigit()]
    if any(cue.meaning in _TURNING for cue in sentence.cues):
        return []
    if groups and marked and not sentence.words_between(marked[-1].end, groups[0].start):
        return groups[:1]
    inside = {token.start for g in groups for token in sentence.words_between(g.start, g.end)}
    outside = [t for t in sentence.words_between(*sentence.span) if t.start not in inside]
    plain = all(words.is_small(t.folded) or words.has("common", t.folded) or t.text.isdigit() for t in outside)
    return groups if plain and len(outside) <= len(inside) else []


def _by(who: Who, kind: ClaimKind, span: Span, reasons: tuple[Reason, ...]) -> Iterator[Draft]:
    if who.group is not None:
        for name in who.group.names:
            yield Draft(kind, span, reasons, name.text, name.span, name.handle)
    elif who.is_author:
        yield Draft(kind, span, reasons)
    else:
        yield Draft(kind, span, reasons, name="")


def doubted(draft: Draft, cue: Cue, text: str) -> Draft:
    """Take the word of a post that calls itself unreal ("Fact check: false") for no signature."""
    if not draft.kind.is_signature:
        return draft
    detail = f"“{text[slice(*cue.span)]}” says that the post tells of nothing real"
    reason = Reason(rule=cue.meaning.value, detail=detail, weight=-3.0, span=cue.span)
    return replace(draft, kind=ClaimKind.REPORTS, reasons=(*draft.reasons, reason))


def correction(sentence: Sentence) -> Cue | None:
    """Give the words by which the sentence says that something is wrong ("this is not true"), if it does."""
    return next((cue for cue in sentence.cues if cue.meaning is Role.CORRECTS), None)


def taken_back(told: Iterable[Draft], wrong: Iterable[Draft], sentence: Sentence, cue: Cue) -> Iterator[Draft]:
    """Yield what was `told`, as a mere report where it is what `cue` of a later sentence calls wrong."""
    names = {draft.name for draft in wrong}
    reason = _because(sentence, cue, "says that it is wrong")
    for draft in told:
        is_wrong = draft.name in names
        yield replace(draft, kind=ClaimKind.REPORTS, reasons=(*draft.reasons, reason)) if is_wrong else draft


def _said(sentence: Sentence, act: Cue, kind: ClaimKind) -> Reason:
    quoted = f"“{sentence.quote(act.span)}”"
    if not kind.is_signature:
        return Reason(rule=kind.value, detail=f"{quoted} speaks of signing, not of having signed", span=act.span)
    return Reason(rule=kind.value, detail=f"{quoted} says that it is done", weight=_WEIGHTS[act.meaning], span=act.span)


def _is_adjacent(sentence: Sentence, act: Cue, who: Who) -> bool:
    """Say whether who acts stands right before the act, with at most one word ("officially") and the Call between."""
    if who.reason is None or who.reason.span is None:
        return False
    start, end = who.reason.span[1], act.span[0]
    known = [*sentence.calls, *(cue.span for cue in sentence.cues if cue.meaning in {Role.STOPS, Role.IT})]
    passed = sum(len(sentence.words_between(*span)) for span in known if start <= span[0] and span[1] <= end)
    return start <= end and len(sentence.words_between(start, end)) - passed <= 1


# ---------------------------------------------------------------- what is claimed


def _kind(
    sentence: Sentence, act: Cue, who: Who, words: SmallWords, same: ClaimKind | None
) -> tuple[ClaimKind, Reason | None]:
    """Give the kind of `act`, which is the `same` as an earlier one's where it says so, and what turned it."""
    kind = same or _KINDS[act.meaning]
    before = _scope(sentence, act)
    is_open_noun = act.meaning is Role.SIGNATURE and not any(cue.meaning in _TOLD for cue in before)
    behind = _after(sentence, act) if words.verb_last or is_open_noun or who.owns else []
    if act.meaning is Role.SIGN and words.object_may_lead:
        behind = [c for c in _after(sentence, act) if not _comma_between(sentence, act.span[1], c.span[0])]
    relative = aside(sentence, act, words)
    scope = [cue for cue in (*before, *behind) if not _is_elsewhere(sentence, cue, act, who, relative)]
    wished = scope if act.meaning in _OPEN else behind
    if turned := _turned(sentence, act, scope, wished):
        return turned
    if sentence.is_question and not _is_answered(sentence, act):
        return ClaimKind.REPORTS, Reason(
            rule="question", detail="the sentence is a question", weight=-3.0, span=act.span
        )
    if kind is ClaimKind.REPORTS and not who.owns:
        return _promised(sentence, act, who, scope)
    return ClaimKind.SIGNS if who.owns else kind, None


def _turned(sentence: Sentence, act: Cue, scope: list[Cue], wished: list[Cue]) -> tuple[ClaimKind, Reason] | None:
    """Give what the cues of `scope`, or the wishes of `wished`, make of the act, if anything."""
    if wrong := correction(sentence):
        return ClaimKind.REPORTS, _because(sentence, wrong, "says that it is wrong")
    if away := _away(sentence, act):
        return _KINDS[away.meaning], _because(sentence, away, "says that it is not among them")
    for turns, cues in ((_TURNS, scope), (_WISHES, wished)):
        for role, turned, detail in turns:
            for cue in cues:
                if cue.meaning is role and not _is_closed(sentence, cue):
                    return turned, _because(sentence, cue, detail)
    for cue in _after(sentence, act):
        if cue.meaning is Role.NOT_AFTER and not _comma_between(sentence, act.head_end, cue.span[0]):
            return ClaimKind.REFUSES, _because(sentence, cue, "says that it is not so")
    return None


def _comma_between(sentence: Sentence, start: int, end: int) -> bool:
    return any(token.text in COMMAS and start <= token.start < end for token in sentence.tokens)


def _is_closed(sentence: Sentence, cue: Cue) -> bool:
    """Say whether a comma right behind shows that a word like "if" begins no clause (Danish "orienterede om, at")."""
    return cue.meaning is Role.IF and sentence.text[cue.span[1] : cue.span[1] + 1] in COMMAS


def _away(sentence: Sentence, act: Cue) -> Cue | None:
    """Give "is missing" right before or behind "the signatories", with nobody else and no comma between."""
    for cue in sentence.cues if act.meaning in _MEMBERS else ():
        if cue.meaning not in _LEFT_OUT:
            continue
        start, end = min(cue.head_end, act.span[1]), max(cue.span[0], act.span[0])
        apart = any(t.text in COMMAS and start <= t.start < end for t in sentence.tokens)
        one_clause = sentence.clause(act.span) == sentence.clause(cue.span)
        if one_clause and not apart and _somebody_before(sentence, end) < start:
            return cue
    return None


def _is_answered(sentence: Sentence, act: Cue) -> bool:
    """Say whether only a later clause asks ("X has signed, but where is Y?")."""
    return any(cue.meaning is Role.BUT and cue.span[0] >= act.span[1] for cue in sentence.cues)


def _promised(sentence: Sentence, act: Cue, who: Who, scope: list[Cue]) -> tuple[ClaimKind, Reason | None]:
    """Turn "to sign" into a signature after "proud to" or right behind a name, and into an urging where it opens."""
    for cue in scope:
        if cue.meaning in _TOLD and act.meaning is not Role.WILL_SIGN and _tells(cue, act):
            detail = f"“{sentence.quote(cue.span)}” tells it as a fact"
            return ClaimKind.SIGNS, Reason(rule="announced", detail=detail, weight=0.3, span=cue.span)
    if act.meaning is Role.SIGN_OR_SIGNED and _is_adjacent(sentence, act, who):
        return ClaimKind.SIGNS, None
    opens = not sentence.words_between(sentence.clause(act.span)[0], act.span[0])
    return (ClaimKind.URGES if opens and act.meaning is not Role.SIGNATURE else ClaimKind.REPORTS), None


def _tells(cue: Cue, act: Cue) -> bool:
    """Say whether `cue` tells `act` as a fact: only a noun is told by what stands behind it ("accession complete")."""
    return cue.span[0] < act.span[0] or (cue.meaning is Role.DONE and act.meaning is Role.SIGNATURE)


def _because(sentence: Sentence, cue: Cue, detail: str) -> Reason:
    return Reason(rule=cue.meaning.value, detail=f"“{sentence.quote(cue.span)}” {detail}", weight=-3.0, span=cue.span)


def _scope(sentence: Sentence, act: Cue) -> list[Cue]:
    """Give the cues that may change `act`: those before it in its clause and in its own hole.

    Another act ends the scope where somebody new begins to act after it; "refuses to sign or endorse" has one scope.
    """
    clause = sentence.clause(act.span)[0]
    somebody = _somebody_before(sentence, act.span[0])
    ended = (earlier.span[1] for earlier in sentence.acts if clause <= earlier.span[0] and earlier.span[1] <= somebody)
    start = max(ended, default=clause)
    hole = act.hole or (0, 0)
    scope = [c for c in sentence.cues if start <= c.span[0] < act.span[0] or hole[0] <= c.span[0] < hole[1]]
    return [*_headed(sentence, clause), *scope]


def _headed(sentence: Sentence, start: int) -> list[Cue]:
    """Give the cues in the few words before a colon at `start` ("Fact check: ...", "On the agenda: ...")."""
    headed = len(sentence.words_between(sentence.span[0], start)) <= NEAR_WORDS
    return [cue for cue in sentence.cues if headed and cue.meaning in _HEADS and cue.span[1] <= start]


def _is_elsewhere(sentence: Sentence, cue: Cue, act: Cue, who: Who, relative: Span) -> bool:
    """Say whether `cue` stands where it cannot turn `act`: in an aside, or before a comma and whoever acts."""
    if sentence.is_apart(cue, act) or relative[0] <= cue.span[0] < relative[1]:
        return True
    subject = who.reason.span if who.reason else None
    if subject is None or cue.meaning not in _ELSEWHERE:
        return False
    return any(t.text in COMMAS and cue.span[1] <= t.start < subject[0] for t in sentence.tokens)


def _after(sentence: Sentence, act: Cue) -> list[Cue]:
    end = sentence.clause(act.span)[1]
    following = min((a.span[0] for a in sentence.acts if a.span[0] > act.span[0]), default=end)
    return [cue for cue in sentence.cues if act.head_end <= cue.span[0] < max(act.span[1], min(end, following))]


def _somebody_before(sentence: Sentence, place: int) -> int:
    """Give where the last one stands before `place` who could act; -1 if there is none."""
    named = [group.start for group in sentence.groups if group.start < place and not group.governed]
    said = [c.span[0] for c in sentence.cues if c.meaning in {Role.WE, Role.I} and c.span[0] < place]
    return max((*named, *said), default=-1)


# ---------------------------------------------------------------- about the Call?


def _link(sentence: Sentence, act: Cue, words: SmallWords) -> Reason | None:
    """Say how `act` is tied to the Call, or None if it is about something else."""
    clause = sentence.clause(act.span)
    objects = _object(sentence, act, clause)
    if words.object_may_lead:
        objects += _leading_object(sentence, act, clause)
    about_other = _is_about_other(sentence, act, words)
    astray = about_other or (act.meaning is Role.SIGNED_AT_CALL and not _is_at_call(sentence, act, words))
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
    return [cue for cue in sentence.cues if act.span[1] <= cue.span[0] < end]


def _leading_object(sentence: Sentence, act: Cue, clause: Span) -> list[Cue]:
    """Give the cues between the Call's name and the act behind it, without those inside a name."""
    call = max((c[1] for c in sentence.calls if clause[0] <= c[0] < act.span[0]), default=act.span[0])
    named = [name.span for group in sentence.groups for name in group.names]
    between = [cue for cue in sentence.cues if call <= cue.span[0] < act.span[0]]
    return [cue for cue in between if not any(start <= cue.span[0] < end for start, end in named)]


def _subject_behind(sentence: Sentence, act: Cue, clause: Span, words: SmallWords) -> Group | None:
    """Give who acts right behind a verb that opens its clause ("Podepsala Univerzita Litava")."""
    opens = act.meaning is Role.SIGNED and not sentence.words_between(clause[0], act.span[0])
    behind = (g for g in sentence.groups if g.start >= act.span[1] and not g.governed)
    return next(behind, None) if opens and words.subject_may_follow else None


def _stands_alone(sentence: Sentence, act: Cue, clause: Span, words: SmallWords) -> bool:
    if act.meaning in NAMES_FOLLOW or act.meaning is Role.ABSTAINED:
        return True
    spoken_for = [cue.span[0] for cue in sentence.cues if cue.meaning in FOR_ANOTHER and cue.span[0] >= act.span[1]]
    following = next((token for token in sentence.tokens if token.start >= act.span[1]), None)
    wished = any(c.meaning in {Role.PLANS, Role.URGES} and c.span[0] < act.span[0] for c in sentence.cues)
    if act.meaning is Role.SIGNED and following is not None and following.text in COMMAS and not wished:
        return True
    if act.meaning is Role.SIGNATORY and any(t.text in ":：" and t.start >= act.span[1] for t in sentence.tokens):
        return True
    end = min(clause[1], *spoken_for, clause[1])
    tail = [t for t in sentence.words_between(act.span[1], end) if not words.has("common", t.folded)]
    if subject := _subject_behind(sentence, act, clause, words):
        tail = [t for t in tail if not subject.start <= t.start < subject.end]
    return len(tail) <= TAIL_WORDS and not any(t.is_capital for t in tail)


def _nearest(act: Cue, spans: tuple[Span, ...]) -> Span | None:
    return min(spans, key=lambda span: _distance(act, span), default=None)


def _distance(act: Cue, span: Span) -> int:
    return max(span[0] - act.span[1], act.span[0] - span[1])
