"""Compare a mention with one register entry: what speaks for their being one organisation, and what against it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Protocol

from harvester.model import Category, Reason
from harvester.resolve import normal
from harvester.resolve.index import Entry, initials
from harvester.resolve.names import Likeness, NameComparer, NameLikeness
from harvester.resolve.parse import Form, Kind, is_acronym_of
from harvester.resolve.roles import Role
from harvester.resolve.translations import FEW_IDEAS
from harvester.resolve.words import Vocabulary

SURE_ACRONYM = 4
"""Letters from which an acronym that one entry holds needs no country or domain beside it."""
LONGEST_BARE = 8
LONGEST_SHORT = 12
PARTS = frozenset(
    {
        "centre", "institute", "faculty", "department", "school", "laboratory", "chair", "club", "chapter", "college",
        "digital",
    }
)  # fmt: skip
"""Ideas with which names of parts begin; an acronym behind such a name may be the whole's."""


class Holders(Protocol):
    """Counts the entries that a key may name."""

    def __call__(self, key: str, *, initials_too: bool) -> int:
        """Count entries of this name or acronym, or also those whose initials it is."""
        ...


@dataclass(frozen=True, slots=True)
class Comparison:
    """All that was seen between a mention and an entry. `certain` are sufficient signals, `vetoes` forbid certainty."""

    name: NameLikeness
    score: float
    certain: tuple[Reason, ...] = ()
    vetoes: tuple[Reason, ...] = ()
    hints: tuple[Reason, ...] = ()

    @property
    def reasons(self) -> tuple[Reason, ...]:
        """Give what a reviewer reads: what is sure, what else speaks for it, what forbids certainty."""
        return (*self.certain, *self.hints, *self.vetoes)

    @property
    def is_sure(self) -> bool:
        """Say whether a machine may decide by it."""
        return bool(self.certain) and not self.vetoes


class Comparer:
    """Compares with one vocabulary; `weight` says how rare an idea is, `held_by` how many entries have a key."""

    def __init__(self, vocabulary: Vocabulary, weight: Callable[[str], float], held_by: Holders) -> None:
        self._vocabulary = vocabulary
        self._names = NameComparer(vocabulary, weight)
        self._held_by = held_by

    def compare(self, mention: Entry, entry: Entry, *, disguised: bool) -> Comparison:
        """Collect signals and vetoes between a mention and an entry."""
        if mention.state or entry.category is Category.STATE:
            return _compare_states(mention, entry)
        name = self._names.likest(mention, entry)
        acronym = self._acronym(mention, entry)
        contact = tuple(self._contacts(mention, entry, name, acronym))
        shared = () if contact else tuple(_shared_accounts(mention, entry))
        certain = (*contact, *_certain_name(mention, entry, name), *self._certain_acronym(mention, entry, name))
        # The name says nothing more where a veto, or what is certain, says it already.
        told = name.likeness is Likeness.OTHER or (certain and name.likeness >= Likeness.SPELLED)
        told = told or (contact and name.likeness is Likeness.UNLIKE)
        return Comparison(
            name=name,
            score=max(
                _score(mention, entry, name, acronym, is_contact=bool(contact)), *(r.weight for r in shared), 0.0
            ),
            certain=certain,
            vetoes=tuple(self._vetoes(mention, entry, name, disguised=disguised)),
            hints=(
                *(() if told else (Reason(rule="name", detail=name.reason),)),
                *((acronym,) if acronym else ()),
                *shared,
            ),
        )

    def _acronym(self, mention: Entry, entry: Entry) -> Reason | None:
        """Say whether one side's acronym is the other's, or the initials of its words."""
        pairs = [(form, other) for form in mention.forms for other in entry.forms]
        for form, other in pairs:
            if form.key == other.key and len(form.core) == 1 and _is_short(other) and _is_short(form):
                weight = 0.8 if len(mention.forms) == 1 else 0.6
                return Reason(rule="acronym", detail=f"both are called {other.text}", weight=weight)
        for form, other in pairs:
            for short, full in ((form, other), (other, form)):
                if len(full.core) > len(short.core) and self._abbreviates(short, full):
                    weight = 0.55 if len(short.latin) >= SURE_ACRONYM else 0.44
                    return Reason(rule="initials", detail=f"{short.text} can stand for {full.text}", weight=weight)
        return None

    def _abbreviates(self, short: Form, full: Form) -> bool:
        """Say whether `short` is made of the initials of `full`; either may have its country behind it."""
        if not _begins_short(short):
            return False
        short = self._without_country(short)
        letters = normal.latin(short.core[0])
        if len(short.core) > 1 or not letters:
            return False
        if letters in {initials(full), initials(self._without_country(full))}:
            return True
        return len(letters) > SURE_ACRONYM and is_acronym_of(letters, full.core, frozenset())

    def _without_country(self, form: Form) -> Form:
        """Take a country's name off the end, of two words at most: CIS is Centre for Internet and Society, India."""
        for size in (1, 2):
            tail = self._vocabulary.read(form.core[-size:])
            if len(form.core) > size and len(tail) == 1 and tail[0].role is Role.STATE:
                return replace(form, core=form.core[:-size])
        return form

    def _contacts(self, mention: Entry, entry: Entry, name: NameLikeness, acronym: Reason | None) -> Iterator[Reason]:
        """Give the handle or domain that both have, where the name does not contradict it.

        A foundation, a chapter or a research centre may use the domain and the account of its parent.
        """
        shared = mention.handles & entry.handles
        own = {host.name for host in mention.hosts if host.registrable not in self._vocabulary.shared_hosts}
        own &= {host.name for host in entry.hosts}
        if not (shared or own):
            return
        agrees = name.likeness >= Likeness.SPELLED or self._stands_for(mention, entry, name, acronym)
        agrees = agrees or (name.likeness is Likeness.UNLIKE and self._is_unnamed(mention, entry))
        if shared and (agrees or mention.is_contact):
            yield Reason(rule="handle", detail=f"@{min(shared)} is its account", weight=1.0)
        if own and (agrees or _is_named_by(mention, own)):
            yield Reason(rule="domain", detail=f"{min(own)} is its domain", weight=1.0)

    def _is_unnamed(self, mention: Entry, entry: Entry) -> bool:
        """Say whether one side is named by its contact alone, and that can stand for the other's name.

        "LundaLakesPS" is Lunda Lakes Police Service. A brand is its own handle too, but nobody else's short name.
        """
        for bare, named in ((mention, entry), (entry, mention)):
            cores = [form.core for form in named.forms]
            is_part = any(word.role is Role.UNIT for core in cores for word in self._vocabulary.read(core))
            if bare.is_nameless and not is_part and (not bare.forms or self._are_spelled(bare.forms, named.forms)):
                return True
        return False

    def _are_spelled(self, short: Iterable[Form], full: Iterable[Form]) -> bool:
        """Say whether each of `short` is read off the beginnings of the words of one of `full`."""
        words = [(form.core, self._vocabulary.tokens(form.text)) for form in full]
        links = self._vocabulary.links
        return all(
            any(
                is_acronym_of(one.key, core, frozenset()) or is_acronym_of(one.key, whole, links)
                for core, whole in words
            )
            for one in short
        )

    def _stands_for(self, mention: Entry, entry: Entry, name: NameLikeness, acronym: Reason | None) -> bool:
        """Say whether the mention is the entry's own acronym, rather than that of a house which it is a part of."""
        if acronym is None or mention.is_contact or len(mention.forms) != 1:
            return False
        stated = name.other is not None and name.other.kind is Kind.STATED
        return len(mention.forms[0].core) < FEW_IDEAS and not (stated and self._is_part(entry.forms[0]))

    def _certain_acronym(self, mention: Entry, entry: Entry, name: NameLikeness) -> Iterator[Reason]:
        """Let an acronym decide if one entry only holds it, and it is long enough or the country agrees."""
        form, other = name.form, name.other
        if name.likeness is not Likeness.EQUAL or form is None or other is None or form.kind is Kind.STATED:
            return
        if other.kind is Kind.FULL or not _is_short(other):
            return
        if other.kind is Kind.STATED and self._is_part(entry.forms[0]):
            return
        near = _same_country(mention, entry) or self._is_legal_there(form, mention, entry)
        agrees = near and self._held_by(form.key, initials_too=False) == 1
        alone = len(form.key) >= SURE_ACRONYM and not mention.country
        if agrees or (alone and self._held_by(form.key, initials_too=True) == 1):
            yield Reason(rule="acronym", detail=f"only this entry is called {other.text}", weight=0.9)

    def _is_legal_there(self, form: Form, mention: Entry, entry: Entry) -> bool:
        """Say whether the mention has a company's legal form of the entry's country: "ČEZ, a. s."."""
        is_company = entry.category is Category.PRIVATE_SECTOR and not mention.country
        return is_company and entry.country in self._vocabulary.legal_countries.get(form.legal, ())

    def _is_part(self, form: Form) -> bool:
        """Say whether a name begins with a part's word, so that an acronym behind it may be the whole's."""
        return any(word.idea in PARTS for word in self._vocabulary.read(form.core)[:2])

    def _vetoes(self, mention: Entry, entry: Entry, name: NameLikeness, *, disguised: bool) -> Iterator[Reason]:
        if mention.country and entry.country and mention.country != entry.country:
            words = f"one is in {mention.country}, the other in {entry.country}"
            yield Reason(rule="country", detail=words, weight=-0.6)
        if name.form and name.other and name.form.legal != name.other.legal:
            countries = self._vocabulary.legal_countries.get(name.form.legal, {entry.country})
            if entry.country and entry.country not in countries and mention.country != entry.country:
                words = f"{' '.join(name.form.legal)} is no legal form of {entry.country}"
                yield Reason(rule="legal form", detail=words, weight=-0.3)
        hosts = [host for host in mention.hosts if host.registrable not in self._vocabulary.shared_hosts]
        if hosts and entry.hosts and {h.name for h in hosts}.isdisjoint(h.name for h in entry.hosts):
            near = {h.registrable for h in hosts} & {h.registrable for h in entry.hosts}
            words = "another part of the same domain" if near else "another domain"
            detail = f"{words}: {hosts[0].name}, not {entry.hosts[0].name}"
            yield Reason(rule="domain", detail=detail, weight=-0.3 if near else -0.4)
        if disguised and not {form.text for form in mention.forms} <= {form.text for form in entry.forms}:
            yield Reason(rule="look-alike", detail="letters of another alphabet stand for Latin ones", weight=-0.5)
        if name.likeness is Likeness.OTHER:
            yield Reason(rule="another body", detail=name.reason, weight=-0.5)


def _compare_states(mention: Entry, entry: Entry) -> Comparison:
    """Compare by the state alone: its ministries, cities and companies are other bodies."""
    if mention.state and mention.state == entry.state:
        reason = Reason(rule="state", detail=f"both name the state {entry.state}", weight=1.0)
        return Comparison(NameLikeness(Likeness.EQUAL, 1.0, reason.detail), 1.0, certain=(reason,))
    words = "two states" if mention.state and entry.state else "one is a state, the other is not"
    veto = Reason(rule="state", detail=words, weight=-1.0)
    return Comparison(NameLikeness(Likeness.UNLIKE, 0.0, words), 0.0, vetoes=(veto,))


def _certain_name(mention: Entry, entry: Entry, name: NameLikeness) -> Iterator[Reason]:
    """Let a name decide from which nothing differs that tells organisations apart."""
    form, other = name.form, name.other
    if name.likeness < Likeness.SPELLED or form is None or other is None:
        return
    if other.kind is not Kind.FULL and _is_short(other):
        return
    country = _same_country(mention, entry)
    # "LinkedIn (Microsoft)": what stands aside may be the owner, unless it begins like the name that it stands for.
    brand = form.text.strip().isupper() and _is_in_order(form.latin, mention.forms[0].latin.removesuffix(form.latin))
    written_as_host = mention.is_contact and not mention.handles and other.kind is Kind.FULL
    if form.kind is Kind.STATED and not written_as_host and (mention.is_contact or not (country and brand)):
        return
    if form.kind is Kind.SHORT and len(form.key) < SURE_ACRONYM and not country:
        return
    yield Reason(rule=name.likeness.name.lower(), detail=name.reason, weight=0.9)


def _score(mention: Entry, entry: Entry, name: NameLikeness, acronym: Reason | None, *, is_contact: bool) -> float:
    """Give a number from 0 to 1 for the order in which candidates are shown."""
    score = name.share if name.likeness > Likeness.OTHER else 0.8 * name.share
    score = max(score, acronym.weight if acronym else 0.0, 0.95 if is_contact else 0.0)
    if {host.registrable for host in mention.hosts} & {host.registrable for host in entry.hosts}:
        score += 0.1
    if mention.country and entry.country:
        score += 0.08 if mention.country == entry.country else -0.15
    return max(0.0, min(1.0, score))


def _shared_accounts(mention: Entry, entry: Entry) -> Iterator[Reason]:
    """Give the handle that both have under names that do not agree: it is worth a person's look."""
    if shared := mention.handles & entry.handles:
        yield Reason(rule="handle", detail=f"both use @{min(shared)}, under other names", weight=0.5)


def _same_country(mention: Entry, entry: Entry) -> bool:
    return bool(mention.country) and mention.country == entry.country


def _is_in_order(letters: str, text: str) -> bool:
    """Say whether a text begins with the first of these letters, and has the others behind it in their order."""
    rest = iter(text)
    return text[:1] == letters[:1] and all(letter in rest for letter in letters)


def _is_named_by(mention: Entry, hosts: set[str]) -> bool:
    """Say whether the mention's name, or its handle, is the host's own label: @accessnow and accessnow.org."""
    names = {form.key for form in mention.forms} | set(mention.handles)
    labels = {"".join(normal.tokens(host)) for host in hosts} | {host.split(".")[0] for host in hosts}
    return bool(names & labels) or (mention.is_contact and not mention.handles)


def _is_short(form: Form) -> bool:
    """Say whether a form is one word written as acronyms are, or known as one."""
    if len(form.core) != 1 or len(form.latin) > LONGEST_SHORT:
        return False
    capitals = sum(letter.isupper() for letter in form.text)
    return form.kind in {Kind.SHORT, Kind.STATED} or (len(form.latin) <= LONGEST_BARE and capitals > 1)


def _begins_short(form: Form) -> bool:
    """Say whether a form is an acronym, or begins with one and has a country's name behind it."""
    first = form.text.split()[0] if form.text else ""
    return _is_short(form) or (1 < len(form.core) <= FEW_IDEAS and first.isupper() and 1 < len(first) <= LONGEST_BARE)
