"""Take staff's decisions: each is added to the case, never changed; the state is the fold of all of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from harvester.clusters import in_words
from harvester.errors import IllegalMove, StaleCase
from harvester.jobs import Office
from harvester.jobs.recheck import is_anything_open, known_organisations, recheck
from harvester.model import Case, CaseId, CaseState, Category, Decision, Judgement, Move, Organisation, Standing
from harvester.store import Shelves

ALLOWED: Mapping[Move, Mapping[CaseState, CaseState]] = {
    Move.CONFIRM: dict.fromkeys((CaseState.WAITING, CaseState.PARKED), CaseState.CONFIRMED),
    Move.DECLINE: dict.fromkeys((CaseState.WAITING, CaseState.PARKED), CaseState.DECLINED),
    Move.PARK: {CaseState.WAITING: CaseState.PARKED},
    Move.REOPEN: dict.fromkeys((CaseState.PARKED, CaseState.CONFIRMED, CaseState.DECLINED), CaseState.WAITING),
    Move.EDIT: {state: state for state in CaseState},
}
EDITABLE = ("name", "country", "category", "segments")


@dataclass(frozen=True, slots=True, kw_only=True)
class Edit:
    """What a reviewer sets on the organisation; None leaves a field as it is."""

    name: str | None = None
    country: str | None = None
    category: Category | None = None
    segments: tuple[str, ...] | None = None


NO_EDIT = Edit()


def decide(
    office: Office,
    case: CaseId,
    move: Move,
    *,
    by: str,
    note: str = "",
    edit: Edit = NO_EDIT,
    seen: int | None = None,
) -> Case:
    """Take one decision and give the case as it then is.

    `seen` is the version that the reviewer looked at. Raises StaleCase when another decision came after it,
    IllegalMove when the move does not fit the case's state, UnknownCase when there is no such case.
    """
    now = office.now()
    with office.store.write() as shelves:
        before = shelves.cases.get(case)
        if before.settled_by:
            raise IllegalMove(_settled(shelves, case, before.settled_by))
        if seen is not None and seen != before.version:
            raise StaleCase(f"{_last_word(before, now)}; look at it again: harvester case show {case}")
        state, changes = _undone(before) if move is Move.UNDO else _moved(before, move, edit, now)
        taken = Decision(case=case, version=before.version + 1, move=move, by=by, at=now, note=note, changes=changes)
        shelves.cases.append(taken, state)
        if changes:
            changed = with_changes(before.organisation, changes)
            shelves.organisations.change(changed)
            # An entry that is confirmed as it stands was compared with all others when the later of them came.
            is_other = changed != replace(before.organisation, standing=changed.standing, segments=changed.segments)
            if is_other and move is not Move.UNDO and is_anything_open(shelves, besides=changed.id):
                recheck(shelves, known_organisations(office, shelves), [changed], at=now)
        return shelves.cases.get(case)


def fold(decisions: Iterable[Decision]) -> tuple[CaseState, tuple[Decision, ...]]:
    """Give the state that the decisions, oldest first, come to, and those of them that no undo took back."""
    standing: list[Decision] = []
    for decision in decisions:
        if decision.move is Move.UNDO:
            standing.pop()
        else:
            standing.append(decision)
    state = CaseState.WAITING
    for decision in standing:
        state = ALLOWED[decision.move][state]
    return state, tuple(standing)


def with_changes(organisation: Organisation, changes: Mapping[str, tuple[Any, Any]]) -> Organisation:
    """Give the organisation with the second value of each change."""
    after = {key: value for key, (_, value) in changes.items()}
    if "standing" in after:
        after["standing"] = Standing(after["standing"])
    if after.get("category"):
        after["category"] = Category(after["category"])
    for key in {"segments", "aliases"} & set(after):
        after[key] = tuple(after[key])
    return replace(organisation, **after)


def _moved(before: Case, move: Move, edit: Edit, now: datetime) -> tuple[CaseState, dict[str, tuple[Any, Any]]]:
    allowed = ALLOWED[move]
    if before.state not in allowed:
        raise IllegalMove(
            f"case {before.id} is {before.state} ({_last_word(before, now)}); {move} is for cases that are "
            f"{' or '.join(allowed)}. To take the last decision back: harvester case undo {before.id}"
        )
    changes = _changes(before.organisation, edit)
    if move is Move.EDIT and not changes:
        raise IllegalMove("nothing to change: give a name, country, category or segment that differs")
    after = allowed[before.state]
    standing = _standing(before.organisation, before.state, after)
    if standing is not before.organisation.standing:
        changes["standing"] = (before.organisation.standing.value, standing.value)
    return after, changes


def _undone(before: Case) -> tuple[CaseState, dict[str, tuple[Any, Any]]]:
    _, standing = fold(before.decisions)
    if not standing:
        raise IllegalMove(f"case {before.id} has no decision to undo")
    state, _ = fold(standing[:-1])
    return state, {key: (after, old) for key, (old, after) in standing[-1].changes.items()}


def _settled(shelves: Shelves, case: CaseId, judgement: Judgement) -> str:
    """Say why a case asks nothing, and how it would ask again."""
    names = {key: shelves.organisations.get(key).name for key in (judgement.one, judgement.other) if key}
    return (
        f"case {case} asks nothing any more: {in_words(judgement, names)}. "
        f"To part them again: harvester org split {judgement.id}"
    )


def _standing(organisation: Organisation, before: CaseState, after: CaseState) -> Standing:
    """Say how the register knows the organisation when its case goes from one state to another."""
    if after is CaseState.CONFIRMED and organisation.standing is Standing.CANDIDATE:
        return Standing.SIGNATORY
    if before is CaseState.CONFIRMED and after is not before and organisation.standing is Standing.SIGNATORY:
        return Standing.CANDIDATE
    return organisation.standing


def _changes(organisation: Organisation, edit: Edit) -> dict[str, tuple[Any, Any]]:
    wanted = {key: getattr(edit, key) for key in EDITABLE}
    if edit.name and edit.name != organisation.name:
        # The name that a post used is a spelling of it that staff have confirmed.
        wanted["aliases"] = tuple(dict.fromkeys((*organisation.aliases, organisation.name)))
    return {
        key: (_plain(getattr(organisation, key)), _plain(value))
        for key, value in wanted.items()
        if value is not None and value != getattr(organisation, key)
    }


def _plain(value: Category | Sequence[str] | str | None) -> str | list[str] | None:
    """Give the value as JSON knows it."""
    return value if isinstance(value, str) or value is None else list(value)


def _last_word(case: Case, now: datetime) -> str:
    """Say who decided last and how long ago."""
    if not case.decisions:
        return "nobody has decided it yet"
    last = case.decisions[-1]
    minutes = int((now - last.at).total_seconds() // 60)
    ago = (
        "just now"
        if minutes < 1
        else f"{minutes} min ago"
        if minutes < 120  # noqa: PLR2004 -- two hours
        else f"on {last.at:%d %B, %H:%M} UTC"
    )
    return f"{last.by} chose {last.move} {ago}"
