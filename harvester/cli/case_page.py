"""How a case looks on the terminal: the queue, and one case with its evidence, reasons and next commands."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from harvester.cli import show
from harvester.model import Case, CaseState, Decision, Evidence, Judgement

if TYPE_CHECKING:
    from rich.padding import Padding
    from rich.text import Text

    from harvester.config import Campaign

SURE, LIKELY = 0.9, 0.7


def print_queue(cases: Sequence[Case]) -> None:
    """Print two lines a case, or that there is nothing to do."""
    if not cases:
        show.say("Nothing waits for a decision.")
        return
    width = max(len(str(case.id)) for case in cases)
    for case in cases:
        state = "" if case.state is CaseState.WAITING else f"  [{case.state}]"
        show.line(
            f"{case.id:>{width}}  ", (case.organisation.name, "bold"), f"{state}  {how_sure(case)}, {_seen_on(case)}"
        )
        show.line(" " * width + "  ", (f"“{_quote(case)}”", "dim"))
    show.say(f"\nLook at one: harvester case show {cases[0].id}", "dim")


def print_case(
    case: Case, campaign: Campaign, said: Sequence[tuple[Judgement, str]] = (), *, commands: bool = True
) -> None:
    """Print all that a reviewer needs to decide; `said` are staff's judgements on who it is, in words."""
    one = case.organisation
    show.say(f"Case {case.id}: {one.name}", "bold")
    show.say(f"{case.state} since {show.moment(_since(case))}, version {case.version}, {how_sure(case)}")
    titles = {segment.key: segment.title for segment in campaign.segments}
    facts = (one.country, one.category, *(titles.get(key, key) for key in one.segments))
    show.say("Known: " + (", ".join(filter(None, facts)) or "no country, category or segment set yet"))
    for judgement, sentence in said:
        show.say(f"{sentence} (judgement {judgement.id})")
    for number, candidate in enumerate(case.candidates, 1):
        why = "; ".join(reason.detail for reason in candidate.reasons)
        known = candidate.organisation
        place = ", ".join(filter(None, (f"no. {known.id}", known.standing, known.country)))
        show.say(f"Perhaps the same as {number}. {known.name} ({place}): {why}")
    for number, evidence in enumerate(case.evidence, 1):
        _print_evidence(number, evidence)
    if case.decisions:
        show.say("\nDecisions", "bold")
        for decision in case.decisions:
            show.say(f"  {_told(decision)}")
    if commands:
        _print_next(case)


def how_sure(case: Case) -> str:
    """Say in a word how sure the machine is, by the surest evidence."""
    best = max((evidence.claim.confidence for evidence in case.evidence), default=0.0)
    word = "sure" if best >= SURE else "likely" if best >= LIKELY else "unsure"
    return f"{word} ({best:.0%})"


def _print_evidence(number: int, evidence: Evidence) -> None:
    post = evidence.post
    show.say(
        f"\nEvidence {number}: {post.author.platform}, {_author(evidence)}, {show.moment(post.published_at)}", "bold"
    )
    show.say(f"  {post.url}", "blue")
    spans = [reason.span for reason in evidence.finding.reasons if reason.span] + [evidence.claim.span]
    show.console().print(_indented(show.lit(post.full_text, spans)))
    show.say(f"  Why ({evidence.finding.label}, {evidence.finding.confidence:.0%}):")
    for reason in evidence.finding.reasons:
        show.say(f"   • {reason.detail}")


def _indented(text: Text) -> Padding:
    from rich.padding import Padding

    return Padding(text, (0, 0, 0, 2))


def _print_next(case: Case) -> None:
    if case.settled_by:
        show.say("\nThis case asks nothing any more, as staff hold it to be another organisation.", "bold")
        show.say(f"  harvester org split {case.settled_by.id}   parts them again")
        return
    show.say("\nDecide", "bold")
    moves = ("confirm", "decline", "park") if case.state.is_open else ("undo", "reopen")
    for move in moves:
        if (move, case.state) != ("park", CaseState.PARKED):
            show.say(f"  harvester case {move} {case.id} --seen {case.version}")
    for candidate in case.candidates if case.state.is_open else ():
        show.say(f"  harvester org merge {candidate.organisation.id} {case.organisation.id}   (or: differ, relate)")
    show.say(f"  harvester case edit {case.id} --country XX --category ... --segment ...", "dim")


def _told(decision: Decision) -> str:
    changed = "".join(
        f"; {key}: {before or '-'} -> {after or '-'}" for key, (before, after) in decision.changes.items()
    )
    note = f' "{decision.note}"' if decision.note else ""
    return f"{show.moment(decision.at)}  {decision.by}: {decision.move}{note}{changed}"


def _author(evidence: Evidence) -> str:
    author = evidence.post.author
    return (
        f"{author.name} (@{author.handle.lstrip('@')})"
        if author.handle and author.name
        else author.name or author.handle
    )


def _seen_on(case: Case) -> str:
    platforms = [evidence.post.author.platform for evidence in case.evidence]
    return ", ".join(f"{name} ×{n}" if (n := platforms.count(name)) > 1 else name for name in dict.fromkeys(platforms))


def _quote(case: Case) -> str:
    return case.evidence[0].quote if case.evidence else ""


def _since(case: Case) -> datetime:
    return case.decisions[-1].at if case.decisions else case.opened_at
