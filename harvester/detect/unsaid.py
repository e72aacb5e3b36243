"""Find who is meant where no name stands by the act: whom an earlier sentence names, or the author of the post."""

from __future__ import annotations

from harvester.detect.actor import NOBODY, Who, author
from harvester.detect.clauses import COMMAS, Cue, Sentence
from harvester.detect.forms import are_forms
from harvester.detect.lexicon import Role
from harvester.detect.names import Group
from harvester.detect.nearness import NEAR_WORDS, TAIL_WORDS, has_comma, words_apart
from harvester.detect.phrases import Hit
from harvester.detect.pieces import any_particle
from harvester.detect.text import Token, fold
from harvester.detect.words import SmallWords
from harvester.model import Reason, Span

SHORTEST_STEM = 3
LONGEST_ENDING = 3


def fragment(sentence: Sentence, act: Cue, words: SmallWords, earlier: Group | None) -> Who | None:
    """Recognise "Just signed the Call!": in a note that names nobody, the author says it of itself."""
    first = next((cue for cue in sentence.acts if cue.meaning is not Role.SIGNATURE), None)
    if first is None or first.meaning is not Role.SIGNED or sentence.groups or act.meaning is not Role.SIGNED:
        return None
    opening = next((token for token in sentence.tokens if token.start >= first.span[0]), None)
    before = [token for token in sentence.tokens if token.is_word and token.start < first.span[0]]
    if opening is None or any(words.has("openers", token.folded) for token in (*before, opening)):
        return None
    call = next((call for call in sentence.calls if call[0] >= act.span[1]), None)
    if (
        (call and has_comma(sentence, act.span[1], call[0]))
        or not sentence.is_note
        or not (all(words.has("common", token.folded) for token in before) or _is_unsaid(sentence, first, words))
    ):
        return None
    if words.drops_subject and earlier is not None:
        reason = Reason(rule="who", detail="the name stands in an earlier sentence", weight=0.2, span=first.span)
        return Who(earlier, is_author=False, reason=reason)
    return author(sentence, first)


def _is_unsaid(sentence: Sentence, act: Cue, words: SmallWords) -> bool:
    """Say whether no mark of who acts stands before the act, in a language that marks everybody who does."""
    marks = any_particle(words.written("subject_marks")) if words.written("topic_marks") else None
    clause = sentence.clause(act.span)[0]
    personal = any(cue.meaning is Role.I for cue in sentence.cues)
    return marks is not None and not (personal or marks.search(sentence.text, clause, act.span[0]))


def meant(sentence: Sentence, act: Cue, words: SmallWords, earlier: Group | None) -> Who | None:
    """Recognise "the company" or "both" right before the act, or right behind: whom an earlier sentence names."""
    start = sentence.clause(act.span)[0]
    for cue in (cue for cue in sentence.cues if cue.meaning in {Role.SAME, Role.BOTH}):
        begin = _past_aside(sentence, cue, act)
        near = start <= cue.span[0] < act.span[0] and words_apart(sentence, begin, act.span[0]) <= NEAR_WORDS
        near = near or _follows(sentence, cue, act)
        if near and cue.meaning is Role.SAME and _is_authors(sentence, cue, earlier):
            return author(sentence, cue)
        pair = _pair(sentence, cue) if cue.meaning is Role.BOTH else None
        earlier = pair or _before_clause(sentence, start, earlier) or _before_pronoun(sentence, cue)
        if earlier is not None and near and (cue.meaning is Role.BOTH or len(earlier.names) == 1):
            names = ", ".join(name.text for name in earlier.names)
            detail = f"“{sentence.quote(cue.span)}” means “{names}”, named before"
            return Who(earlier, is_author=False, reason=Reason(rule="who", detail=detail, weight=0.4, span=cue.span))
    return _own_kind(sentence, act, words)


def _pair(sentence: Sentence, cue: Cue) -> Group | None:
    """Give whom "both" means that the sentence names before, as a list or one by one: two and no more."""
    before = [group for group in sentence.groups if group.end <= cue.span[0] and not _opens(group)]
    named = [name for group in before for name in group.names]
    return Group(tuple(named), governed=False) if len(named) == len("AB") else None


def _follows(sentence: Sentence, cue: Cue, act: Cue) -> bool:
    """Say whether "the company" stands right behind the act, and no name with it ("the company Alder")."""
    named = any(cue.span[0] <= group.start <= cue.span[1] + 1 for group in sentence.groups)
    return act.span[1] < cue.span[0] and not sentence.text[act.span[1] : cue.span[0]].strip() and not named


def _own_kind(sentence: Sentence, act: Cue, words: SmallWords) -> Who | None:
    """Recognise "Council is now listed": a clause begins with a word of the author's name that says what it is."""
    clause = sentence.clause(act.span)[0]
    opening = next((t for t in sentence.tokens if t.is_word and t.start >= clause), None)
    if opening is None or opening.end > act.span[0] or words_apart(sentence, opening.end, act.span[0]) > TAIL_WORDS:
        return None
    own = (
        opening.is_capital and words.has("generic", opening.folded) and opening.folded in fold(sentence.author).split()
    )
    return author(sentence, Hit((opening.start, opening.end), Role.WE)) if own else None


def own_kind(sentence: Sentence, place: Span, author: str, words: SmallWords) -> list[Token]:
    """Give the one word of the name at `place` if it is the author's own, behind an article ("the District's")."""
    before = [t for t in sentence.tokens if t.end <= place[0]][-1:]
    said = [t for t in sentence.tokens if t.start == place[0] and t.end >= place[1]]
    known = any(words.has("articles", token.folded) for token in before)
    return [t for t in said if known and t.folded.removesuffix("'s") in fold(author).split()]


def _opens(group: Group) -> bool:
    """Say whether `group` is only the first word of the sentence, whose capital says little."""
    return len(group.names) == 1 and (group.names[0].first, group.names[0].last) == (0, 1)


def _before_clause(sentence: Sentence, start: int, earlier: Group | None) -> Group | None:
    """Give whom the sentence names before the clause at `start` ("In X's yearly report: the bank has signed").

    One that does not act in its clause is meant only where no `earlier` sentence names anybody.
    """
    before = [group for group in reversed(sentence.groups) if group.end <= start]
    acting = next((group for group in before if not group.governed and not _opens(group)), None)
    return acting or earlier or next(iter(before), None)


def _before_pronoun(sentence: Sentence, cue: Cue) -> Group | None:
    """Give whom the clause names before "they", though it does not act ("Mum teaches at X and they have signed")."""
    before = [group for group in sentence.groups if group.end <= cue.span[0] and not _opens(group)]
    return before[0] if len(before) == 1 else None


def _past_aside(sentence: Sentence, cue: Cue, act: Cue) -> int:
    """Give where the words begin that part `cue` from `act`, past what stands in commas right behind `cue`.

    In "the company, which joined the Call last year, ..." the act itself stands there.
    """
    commas = [t.start for t in sentence.tokens if t.text in COMMAS and cue.span[1] <= t.start < act.span[0]]
    if not commas or sentence.words_between(cue.span[1], commas[0]):
        return cue.span[1]
    return commas[1] if len(commas) > 1 else act.span[0]


def carried_on(sentence: Sentence, act: Cue, words: SmallWords) -> Who | None:
    """Take who acts in the clause before for the one whom the next leaves out ("X hesitated, but signed")."""
    acting = _acting_before(sentence, sentence.clause(act.span)[0])
    if acting is None or not words.drops_subject or act.meaning is not Role.SIGNED:
        return None
    reason = Reason(rule="who", detail="it acts in the clause before", weight=0.2, span=act.span)
    return Who(acting, is_author=False, reason=reason)


def _acting_before(sentence: Sentence, start: int) -> Group | None:
    """Give who acts in the clauses before `start`; a name right before a colon ("Geneva: ...") does not."""
    acting = [group for group in sentence.groups if group.end <= start and not group.governed]
    return acting[-1] if acting and sentence.words_between(acting[-1].end, start) else None


def _is_authors(sentence: Sentence, cue: Cue, earlier: Group | None) -> bool:
    """Say whether "the Council" is the author, whose name has that word; with a capital, whoever was named before."""
    kind = sentence.quote(cue.span).split()[-1]
    named = fold(" ".join(name.text for name in earlier.names)).split() if earlier else []
    is_free = earlier is None or (kind[0].isupper() and fold(kind) not in named)
    author = fold(sentence.author).split()
    return is_free and any(_are_forms(fold(kind), word) or are_forms(fold(kind), word) for word in author)


def _are_forms(one: str, other: str) -> bool:
    """Say whether two words are one, likely forms of one ("лигата", "Лига"), or one the other's end ("Volksbank")."""
    stem = min(len(one), len(other)) - 1
    alike = stem >= SHORTEST_STEM and one[:stem] == other[:stem]
    return other.endswith(one) or (alike and abs(len(one) - len(other)) <= LONGEST_ENDING)


def proud(sentence: Sentence, act: Cue) -> Who | None:
    """Recognise "Proud to be a signatory": nobody is named, so the author speaks of itself."""
    for cue in sentence.cues:
        if (
            cue.meaning is Role.PROUD
            and cue.span[0] < act.span[0]
            and not sentence.words_between(sentence.span[0], cue.span[0])
        ):
            return author(sentence, cue)
    return None


def speaker(sentence: Sentence, act: Cue, words: SmallWords) -> Who | None:
    """Find whose officer says "we" in the quotation around `act` (“We have signed”, said Ana, director of X)."""
    around = next((q for q in sentence.quoted if q[0] < act.span[0] < q[1]), (0, 0))
    for name in (name for group in sentence.groups for name in group.names):
        before = [t for t in sentence.tokens if t.end <= name.span[0]]
        title = next((t for t in reversed(before) if not words.is_small(t.text)), None)
        inside = around[0] < name.span[0] < around[1]
        if title and not inside and words.has("titles", title.folded) and title is not before[-1]:
            detail = f"“{title.text}”: somebody speaks for it"
            reason = Reason(rule="speaks-for", detail=detail, weight=0.5, span=name.span)
            return Who(Group((name,), governed=False), is_author=False, reason=reason)
    return None


def left_out(sentence: Sentence, act: Cue, earlier: Group | None) -> Who:
    """Take who was named last, or else the author, for the one whom the language leaves out ("Signed!")."""
    if any(cue.meaning is Role.I for cue in sentence.cues):
        return NOBODY
    if earlier is None:
        return author(sentence, act)
    names = ", ".join(name.text for name in earlier.names)
    reason = Reason(rule="who", detail=f"“{names}” was named before", weight=0.4, span=act.span)
    return Who(earlier, is_author=False, reason=reason)
