"""Say who did what: each act of a sentence gets its kind, the organisation that did it, and the reasons for both."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from harvester.detect import rolls
from harvester.detect.actor import NAMES_FOLLOW, NOBODY, Who
from harvester.detect.clauses import COMMAS, Cue, Sentence
from harvester.detect.lexicon import Role
from harvester.detect.links import link
from harvester.detect.names import Group, Name
from harvester.detect.turns import KINDS, TURNING, because, kind_of
from harvester.detect.unsaid import speaker
from harvester.detect.who import who_acts
from harvester.detect.words import SmallWords
from harvester.model import ClaimKind, Reason, Span

_LIKEWISE = frozenset({Role.LIKEWISE, Role.LIKEWISE_BY})
"""Acts that repeat the one before ("as did X")."""
_WEIGHTS = {
    Role.SIGNED_AT_CALL: 1.2, Role.SIGNED_AT_COLON: 1.2, Role.GAINED: 1.2,
    Role.SIGNED: 1.5, Role.WE_SIGNED: 1.5, Role.SIGNED_BY: 1.5, Role.SIGNATORY: 1.2, Role.SIGNATORIES_ARE: 1.2,
    Role.VIA: 1.0, Role.SIGNED_OR_WE: 1.2, Role.LIKEWISE: 1.0, Role.LIKEWISE_BY: 1.0, Role.ALSO: 1.0,
    Role.SIGN_OR_SIGNED: 0.8, Role.SIGN: 0.8, Role.SIGNATURE: 0.8, Role.SIGNATURE_OF: 0.8,
}  # fmt: skip
_LIKE_BEFORE = Reason(rule="likewise", detail="it does what was told right before", weight=0.5)
SHORT_WORDS = 4
"""A sentence of so few words that ends in "not" denies what was told right before."""
SPARE_WORDS = 2
"""So many articles and the like may stand beside the name in "And the Birch Union too."."""
_BULLETS = frozenset("-–—•*·▪▫◦‣→✅✔✓☑🔹🔸👉➡")


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
    asked: Group | None = None
    """Whom a question names that has nothing else in it ("Alder Bank? Signed.")."""
    awaited: Draft | None = None
    """What a heading or question ("New signatories:") says of the names that the next sentences list."""
    fewest: int = 1
    """So many names answer "Who has signed?": one alone may be whom the answer greets."""


def drafts(sentence: Sentence, words: SmallWords, earlier: Earlier) -> tuple[list[Draft], Earlier]:
    """Give what the sentence claims, and what it leaves for the next.

    "We" inside quotation marks is not the author; "the company" and "likewise" mean what was told `earlier`.
    """
    if told := _told_on(sentence, words, earlier):
        return told
    made: list[Draft] = []
    awaited, asks = None, False
    wrong = correction(sentence)
    for act in sentence.acts:
        same = earlier.kind if act.meaning in _LIKEWISE else None
        if (act.meaning in _LIKEWISE) != (same is not None):
            continue
        tie = _LIKE_BEFORE if same else link(sentence, act, words)
        if tie is None:
            continue
        who = _answered(sentence, earlier) or who_acts(sentence, act, words, earlier.group)
        if who.is_author and sentence.is_quoted(act.span[0]):
            who = speaker(sentence, act, words) or NOBODY
        kind, turn = kind_of(sentence, act, who, words, same)
        if wrong:
            kind, turn = ClaimKind.REPORTS, because(sentence, wrong, "says that it is wrong")
        earlier = replace(earlier, kind=kind)
        reasons = tuple(r for r in (_said(sentence, act, kind), turn, tie, who.reason) if r)
        made += _by(who, kind, act.span, reasons)
        asks = sentence.is_question and act.meaning in {Role.SIGNED, Role.SIGNED_AT_CALL}
        follow = asks or act.meaning in NAMES_FOLLOW - _LIKEWISE
        if follow and who is NOBODY and (kind.is_signature or sentence.is_question):
            awaited = Draft(KINDS[act.meaning], act.span, (_said(sentence, act, KINDS[act.meaning]), tie), name="")
    if made and made[-1].kind.is_signature:
        made += _also_behind(sentence, made[-1], words)
    fewest = len("AB") if asks else 1
    left = _leading(sentence, words) or earlier.group
    return made, Earlier(left, earlier.kind, awaited=awaited, fewest=fewest, asked=_asked(sentence))


def _told_on(sentence: Sentence, words: SmallWords, earlier: Earlier) -> tuple[list[Draft], Earlier] | None:
    """Go on with a list that was announced `earlier`, or with "X too."; None where the sentence tells for itself."""
    if earlier.kind and not sentence.acts and (group := rolls.answered(sentence, words)):
        return [_ticked(name, sentence.span) for name in group.names], replace(earlier, group=group)
    numbered = all(t.text.isdigit() for t in sentence.words_between(*sentence.span))
    if earlier.awaited and (numbered or rolls.is_crossed(sentence)):
        return [], earlier
    if earlier.awaited and not sentence.acts and (listed := _listed(sentence, words)):
        named = [name for group in listed for name in group.names]
        if len(named) < earlier.fewest:
            return [], Earlier(listed[-1], earlier.kind)
        made = [replace(earlier.awaited, name=n.text, name_span=n.span, handle=n.handle) for n in named]
        return made, replace(earlier, group=listed[-1])
    if earlier.kind and not sentence.acts and (also := _also(sentence, earlier.kind)):
        return also, replace(earlier, group=sentence.groups[0])
    return None


def _ticked(name: Name, line: Span) -> Draft:
    reason = Reason(rule="rolled", detail="a tick or a yes stands beside it", weight=1.2, span=line)
    return Draft(ClaimKind.SIGNS, name.span, (reason,), name.text, name.span, name.handle)


def _leading(sentence: Sentence, words: SmallWords) -> Group | None:
    """Give whom a later sentence means by "the company"; in "Break-in at X" and "Leak of data at X" that is X."""
    first = sentence.leading_group
    if first and len(sentence.groups) > 1 and first is sentence.groups[0] and first.names[0].last == 1:
        between = sentence.words_between(first.end, sentence.groups[1].start)
        if [words.has("at_words", token.folded) for token in between] == [True]:
            return sentence.groups[1]
        if len(between) > 1 and words.has("inside_names", between[0].folded) and not words.is_small(between[1].text):
            return sentence.groups[1]
    return first


def _asked(sentence: Sentence) -> Group | None:
    """Give the one name of a question that has nothing else in it."""
    alone = sentence.is_question and len(sentence.groups) == 1 and not sentence.acts
    named = sentence.groups[0] if alone else None
    if named is None or len(sentence.words_between(*sentence.span)) > SPARE_WORDS + len(
        sentence.words_between(named.start, named.end)
    ):
        return None
    return named


def _answered(sentence: Sentence, earlier: Earlier) -> Who | None:
    """Take the one whom the question before names for who acts in an answer that names nobody."""
    if earlier.asked is None or sentence.groups or any(cue.meaning in {Role.WE, Role.I} for cue in sentence.cues):
        return None
    place = (earlier.asked.start, earlier.asked.end)
    reason = Reason(rule="who", detail="the question before names it", weight=0.4, span=place)
    return Who(earlier.asked, is_author=False, reason=reason)


def _also(sentence: Sentence, kind: ClaimKind) -> list[Draft]:
    """Give what was told before of whoever this sentence names, if it has only "too" besides ("Birch Union too.")."""
    cue = next((cue for cue in sentence.cues if cue.meaning is Role.ALSO), None)
    if cue is None or len(sentence.groups) != 1 or sentence.is_question:
        return []
    named = sentence.groups[0]
    loose = [t for t in sentence.words_between(*sentence.span) if not named.start <= t.start < named.end]
    if len(loose) - len(sentence.words_between(*cue.span)) > SPARE_WORDS or named.start <= cue.span[0] < named.end:
        return []
    reasons = (_said(sentence, cue, kind), _LIKE_BEFORE)
    return [Draft(kind, cue.span, reasons, name.text, name.span, name.handle) for name in named.names]


def _also_behind(sentence: Sentence, told: Draft, words: SmallWords) -> list[Draft]:
    """Give what is `told` of one named at the sentence's end, too ("Alder Bank has signed, Birch Union too")."""
    cue = next((cue for cue in reversed(sentence.cues) if cue.meaning is Role.ALSO), None)
    group = sentence.groups[-1] if sentence.groups else None
    if (
        cue is None
        or group is None
        or told.span[1] > group.start
        or sentence.words_between(cue.span[1], sentence.span[1])
    ):
        return []
    comma = max((t.end for t in sentence.tokens if t.text in COMMAS and t.end <= group.start), default=0)
    before = sentence.words_between(max(comma, told.span[1]), group.start)
    if not comma or sentence.words_between(group.end, cue.span[0]) or len(before) > SPARE_WORDS:
        return []
    reasons = (_said(sentence, cue, told.kind), _LIKE_BEFORE)
    small = all(words.is_small(token.folded) for token in before)
    return [Draft(told.kind, cue.span, reasons, n.text, n.span, n.handle) for n in group.names if small]


def _listed(sentence: Sentence, words: SmallWords) -> list[Group]:
    """Give the names of a line of a list, or of a sentence that has hardly anything but names in it."""
    groups = [group for group in sentence.groups if not group.governed]
    marked = [t for t in sentence.tokens[:2] if t.text in _BULLETS or t.text.isdigit()]
    if any(cue.meaning in TURNING for cue in sentence.cues):
        return []
    colon = next((t.end for t in sentence.tokens if t.text in ":："), sentence.span[0])
    behind = [group for group in groups if group.start > colon > sentence.span[0]]
    if behind and not sentence.words_between(colon, behind[0].start):
        return behind[:1]
    if groups and marked and not sentence.words_between(marked[-1].end, groups[0].start):
        return groups[:1]
    inside = {token.start for g in groups for token in sentence.words_between(g.start, g.end)}
    outside = [t for t in sentence.words_between(*sentence.span) if t.start not in inside]
    plain = all(words.is_small(t.folded) or words.has("common", t.folded) or t.text.isdigit() for t in outside)
    return groups if plain and len(outside) <= len(inside) else []


def once(drafts: Iterable[Draft], sentences: Iterable[Sentence], author: str) -> list[Draft]:
    """Give `drafts` without a bare "Signed!" of the author's where the post goes on to say who else has signed."""
    made = list(drafts)
    bare = {cue.span for s in sentences for cue in s.cues if cue.meaning is Role.SIGNED and not s.calls}
    if not any(draft.name and draft.name not in author and draft.kind.is_signature for draft in made):
        return made
    return [draft for draft in made if not (draft.name is None and draft.span in bare and _is_bare(draft))]


def _is_bare(draft: Draft) -> bool:
    """Say whether nothing but the act itself tells that the author did it."""
    return any(reason.rule == "first-person" and reason.span == draft.span for reason in draft.reasons)


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
    return next((cue for cue in sentence.cues if cue.meaning is Role.CORRECTS), None) or _denial(sentence)


def _denial(sentence: Sentence) -> Cue | None:
    """Recognise "They have not.": a few words, of which the last says no, and nobody else who has not."""
    said = sentence.words_between(*sentence.span)
    apart = sentence.acts or sentence.groups or sentence.is_question or len(said) > SHORT_WORDS
    if not said or apart or any(cue.meaning in {Role.WE, Role.I} for cue in sentence.cues):
        return None
    return next((cue for cue in sentence.cues if cue.meaning is Role.NOT and cue.span[1] == said[-1].end), None)


def denial(sentence: Sentence, told: Iterable[Draft], before: Sentence) -> Cue | None:
    """Give the "not" of "We haven't.", which denies what was `told` in a quotation of the sentence `before`."""
    if sentence.acts or not any(before.is_quoted(draft.span[0]) for draft in told):
        return None
    for cue in (cue for cue in sentence.cues if cue.meaning is Role.NOT):
        start, end = sentence.clause(cue.span)
        ours = any(c.meaning is Role.WE and start <= c.span[0] < cue.span[0] for c in sentence.cues)
        if ours and not sentence.words_between(cue.span[1], end):
            return cue
    return None


def corrects_itself(sentence: Sentence) -> bool:
    """Say whether it tells what is right, too ("Not A, but B has signed"): then an apology takes nothing back."""
    denied = [cue.span[0] for cue in sentence.cues if cue.meaning in {Role.NOT, Role.NOT_AFTER}]
    return any(cue.meaning is Role.BUT and min(denied, default=cue.span[0]) < cue.span[0] for cue in sentence.cues)


def taken_back(told: Iterable[Draft], wrong: Iterable[Draft], sentence: Sentence, cue: Cue) -> Iterator[Draft]:
    """Yield what was `told`, as a mere report where it is what `cue` of a later sentence calls wrong."""
    names = {draft.name for draft in wrong}
    others = [g for g in sentence.groups if len(sentence.words_between(g.end, cue.span[0])) <= 1 and not g.governed]
    if any(g.end <= cue.span[0] and names.isdisjoint(n.text for n in g.names) for g in others):
        names = set()  # "X has signed. China did nothing of the kind."
    reason = because(sentence, cue, "says that it is wrong")
    for draft in told:
        is_wrong = draft.name in names
        yield replace(draft, kind=ClaimKind.REPORTS, reasons=(*draft.reasons, reason)) if is_wrong else draft


def _said(sentence: Sentence, act: Cue, kind: ClaimKind) -> Reason:
    quoted = f"“{sentence.quote(act.span)}”"
    if not kind.is_signature:
        return Reason(rule=kind.value, detail=f"{quoted} speaks of signing, not of having signed", span=act.span)
    return Reason(rule=kind.value, detail=f"{quoted} says that it is done", weight=_WEIGHTS[act.meaning], span=act.span)
