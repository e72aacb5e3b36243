"""Say what an act comes to once all that turns it is heard: a denial, a plan, a wish, a rumour or a question."""

from __future__ import annotations

from harvester.detect.actor import Who
from harvester.detect.clauses import COMMAS, Cue, Sentence
from harvester.detect.lexicon import Role
from harvester.detect.nearness import NEAR_WORDS, aside, has_comma
from harvester.detect.words import SmallWords
from harvester.model import ClaimKind, Reason, Span

KINDS = {
    Role.SIGNED_AT_CALL: ClaimKind.SIGNS,
    Role.SIGNED: ClaimKind.SIGNS, Role.WE_SIGNED: ClaimKind.SIGNS, Role.SIGNED_OR_WE: ClaimKind.SIGNS,
    Role.SIGNED_BY: ClaimKind.SIGNS, Role.GAINED: ClaimKind.SIGNS, Role.SIGNED_AT_COLON: ClaimKind.SIGNS,
    Role.SIGNATORY: ClaimKind.SUPPORTER_ALREADY,
    Role.SIGNATORIES_ARE: ClaimKind.SUPPORTER_ALREADY, Role.VIA: ClaimKind.VIA_COALITION,
    Role.WILL_SIGN: ClaimKind.INTENDS, Role.ABSTAINED: ClaimKind.REFUSES, Role.WITHDREW: ClaimKind.WITHDRAWS,
    Role.WE_WITHDREW: ClaimKind.WITHDRAWS,
    Role.SIGN: ClaimKind.REPORTS, Role.SIGN_OR_SIGNED: ClaimKind.REPORTS, Role.SIGNATURE: ClaimKind.REPORTS,
    Role.SIGNATURE_OF: ClaimKind.REPORTS,
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
TURNING = frozenset({role for role, _, _ in (*_TURNS, *_WISHES)})
_OPEN = frozenset({Role.SIGN, Role.SIGN_OR_SIGNED, Role.SIGNATURE, Role.SIGNATURE_OF, Role.SIGNATORY})
"""Acts that a wish or a plan may stand before ("wants to become a signatory")."""
_MEMBERS = frozenset({Role.SIGNATORY, Role.SIGNATORIES_ARE, Role.SIGNED_BY, Role.SIGNATURE_OF})
_LEFT_OUT = frozenset({Role.ABSTAINED, Role.WITHDREW})
_VERBS = frozenset({Role.SIGN, Role.SIGN_OR_SIGNED})
_TOLD = frozenset({Role.PROUD, Role.PRAISES, Role.DONE, Role.FACT})
"""What tells an act as a fact."""


def kind_of(
    sentence: Sentence, act: Cue, who: Who, words: SmallWords, same: ClaimKind | None
) -> tuple[ClaimKind, Reason | None]:
    """Give the kind of `act`, which is the `same` as an earlier one's where it says so, and what turned it."""
    kind = same or KINDS[act.meaning]
    before = _scope(sentence, act)
    is_open_noun = act.meaning is Role.SIGNATURE and not any(cue.meaning in _TOLD for cue in before)
    behind = _after(sentence, act) if words.verb_last or is_open_noun or who.owns else []
    if act.meaning is Role.SIGN and words.object_may_lead:
        behind = [c for c in _after(sentence, act) if not has_comma(sentence, act.span[1], c.span[0])]
    relative = aside(sentence, act, words)
    heard = [cue for cue in (*before, *behind) if not _is_before_clause(sentence, cue, act, words)]
    scope = [cue for cue in heard if not _is_elsewhere(sentence, cue, act, who, relative)]
    wishes = [*_wishes_to_read(sentence, act), *_wishes_that(sentence, act, who, words)]
    wished = scope if act.meaning in _OPEN else [*behind, *wishes]
    if act.meaning is Role.WE_SIGNED:  # "อยากให้โรงเรียนเราลงนาม" has the same verb as what is done.
        wished += [cue for cue in before if not sentence.text[cue.span[1] : act.span[0]].strip()]
    if turned := _turned(sentence, act, scope, wished):
        return turned
    if sentence.is_question and not _is_answered(sentence, act):
        return ClaimKind.REPORTS, Reason(
            rule="question", detail="the sentence is a question", weight=-3.0, span=act.span
        )
    if kind is ClaimKind.REPORTS and not who.owns:
        return _promised(sentence, act, who, scope, words)
    return ClaimKind.SIGNS if who.owns else kind, None


def _wishes_to_read(sentence: Sentence, act: Cue) -> list[Cue]:
    """Give the wishes right before a quotation that has `act` in it ("I want to open the paper and see “X signs”")."""
    start = next((quote[0] for quote in sentence.quoted if quote[0] < act.span[0] < quote[1]), None)
    before = [cue for cue in sentence.cues if start is not None and cue.span[1] <= start]
    return [
        cue
        for cue in before
        if cue.meaning in {Role.PLANS, Role.URGES, Role.IF}
        and start is not None
        and not has_comma(sentence, cue.span[1], start)
        and len(sentence.words_between(cue.span[1], start)) <= NEAR_WORDS
    ]


def _wishes_that(sentence: Sentence, act: Cue, who: Who, words: SmallWords) -> list[Cue]:
    """Give the wish right before a "that" behind which whoever acts stands ("Es ist Zeit, dass X unterzeichnet")."""
    start = who.reason.span[0] if who.reason and who.reason.span else 0
    before = (t for t in reversed(sentence.tokens) if t.end <= start <= act.span[0])
    told = ((words.has("that_words", t.folded), t) for t in before)
    is_that, that = next((each for each in told if each[0] or not words.has("articles", each[1].folded)), (False, None))
    if that is None or not is_that:
        return []
    spoken = [cue.span for cue in sentence.cues if cue.meaning in {Role.WE, Role.I}]
    wishes = [cue for cue in sentence.cues if cue.meaning in {Role.PLANS, Role.URGES} and cue.span[0] < that.start]
    return [
        cue
        for cue in wishes
        if all(any(a <= t.start < b for a, b in spoken) for t in sentence.words_between(cue.span[1], that.start))
    ]


def _turned(sentence: Sentence, act: Cue, scope: list[Cue], wished: list[Cue]) -> tuple[ClaimKind, Reason] | None:
    """Give what the cues of `scope`, or the wishes of `wished`, make of the act, if anything."""
    if away := _away(sentence, act):
        return KINDS[away.meaning], because(sentence, away, "says that it is not among them")
    for turns, cues in ((_TURNS, scope), (_WISHES, wished)):
        for role, turned, detail in turns:
            for cue in cues:
                if cue.meaning is role and not _is_closed(sentence, cue):
                    return turned, because(sentence, cue, detail)
    for cue in _after(sentence, act):
        if cue.meaning is Role.NOT_AFTER and not has_comma(sentence, act.head_end, cue.span[0]):
            return ClaimKind.REFUSES, because(sentence, cue, "says that it is not so")
    return None


def _is_closed(sentence: Sentence, cue: Cue) -> bool:
    """Say whether a comma right behind shows that a word like "if" begins no clause (Danish "orienterede om, at")."""
    return cue.meaning is Role.IF and sentence.text[cue.span[1] : cue.span[1] + 1] in COMMAS


def _away(sentence: Sentence, act: Cue) -> Cue | None:
    """Give "is missing" right before or behind "the signatories", with nobody else and no comma between."""
    for cue in sentence.cues if act.meaning in _MEMBERS else ():
        if cue.meaning not in _LEFT_OUT:
            continue
        start, end = min(cue.head_end, act.span[1]), max(cue.span[0], act.span[0])
        apart = has_comma(sentence, start, end)
        one_clause = sentence.clause(act.span) == sentence.clause(cue.span)
        if one_clause and not apart and _somebody_before(sentence, end) < start:
            return cue
    return None


def _is_answered(sentence: Sentence, act: Cue) -> bool:
    """Say whether only a later clause asks ("X has signed, but where is Y?"), or nobody ("Did you know that ...")."""
    asked = any(cue.meaning is Role.BUT and cue.span[0] >= act.span[1] for cue in sentence.cues)
    known = any(cue.meaning is Role.FACT and cue.span[1] <= act.span[0] for cue in sentence.cues)
    return asked or known or _is_relative(sentence, act)


def _is_relative(sentence: Sentence, act: Cue) -> bool:
    """Recognise "Has X read the Call it signed?": only a pronoun stands between the Call's name and the act."""
    start = max((call[1] for call in sentence.calls if call[1] <= act.span[0]), default=-1)
    said = {cue.span for cue in sentence.cues if cue.meaning in {Role.SAME, Role.BOTH, Role.WE}}
    between = sentence.text[start : act.span[0]] if start >= 0 else ""
    return any((start + 1, act.span[0] - 1) == span for span in said) and not between[:1].strip()


def _promised(
    sentence: Sentence, act: Cue, who: Who, scope: list[Cue], words: SmallWords
) -> tuple[ClaimKind, Reason | None]:
    """Turn "to sign" into a signature after "proud to" or right behind a name, and into an urging where it opens."""
    behind = [cue for cue in sentence.cues if cue.meaning is Role.FACT and cue.span[0] >= act.span[1]]
    for cue in (*scope, *(behind if act.meaning in _VERBS else ())):
        if cue.meaning in _TOLD and act.meaning is not Role.WILL_SIGN and _tells(cue, act, words):
            detail = f"“{sentence.quote(cue.span)}” tells it as a fact"
            return ClaimKind.SIGNS, Reason(rule="announced", detail=detail, weight=0.3, span=cue.span)
    if act.meaning is Role.SIGN_OR_SIGNED and _is_adjacent(sentence, act, who):
        return ClaimKind.SIGNS, None
    opens = not sentence.words_between(sentence.clause(act.span)[0], act.span[0])
    return (ClaimKind.URGES if opens and act.meaning is not Role.SIGNATURE else ClaimKind.REPORTS), None


def _tells(cue: Cue, act: Cue, words: SmallWords) -> bool:
    """Say whether `cue` tells `act` as a fact: from behind, a noun is told, and by thanks where verbs stand last."""
    thanks = cue.meaning is Role.PRAISES and words.verb_last
    behind = thanks or cue.meaning is Role.FACT or (cue.meaning is Role.DONE and act.meaning is Role.SIGNATURE)
    return cue.span[0] < act.span[0] or behind


def because(sentence: Sentence, cue: Cue, detail: str) -> Reason:
    """Give the reason that `cue` turned an act."""
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
    return has_comma(sentence, cue.span[1], subject[0])


def _is_before_clause(sentence: Sentence, cue: Cue, act: Cue, words: SmallWords) -> bool:
    """Say whether `cue` is a "not" before an act that begins with a preposition ("has not changed since joining")."""
    opening = next((token for token in sentence.tokens if token.start == act.span[0]), None)
    ahead = cue.meaning is Role.NOT and act.meaning is Role.SIGNED and cue.span[1] <= act.span[0]
    return ahead and opening is not None and words.has("prepositions", opening.folded)


def _after(sentence: Sentence, act: Cue) -> list[Cue]:
    end = sentence.clause(act.span)[1]
    following = min((a.span[0] for a in sentence.acts if a.span[0] > act.span[0]), default=end)
    return [cue for cue in sentence.cues if act.head_end <= cue.span[0] < max(act.span[1], min(end, following))]


def _somebody_before(sentence: Sentence, place: int) -> int:
    """Give where the last one stands before `place` who could act; -1 if there is none."""
    named = [group.start for group in sentence.groups if group.start < place and not group.governed]
    said = [c.span[0] for c in sentence.cues if c.meaning in {Role.WE, Role.I} and c.span[0] < place]
    return max((*named, *said), default=-1)


def _is_adjacent(sentence: Sentence, act: Cue, who: Who) -> bool:
    """Say whether who acts stands right before the act, with at most one word ("officially") and the Call between."""
    if who.reason is None or who.reason.span is None:
        return False
    end = act.span[0]
    named = who.group.end if who.group and who.group.end <= end else 0
    start = max(who.reason.span[1], named)
    known = [*sentence.calls, *(cue.span for cue in sentence.cues if cue.meaning in {Role.STOPS, Role.IT})]
    passed = sum(len(sentence.words_between(*span)) for span in known if start <= span[0] and span[1] <= end)
    return start <= end and len(sentence.words_between(start, end)) - passed <= 1
