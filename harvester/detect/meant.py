"""Find whom a signature means that names nobody: an organisation that the rest of the post names, or its author.

All sentences are read by then, so the name may stand in the title, before the act or behind it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from harvester.detect.claims import Draft
from harvester.detect.clauses import COMMAS, Cue
from harvester.detect.forms import are_forms, bare
from harvester.detect.lexicon import Role
from harvester.detect.names import Name
from harvester.detect.nearness import TAIL_WORDS, words_apart
from harvester.detect.pieces import HAS_UNSPACED
from harvester.detect.reading import KINDS_OF_ORGANISATIONS, Read
from harvester.detect.text import Token, fold
from harvester.detect.turns import TURNING
from harvester.detect.unsaid import own_kind
from harvester.model import Author, ClaimKind, Reason

UNSPACED_KIND = 2
"""Letters of a kind of organisation at the end of a Chinese or Japanese name."""
PERSONS_WORDS = 2
"""A name of more words, of a kind of organisation or with quotation marks is hardly a person's."""
MOST_SIGNED = 8
"""A post with more signatures of nobody is a list or a text about signing, not somebody's signature."""
YEARS = range(1900, 2100)
_OPENING = frozenset('«“„"״「『‘')
_KIN, _COLON, _ONLY, _OFFICER, _AUTHOR = 0.4, 0.3, 0.2, 0.1, 0.2


@dataclass(frozen=True, slots=True)
class _Candidate:
    """A name that may be meant; `kin` are its folded words with the small one before it ("the brewery Alder")."""

    name: Name
    kin: tuple[str, ...]
    is_organisation: bool


def resolved(drafts: Sequence[Draft], post: Sequence[Read], author: Author) -> list[Draft]:
    """Name whom the signatures of a post mean if none of its `drafts` says so, and the post shows it.

    A kind noun alone ("Sparbanken") is no name where the post has one with that word in it.
    """
    signed = [draft for draft in drafts if draft.kind.is_signature][: MOST_SIGNED + 1]
    if not 0 < len(signed) <= MOST_SIGNED:
        return list(drafts)
    denied = {fold(draft.name) for draft in drafts if draft.name and any(r.weight < 0 for r in draft.reasons)}
    named = [candidate for read in post for candidate in _candidates(read)]
    told = {draft.name for draft in drafts}
    nobody = all(draft.name == "" for draft in signed)
    made = []
    for draft in drafts:
        unnamed = _Unnamed(_read_at(post, draft), draft, author)
        found: Draft | None = None
        if draft in signed and draft.name is None:
            found = unnamed.employer([each for each in named if each.name.text not in told])
        elif draft in signed:
            found = unnamed.meant(named, denied) if nobody else unnamed.fuller(named)
        made.append(found or draft)
    return made


def _read_at(post: Sequence[Read], draft: Draft) -> Read:
    return next(r for r in post if r.sentence.span[0] <= draft.span[0] < r.sentence.span[1])


def _candidates(read: Read) -> Iterator[_Candidate]:
    sentence, words = read.sentence, read.words
    for name in (name for group in sentence.groups for name in group.names):
        before = [token for token in sentence.tokens if token.end <= name.span[0]]
        if before and before[-1].text in _OPENING:
            before.pop()
        noun = [t for t in before[-1:] if t.is_word and not t.is_capital]
        inner = sentence.words_between(*name.span)
        kin = tuple(bare(t.folded, words) for t in (*noun, *inner) if not words.is_small(t.text))
        kinds = any(words.has(kind, word) for word in kin for kind in KINDS_OF_ORGANISATIONS)
        yield _Candidate(name, kin, kinds or fold(name.text).endswith(tuple(words.every("tails"))))


class _Unnamed:
    """A signature that names nobody, in its sentence."""

    def __init__(self, read: Read, draft: Draft, author: Author) -> None:
        self._sentence = read.sentence
        self._words = read.words
        self._draft = draft
        self._author = author.name
        self._handle = fold(author.handle)
        self._clause = read.sentence.clause(draft.span)

    def meant(self, named: Sequence[_Candidate], denied: set[str]) -> Draft | None:
        """Give the draft with whom it means, or None; names that the post `denied` a signature are no guess."""
        act = self._draft.span[0]
        before = [cue for cue in self._sentence.cues if self._clause[0] <= cue.span[0] < act]
        if self._sentence.is_quoted(act) or any(cue.meaning in TURNING for cue in before):
            return None
        start = max((cue.span[1] for cue in before if cue.meaning is Role.I), default=self._clause[0])
        nouns, same = self._nouns(start), self._same(start)
        if kin := self._kin(nouns, same, named):
            return kin
        if self._is_counted():
            return None
        left = [candidate for candidate in named if fold(candidate.name.text) not in denied]
        found = self._only(same, nouns, left) or self._authors(same, named)
        if found or start > self._clause[0]:
            return found
        return self._before_colon(same, left) or self._beside(left) or self._teased(named, left)

    def fuller(self, named: Sequence[_Candidate]) -> Draft | None:
        """Give the draft with whom "the fund" means where it has a kind noun, or a name further off, for the name."""
        place = self._draft.name_span
        now = next((each for each in named if each.name.span == place), None)
        if now is None or place is None:
            return None
        told = [r.span for r in self._draft.reasons if r.rule == "who"]
        same = [
            cue
            for cue in self._sentence.cues
            if cue.meaning is Role.SAME
            and (cue.span in told or self._is_nearer(cue, now) or (cue.span[0] <= place[0] and place[1] <= cue.span[1]))
        ]
        own = own_kind(self._sentence, place, self._author, self._words)
        if not (same or own):
            return None
        nouns = own or self._sentence.words_between(*same[0].span)[-1:]
        inside = bool(own) or same[0].span[0] <= place[0] < same[0].span[1]
        if not inside and any(are_forms(bare(noun.folded, self._words), word) for noun in nouns for word in now.kin):
            return None
        others = [each for each in named if each.name.text != now.name.text]
        found = self._kin(nouns, same[:1], others)
        if found is None and (inside or _is_stray(now)):
            found = self._only(same, [], [each for each in others if " " in each.name.text])
        return found if found and (found.name or (inside and self._is_organisations())) else None

    def employer(self, named: Sequence[_Candidate]) -> Draft | None:
        """Give the draft with the organisation that a person means by "our hospital", where the post names it."""
        spans = [reason.span for reason in self._draft.reasons if reason.rule == "first-person"]
        said = [t for span in spans if span for t in self._sentence.words_between(*span) if not t.text.isdigit()]
        nouns = [bare(t.folded, self._words) for t in said if len(said) > 1 and not self._words.is_small(t.text)]
        if self._is_organisations() or any(are_forms(n, w) for n in nouns for w in fold(self._author).split()):
            return None
        kin = {e.name.text: e.name for e in named if len(e.kin) > 1 for n in nouns for w in e.kin if are_forms(n, w)}
        if len(kin) != 1:
            return None
        name = next(iter(kin.values()))
        return self._by(name, f"“{said[-1].text}” is a word for “{name.text}”, and the author is a person", _KIN)

    def _is_organisations(self) -> bool:
        """Say whether the author's name is longer than a person's, or says of a kind of organisation."""
        author = self._author.split()
        titled = bool(author) and self._words.has("titles", fold(author[0]).rstrip("."))
        kinds = any(self._words.has(kind, fold(word)) for word in author for kind in KINDS_OF_ORGANISATIONS)
        known = not titled and (kinds or len(author) > PERSONS_WORDS or not _OPENING.isdisjoint(self._author))
        return known and COMMAS.isdisjoint(self._author)

    def _is_nearer(self, cue: Cue, now: _Candidate) -> bool:
        """Say whether "the group" stands right before the act, and before it a comma behind a doubtful name."""
        text, end = self._sentence.text, now.name.span[1]
        near = end <= cue.span[0] and cue.span[1] <= self._draft.span[0]
        doubtful = _is_stray(now) or HAS_UNSPACED.search(self._sentence.quote(cue.span)) is not None
        beside = words_apart(self._sentence, cue.span[1], self._draft.span[0]) <= TAIL_WORDS
        near = near and not self._words.has("relatives", fold(self._sentence.quote(cue.span)))
        return near and doubtful and beside and not COMMAS.isdisjoint(text[end : cue.span[0]])

    def _nouns(self, start: int) -> list[Token]:
        """Give the words from `start` on that may say who acts, the nearest first."""
        before = self._sentence.words_between(start, self._draft.span[0])
        behind = self._sentence.words_between(self._draft.span[1], self._behind())
        return [token for token in (*reversed(before), *behind) if self._is_definite(token)]

    def _behind(self) -> int:
        """Give the end of what may say behind the act who does it, in a language that turns the order: a comma."""
        act = self._draft.span[1]
        ends = (t.start for t in self._sentence.tokens if t.text in COMMAS and t.start >= act)
        return min(next(ends, self._clause[1]), self._clause[1]) if self._words.subject_may_follow else act

    def _is_definite(self, token: Token) -> bool:
        """Say whether a word may be "the fund": neither the Call's, nor "a fund", nor "two funds"."""
        if any(start <= token.start < end for start, end in self._sentence.calls) or self._words.is_small(token.text):
            return False
        before = next((t for t in reversed(self._sentence.tokens) if t.end <= token.start), None)
        many = before is not None and (before.text.isdigit() or self._words.has("one_of_many", before.folded))
        kind = any(self._words.has(kind, token.folded) for kind in KINDS_OF_ORGANISATIONS)
        return not (many or token.text.isdigit()) and (kind or not self._words.has("common", token.folded))

    def _same(self, start: int) -> list[Cue]:
        """Give the words like "the bank" or "it" that may say who acts."""
        cues = self._sentence.cues
        return [c for c in cues if c.meaning is Role.SAME and start <= c.span[0] < self._behind()]

    def _is_counted(self) -> bool:
        """Say whether a number that is no year stands in the clause ("over 1,200 organisations have signed")."""
        inside = self._sentence.words_between(*self._clause)
        return any(t.text[0].isdigit() and not (t.text.isdecimal() and int(t.text) in YEARS) for t in inside)

    def _kin(self, nouns: Sequence[Token], same: Sequence[Cue], named: Sequence[_Candidate]) -> Draft | None:
        """Recognise "the fund" of "Pensioenfonds Zilvervloot": a word of the name, in whatever form."""
        for noun in nouns:
            said = bare(noun.folded, self._words)
            for each in named:
                inside = each.name.span[0] <= noun.start < each.name.span[1]
                if not inside and len(each.kin) > 1 and any(are_forms(said, word) for word in each.kin):
                    return self._by(each.name, f"“{noun.text}” is a word for “{each.name.text}”", _KIN)
            if any(are_forms(said, word) for word in fold(self._author).split()):
                return self._by(None, f"“{noun.text}” is a word of the author's name", _KIN)
        for cue in same:
            said = fold(self._sentence.quote(cue.span))
            for each in named if HAS_UNSPACED.search(said) else ():
                if fold(each.name.text)[-UNSPACED_KIND:] in said:
                    return self._by(each.name, f"“{said}” is a word for “{each.name.text}”", _KIN)
            if name := self._headline(said):
                return self._by(name, f"“{said}” is a word for “{name.text}”, which opens the title", _KIN)
        return None

    def _headline(self, said: str) -> Name | None:
        """Find what opens a title without blanks, up to the kind that `said` ends with ("海棠银行开设", "该行")."""
        text = self._sentence.text
        title = text[: text.find("\n")] if not self._sentence.is_note and HAS_UNSPACED.search(said) else ""
        kind = said[1:][-UNSPACED_KIND:]
        end = title.find(kind) + len(kind) if kind in title else 0
        tails = tuple(self._words.every("tails"))
        is_name = end > len(kind) + 1 and title[:end].isalnum() and fold(title[:end]).endswith(tails)
        return Name(title[:end], (0, end), -1, -1) if is_name else None

    def _before_colon(self, same: Sequence[Cue], left: Sequence[_Candidate]) -> Draft | None:
        """Recognise "Alder Bank does more than that: since May it is a signatory"."""
        start, colon = self._sentence.span[0], self._clause[0]
        near = [each for each in left if start <= each.name.span[0] < self._clause[1]]
        known = near and (near[0].is_organisation or near[0].name.handle or len(near[0].kin) > 1)
        if len(near) != 1 or not (same or known):
            return None
        if not self._sentence.words_between(near[0].name.span[1], colon):
            reposted = near[0].name.handle and fold(near[0].name.handle) == self._handle
            return self._by(None, "the reposted author says it of itself", _COLON) if reposted else None
        return self._by(near[0].name, "the name stands before the colon", _COLON)

    def _only(self, same: Sequence[Cue], nouns: Sequence[Token], left: Sequence[_Candidate]) -> Draft | None:
        """Take the only organisation of the post, or the only name, for "the bank", or for whom "the rector" signs."""
        organisations = {fold(each.name.text): each.name for each in left if each.is_organisation}
        names = organisations or {fold(each.name.text): each.name for each in left}
        if len(names) != 1:
            return None
        name = next(iter(names.values()))
        if same:
            said = f"“{self._sentence.quote(same[-1].span)}”: the post names only “{name.text}”"
            return self._by(name, said, _ONLY)
        someone = any(cue.meaning is Role.I for cue in self._sentence.cues)
        titles = (t for t in nouns if not t.is_capital and self._words.has("titles", t.folded))
        officer = None if someone else next(titles, None)
        if officer and organisations:
            return self._by(name, f"“{officer.text}” signs for “{name.text}”, the only one named", _OFFICER)
        return None

    def _beside(self, left: Sequence[_Candidate]) -> Draft | None:
        """Recognise "with Alder Bank, a signatory was on stage": the only organisation, right before the noun."""
        act = self._draft.span[0]
        names = [each.name for each in left if each.is_organisation]
        if self._draft.kind is not ClaimKind.SUPPORTER_ALREADY or len(names) != 1:
            return None
        near = self._clause[0] <= names[0].span[0] and names[0].span[1] <= act
        if not near or len(self._sentence.words_between(names[0].span[1], act)) > TAIL_WORDS:
            return None
        return self._by(names[0], "the only name of an organisation stands right before it", _OFFICER)

    def _teased(self, named: Sequence[_Candidate], left: Sequence[_Candidate]) -> Draft | None:
        """Recognise a title that keeps the name for the text: "One more bank signs the Call"."""
        organisations = {fold(each.name.text): each.name for each in left if each.is_organisation}
        inside = any(each.name.span[0] < self._sentence.span[1] for each in named)
        if self._sentence.is_note or self._sentence.span[0] or inside or len(organisations) != 1:
            return None
        return self._by(next(iter(organisations.values())), "the text under the title names only this one", _OFFICER)

    def _authors(self, same: Sequence[Cue], named: Sequence[_Candidate]) -> Draft | None:
        """Take the author of a note that names nobody for "the Bank"."""
        if named or not (same and self._is_organisations()) or not self._sentence.is_note:
            return None
        return self._by(None, f"“{self._sentence.quote(same[-1].span)}”: the post names nobody but its author", _AUTHOR)

    def _by(self, name: Name | None, detail: str, weight: float) -> Draft:
        reason = Reason(rule="meant", detail=detail, weight=weight, span=self._draft.span)
        told = replace(self._draft, name=None, reasons=(*self._draft.reasons, reason))
        return replace(told, name=name.text, name_span=name.span, handle=name.handle) if name else told


def _is_stray(candidate: _Candidate) -> bool:
    """Say whether a name is one word that opens its sentence and says of no kind, so that it may be none."""
    return candidate.name.first == 0 and candidate.name.last == 1 and not candidate.is_organisation
