"""Find who acts in a sentence: a name, a list of names, or the author speaking as an organisation."""

from __future__ import annotations

from bisect import bisect_left

from harvester.detect.actor import FOR_ANOTHER, NAMES_FOLLOW, NOBODY, Who, author
from harvester.detect.clauses import COMMAS, ENDING, Cue, Sentence
from harvester.detect.colons import before_colon, behind_colon
from harvester.detect.gathering import continued, gathered
from harvester.detect.headings import headed
from harvester.detect.lexicon import Role
from harvester.detect.names import Group
from harvester.detect.nearness import NEAR_WORDS, TAIL_WORDS, aside, is_heading, words_apart
from harvester.detect.owners import in_base_form, without_owner_end
from harvester.detect.text import fold
from harvester.detect.unsaid import carried_on, fragment, left_out, meant, proud
from harvester.detect.words import SmallWords
from harvester.model import Reason

LISTED_WORDS = 4
"""Between a name and "among the signatories" stand at most so many words ("has for years been")."""
KIND_LETTERS = 4
"""A word for a kind of organisation has at least so many letters, an article before it fewer."""
CLOSE_TOKENS = 8
"""Between a name and what "which" says it did stand fewer tokens."""
_POSSESSIVE = ("'", "’")
_PRONOUNS = frozenset({Role.WE, Role.I, Role.SAME, Role.BOTH})
_DASHES = frozenset("-–—")


def who_acts(sentence: Sentence, act: Cue, words: SmallWords, earlier: Group | None) -> Who:
    """Find who does `act`: whoever is spoken for, a name before or behind it, the `earlier` one, or the author."""
    if known := _spoken_for(sentence, act, words) or _inside(sentence, act):
        return known
    hole = act.hole or (0, 0)
    ours = next((c for c in sentence.cues if c.meaning is Role.WE and hole[0] <= c.span[0] < hole[1]), None)
    if ours or act.meaning in {Role.WE_SIGNED, Role.WE_WITHDREW}:
        return author(sentence, ours or act)
    if act.meaning in NAMES_FOLLOW:
        return (
            _names_after(sentence, act, words, "are named as its signatories")
            or _listed_before(sentence, act, words)
            or NOBODY
        )
    if act.meaning is Role.VIA and (ours := next((c for c in sentence.cues if c.meaning is Role.WE), None)):
        return author(sentence, ours)
    if act.meaning is Role.SIGNATURE_OF:
        return _owner_behind(sentence, act, words) or NOBODY
    owner = _owner_before(sentence, act, words, earlier) if act.meaning is Role.SIGNATURE else None
    before = (
        owner
        or headed(sentence, act)
        or behind_colon(sentence, act, words)
        or _before(sentence, act, words)
        or meant(sentence, act, words, earlier)
    )
    behind = (
        before
        or _following(sentence, act, words)
        or _told_of(sentence, act, words)
        or before_colon(sentence, act)
        or proud(sentence, act)
    )
    unsaid = left_out(sentence, act, earlier) if act.meaning is Role.SIGNED_OR_WE else NOBODY
    return behind or fragment(sentence, act, words, earlier) or carried_on(sentence, act, words) or unsaid


def _inside(sentence: Sentence, act: Cue) -> Who | None:
    """Find whose signature stands inside the act: "put X's name under the Call"."""
    if act.hole is None or act.meaning is not Role.SIGNED:
        return None
    start, end = act.hole
    known = [group for group in sentence.groups if group.end <= act.span[0] and not group.governed]
    for group in (group for group in sentence.groups if start <= group.start and group.end <= end):
        opens = not known and not sentence.words_between(start, group.start)
        if opens or sentence.text.startswith(_POSSESSIVE, group.end):
            return _owns(group)
    return None


def _spoken_for(sentence: Sentence, act: Cue, words: SmallWords) -> Who | None:
    """Recognise "my team at X", "on behalf of X", "congratulations to X" and "our school, X" or "our school “X”"."""
    for cue in sentence.cues:
        if cue.meaning is Role.FOR and _is_authors_kind(sentence, cue):
            return author(sentence, cue)
        ours = cue.meaning is Role.WE and " " in sentence.quote(cue.span)
        if cue.meaning in FOR_ANOTHER or ours:
            most = 0 if ours else TAIL_WORDS
            for group in sentence.groups:
                if ours and not sentence.text[cue.span[1] : group.start].strip():
                    continue
                parted = cue.meaning is Role.FOR and _is_past_comma(sentence, cue.head_end, group.start)
                # "X has signed, thanks to Joseph's patience"
                parted = parted or (cue.span[0] >= act.span[1] and sentence.text.startswith(_POSSESSIVE, group.end))
                near = len(sentence.words_between(cue.head_end, group.start)) <= most
                if cue.head_end <= group.start and near and not parted:
                    detail = f"“{sentence.quote(cue.span)}”: somebody speaks or acts for it"
                    owned = cue.hole is not None and group.end < cue.span[1]
                    return Who(
                        without_owner_end(group, words) if owned else group,
                        is_author=False,
                        reason=Reason(rule="speaks-for", detail=detail, weight=1.0, span=cue.span),
                    )
    return None


def _is_authors_kind(sentence: Sentence, cue: Cue) -> bool:
    """Say whether a general word of the author's own name stands behind "on behalf of" ("on behalf of the club")."""
    behind = next((t for t in sentence.tokens if t.start >= cue.head_end and len(t.text) >= KIND_LETTERS), None)
    if behind is None or any(group.start <= behind.start < group.end for group in sentence.groups):
        return False
    between = len(sentence.words_between(cue.head_end, behind.start))
    return between <= 1 and behind.folded in fold(sentence.author).split()


def _before(sentence: Sentence, act: Cue, words: SmallWords) -> Who | None:
    """Find who stands before the act in its clause and after other acts: the nearest name, "we" or "I"."""
    start = _antecedent(sentence, act, words)
    groups = [g for g in sentence.groups if start <= g.start and g.end <= act.span[0] and not g.governed]
    relative = aside(sentence, act, words)
    if act.meaning in {Role.SIGNATORY, Role.SIGNATORIES_ARE}:
        groups = [g for g in groups if not sentence.text.startswith(_POSSESSIVE, g.end)]
    groups = [g for g in groups if not (_is_stray(sentence, g, act) or relative[0] <= g.start < relative[1])]
    pronouns = [c for c in sentence.cues if c.meaning in {Role.WE, Role.I} and start <= c.span[0] < act.span[0]]
    pronouns = [c for c in pronouns if not (relative[0] <= c.span[0] < relative[1] or sentence.is_apart(c, act))]
    group = _related(sentence, act, words) or (gathered(sentence, groups, words) if groups else None)
    pronoun = pronouns[-1] if pronouns else None
    if pronoun is not None and (group is None or pronoun.span[0] > group.start):
        return author(sentence, pronoun) if pronoun.meaning is Role.WE else NOBODY
    if group is None:
        return None
    near = len(sentence.words_between(group.end, act.span[0])) <= TAIL_WORDS
    return Who(group, is_author=False, reason=Reason(
        rule="who", detail="the name stands before it", weight=1.0 if near else 0.5, span=(group.start, group.end)
    ))  # fmt: skip


def _related(sentence: Sentence, act: Cue, words: SmallWords) -> Group | None:
    """Find whom a relative clause is about: in "stolen from X, which had signed" X acts, though governed."""
    end = bisect_left(sentence.tokens, act.span[0], key=lambda token: token.start)
    end += end < len(sentence.tokens) and words.has("relatives", sentence.tokens[end].folded)
    before = sentence.tokens[max(0, end - CLOSE_TOKENS) : end]
    at = next((i for i in reversed(range(len(before))) if words.has("relatives", before[i].folded)), 0)
    inner = [token for token in before[at + 1 :] if token.is_word]
    if (
        at < len("X,")
        or before[at - 1].text not in COMMAS
        or len(inner) > TAIL_WORDS
        or any(t.is_capital for t in inner)
    ):
        return None
    if any(cue.meaning in _PRONOUNS and cue.span[0] > before[at].start for cue in sentence.cues):
        return None
    return next((g for g in sentence.groups if g.names[-1].span[1] == before[at - 2].end), None)


def _antecedent(sentence: Sentence, act: Cue, words: SmallWords) -> int:
    """Give where the clause of `act` begins, or the name before its dash ("X – which ...", "X – a signatory – ...")."""
    start, end = sentence.clause(act.span)
    first = next((token for token in sentence.tokens if token.is_word and token.start >= start), None)
    dashed = {sentence.text[start], sentence.text[end : end + 1]} <= _DASHES and act.meaning is Role.SIGNATORY
    if start == sentence.span[0] or first is None or not (dashed or words.has("relatives", first.folded)):
        return start
    known = [g.start for g in sentence.groups if g.end <= start and not sentence.words_between(g.end, start)]
    return max(known, default=start)


def _owner_behind(sentence: Sentence, act: Cue, words: SmallWords) -> Who | None:
    """Find whose noun the act is: "the accession of X to the Call"."""
    for begin in dict.fromkeys((act.head_end, act.span[1])):
        group = next((g for g in sentence.groups if g.start >= begin), None)
        between = sentence.words_between(begin, group.start) if group else []
        if between and not between[-1].is_capital and len(between) <= TAIL_WORDS:
            between.pop()  # A noun may say what X is ("the accession of brewer X").
        if group and all(words.is_small(t.folded) or words.has("generic", t.folded) for t in between):
            return _owns(in_base_form(group, words))
    return None


def _is_past_comma(sentence: Sentence, start: int, end: int) -> bool:
    """Say whether something else is named before a comma in between ("on behalf of the college, Shillong")."""
    commas = [token.start for token in sentence.tokens if token.text in COMMAS and start <= token.start < end]
    return bool(commas and sentence.words_between(start, commas[0]))


def _owner_before(sentence: Sentence, act: Cue, words: SmallWords, earlier: Group | None) -> Who | None:
    """Find whose noun the act is: "X's endorsement of the Call"."""
    for group in sentence.groups:
        after = gap.end() if (gap := ENDING.match(sentence.text, group.end, act.span[0])) else group.end
        marked = words.owner_before or sentence.text.startswith(_POSSESSIVE, group.end)
        if group.end <= act.span[0] and marked and not words_apart(sentence, after, act.span[0]):
            return _owns(group)
        if group.end <= act.span[0] and words.capitals == {False} and _is_owner(sentence, group, act, words):
            return _owns(group)
        bare = without_owner_end(group, words)
        if bare != group and group.end <= act.span[0] and not sentence.text[group.end : act.span[0]].strip():
            return _owns(bare)
    known = meant(sentence, act, words, earlier)
    whole = known.reason.span if known and known.reason else None
    if known and known.group and whole and sentence.text.startswith(_POSSESSIVE, whole[1]):
        return Who(known.group, is_author=False, reason=known.reason, owns=True)
    return None


def _is_owner(sentence: Sentence, group: Group, act: Cue, words: SmallWords) -> bool:
    """Recognise a glued "of" before the Call's name and the act ("해오름재단의 파리 콜 가입")."""
    joint = next((of for of in words.written("inside_names") if sentence.text.startswith(of, group.end)), None)
    return joint is not None and words_apart(sentence, group.end + len(joint), act.span[0]) == 0


def _owns(group: Group) -> Who:
    reason = Reason(rule="who", detail="it is the name's own act", weight=0.8, span=(group.start, group.end))
    return Who(group, is_author=False, reason=reason, owns=True)


def _is_stray(sentence: Sentence, group: Group, act: Cue) -> bool:
    """Say whether a single word that opens the sentence far from the act is more likely no name ("High on ...")."""
    name = group.names[0]
    alone = len(group.names) == 1 and name.last - name.first == 1 and name.first == 0
    calls = sum(len(sentence.words_between(*call)) for call in sentence.calls if group.end <= call[0] < act.span[0])
    return alone and len(sentence.words_between(group.end, act.span[0])) - calls > NEAR_WORDS


def _told_of(sentence: Sentence, act: Cue, words: SmallWords) -> Who | None:
    """Find who stands right behind an act that describes it, as before a Japanese noun ("署名した青葉大学は")."""
    group = next((group for group in sentence.groups if group.start >= act.span[1]), None)
    if act.meaning is not Role.SIGNED or words.capitals != {False}:
        return None
    if group is None or group.start >= sentence.clause(act.span)[1]:
        return None
    if words_apart(sentence, act.span[1], group.start) or any(a.span[0] > act.span[0] for a in sentence.acts):
        return None
    reason = Reason(rule="who", detail="the act describes it", weight=0.8, span=(group.start, group.end))
    return Who(group, is_author=False, reason=reason)


def _following(sentence: Sentence, act: Cue, words: SmallWords) -> Who | None:
    """Find who stands after the act: "signatory X", and the turned order of many languages."""
    if not (act.meaning is Role.SIGNATORY or words.subject_may_follow or is_heading(sentence, act)):
        return None
    named = _names_after(sentence, act, words, "stands after it, as this language may put it")
    ours = next((c for c in sentence.cues if c.meaning is Role.WE and c.span[0] >= act.head_end), None)
    if act.meaning is not Role.SIGNED or ours is None or (named and named.group and named.group.start < ours.span[0]):
        return named
    return author(sentence, ours) if len(sentence.words_between(act.head_end, ours.span[0])) <= TAIL_WORDS else named


def _names_after(sentence: Sentence, act: Cue, words: SmallWords, detail: str) -> Who | None:
    listed = act.meaning in NAMES_FOLLOW
    end = _list_end(sentence, act, words) if listed else sentence.clause(act.span)[1]
    for group in sentence.groups:
        outside = group.start < act.head_end or group.start >= end
        if outside or (group.governed and not listed) or _is_quoted_as_saying(sentence, act, group, words):
            continue
        between = sentence.words_between(act.head_end, group.start)
        calls = [call for call in sentence.calls if act.head_end <= call[0] < group.start]
        named = [word for call in calls for word in between if call[0] <= word.start < call[1]]
        apart = sum(not words.has("common", word.folded) for word in between) - len(named)
        if apart <= NEAR_WORDS or not listed:
            whole = continued(sentence, group, words) if listed else group
            reason = Reason(rule="who", detail=f"the name {detail}", weight=0.8, span=(group.start, group.end))
            return Who(whole, is_author=False, reason=reason)
        return None
    return None


def _is_quoted_as_saying(sentence: Sentence, act: Cue, group: Group, words: SmallWords) -> bool:
    """Recognise who only says so, behind a comma and one word, at the end (", сообщил Иван Краснов.")."""
    commas = [t.end for t in sentence.tokens if t.text in COMMAS and act.head_end <= t.start < group.start]
    if not commas or len(group.names) > 1 or sentence.words_between(group.end, sentence.span[1]):
        return False
    said = [t for t in sentence.words_between(commas[-1], group.start) if not words.is_small(t.folded)]
    told = any(said and a.span[0] <= said[0].start < a.span[1] for a in sentence.acts)
    kind = any(words.has(kind, t.folded) for t in said for kind in ("kinds", "heads", "generic", "descriptions"))
    return len(said) == 1 and not (said[0].is_capital or told or kind)


def _list_end(sentence: Sentence, act: Cue, words: SmallWords) -> int:
    """Give the end of the clause behind `act`; a dash with only the Call before it ends nothing ("Signatories — A")."""
    stands_for_it = [cue.span for cue in sentence.cues if cue.meaning is Role.IT]
    calls = [call for call in (*sentence.calls, *stands_for_it) if call[0] >= act.head_end]
    for place in sentence.breaks:
        between = [t for t in sentence.words_between(act.head_end, place) if not words.is_small(t.folded)]
        if place >= act.head_end and not all(any(a <= t.start < b for a, b in calls) for t in between):
            return place
    return sentence.span[1]


def _listed_before(sentence: Sentence, act: Cue, words: SmallWords) -> Who | None:
    """Recognise "X is among the signatories", where nobody is named behind, and what welcomes X from behind."""
    welcomes = act.meaning is Role.SIGNED_BY and words.verb_last
    who = _before(sentence, act, words) if welcomes or act.meaning is Role.SIGNATORIES_ARE else None
    if who is None or who.group is None:
        return who
    return who if len(sentence.words_between(who.group.end, act.span[0])) <= LISTED_WORDS else None
