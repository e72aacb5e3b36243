"""Weigh what was found: one claim for each organisation, the post's label, and how sure that is."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterable, Sequence

from harvester.detect.calibration import Calibration, Question, claim_signs, post_signs
from harvester.detect.claims import Draft
from harvester.detect.subject import Subject
from harvester.detect.text import fold
from harvester.model import Author, Claim, ClaimKind, Label, Reason

CONTRADICTED = -1.5
CLIPPED_FROM = 2
"""What a clipped name has in common with the whole one from its start, in characters; it has more itself."""
_IDEOGRAPHS = re.compile(r"[\u3005-\u30ff\u3400-\u9fff]+")


def claims(drafts: Iterable[Draft], writers: Sequence[tuple[int, Author]]) -> list[tuple[Claim, Draft]]:
    """Give the likeliest claim for each organisation, signatures first; how sure they are is said later.

    `writers` say "we", each from a place on.
    """
    best: dict[tuple[str, bool], tuple[Claim, Draft]] = {}
    for draft in drafts:
        author = next(author for place, author in reversed(writers) if place <= draft.span[0])
        claim = _claim(draft, author)
        key = (fold(claim.organisation), claim.kind.is_signature)
        if key not in best or _weight(best[key][1]) < _weight(draft):
            best[key] = (claim, draft)
    _contradict(best)
    found = sorted(best.values(), key=lambda pair: (not pair[0].kind.is_signature, pair[0].span))
    return [
        (claim, draft)
        for claim, draft in found
        if not any(_is_short_for(claim, other) or _is_clipped((claim, draft), (other, by)) for other, by in found)
    ]


def _contradict(best: dict[tuple[str, bool], tuple[Claim, Draft]]) -> None:
    """Where a post says both, believe what it says last, and that less; who has withdrawn signed before."""
    for (name, signs), (claim, draft) in list(best.items()):
        denied = best.get((name, False))
        if not (signs and name and denied and denied[0].kind in {ClaimKind.REFUSES, ClaimKind.WITHDRAWS}):
            continue
        last = draft.span[0] > denied[1].span[0] and denied[0].kind is ClaimKind.REFUSES
        kind = claim.kind if last else ClaimKind.REPORTS
        detail = "the same post says that it did not sign"
        reason = Reason(rule="contradicted", detail=detail, weight=CONTRADICTED, span=denied[1].span)
        best[name, kind.is_signature] = (
            dataclasses.replace(claim, kind=kind),
            dataclasses.replace(draft, reasons=(*draft.reasons, reason)),
        )
        if not last:
            del best[name, True]


def _weight(draft: Draft) -> float:
    return sum(reason.weight for reason in draft.reasons)


def _claim(draft: Draft, author: Author) -> Claim:
    same = draft.handle and author.name and fold(draft.handle) == fold(author.handle)
    name = author.name if draft.name is None or same else draft.name
    own = draft.name is None or fold(name) == fold(author.name)
    return Claim(
        kind=draft.kind,
        organisation=name,
        span=draft.name_span or draft.span,
        confidence=0.0,
        handle=author.handle if own else draft.handle,
        domain=author.domain if own else "",
    )


def _is_short_for(claim: Claim, other: Claim) -> bool:
    """Say whether `claim` names the same organisation as `other` in fewer words, or by its initials."""
    if claim is other or claim.kind.is_signature != other.kind.is_signature or not claim.organisation:
        return False
    short, long = _words(claim.organisation), _words(other.organisation)
    if claim.organisation.startswith("@") and len(long) > 1:
        return _abbreviates(short[0], "".join(long))
    if len(short) < len(long) and any(long[i : i + len(short)] == short for i in range(len(long))):
        return True
    if len(short) == len(long) > 1 and short[1:] == long[1:]:
        return claim.organisation.split()[0].isupper() and _abbreviates(short[0], long[0])
    return len(short) == 1 and len(long) > 1 and short[0] == "".join(word[0] for word in long)


def _is_clipped(pair: tuple[Claim, Draft], longer: tuple[Claim, Draft]) -> bool:
    """Say whether another act names it in full, where names have no blanks ("青嶺信金" and "青嶺信用金庫").

    Two names of one list are two organisations ("白樺病院、白樺大学病院").
    """
    (claim, draft), (other, by) = pair, longer
    short, long = fold(claim.organisation), fold(other.organisation)
    named = len(short) > CLIPPED_FROM and short[:CLIPPED_FROM] == long[:CLIPPED_FROM] and draft.span != by.span
    return bool(named and _IDEOGRAPHS.fullmatch(short) and _abbreviates(short, long))


def _abbreviates(letters: str, word: str) -> bool:
    """Say whether `letters` stand in `word` in their order, the first at its start ("HWK", "Handwerkskammer")."""
    rest = iter(word)
    return len(letters) < len(word) and letters[0] == word[0] and all(letter in rest for letter in letters)


def _words(name: str) -> list[str]:
    return re.findall(r"\w+", fold(name))


def label(found: Iterable[Claim], subject: Subject) -> Label:
    """Give what follows from the claims and the subject."""
    if not subject.is_call:
        return Label.UNRELATED
    signs = any(claim.kind.is_signature and claim.organisation for claim in found)
    return Label.ANNOUNCEMENT if signs else Label.MENTION


@dataclasses.dataclass(frozen=True, slots=True)
class Weighed:
    """The label, how sure it is, and the claims that name somebody."""

    label: Label
    confidence: float
    claims: tuple[Claim, ...]


def weigh(
    pairs: Sequence[tuple[Claim, Draft]], subject: Subject, calibration: Calibration, *, heard: float, is_read: bool
) -> Weighed:
    """Say how sure each claim and the label are: an announcement is as sure as its surest claim.

    `heard` is how likely the words alone announce a signature that the rules did not find.
    """
    made = [claim for claim, _ in pairs]
    kind = label(made, subject)
    seen = post_signs(made, subject, heard=heard, is_read=is_read)
    weighed: list[Claim] = []
    sure = 0.0
    for claim, draft in pairs:
        if not claim.organisation:
            continue
        signs = claim_signs(claim, draft, subject, seen)
        weighed.append(dataclasses.replace(claim, confidence=calibration.probability(Question.CLAIM, signs)))
        if claim.kind.is_signature:
            sure = max(sure, calibration.probability(Question.ANNOUNCEMENT, signs))
    if kind is not Label.ANNOUNCEMENT:
        sure = calibration.probability(Question(kind.value), seen)
    return Weighed(kind, sure, tuple(weighed))
