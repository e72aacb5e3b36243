"""Find the few register entries that a mention may mean, without looking at the others."""

from __future__ import annotations

import math
from array import array
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from heapq import nlargest
from itertools import pairwise

from harvester.model import Category, Mention, Organisation, OrganisationId
from harvester.resolve import normal
from harvester.resolve.contacts import Host, handle_key, host_of
from harvester.resolve.parse import Form, Kind, forms_of, make_form
from harvester.resolve.roles import Role
from harvester.resolve.spellings import SHORTEST_TYPO, Skeletons, Spellings
from harvester.resolve.words import Vocabulary

POSTINGS = 4_000
"""Entries that one mention may touch by its words, rarest words first; it bounds the time of a look-up."""
SHORTLIST = 16
SURE = 40
SHORTEST_ALIAS = 3
SHORTEST_INITIALS = 3
CACHED_ENTRIES = 20_000


@dataclass(frozen=True, slots=True)
class Entry:
    """A register entry or a mention with its name taken apart; `state` is the ISO code if it is a state."""

    forms: tuple[Form, ...]
    country: str
    hosts: tuple[Host, ...]
    handles: frozenset[str]
    state: str
    category: Category | None = None
    is_contact: bool = False
    """Whether a mention's name is nothing but its handle or web address."""
    is_nameless: bool = False
    """Whether the name, of a mention or an entry, says nothing that the handle or the web address does not say."""
    side: str = "the register"
    """How a reason calls the one who says something that the other does not."""


class Index:
    """Entries by key, word, acronym, host, handle and state. Numbers are given in the order of coming."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._vocabulary = vocabulary
        self._organisations: list[Organisation] = []
        self._numbers: dict[OrganisationId, int] = {}
        self._keys: dict[str, array[int]] = {}
        self._acronyms: dict[str, array[int]] = {}
        self._contacts: dict[str, array[int]] = {}
        self._ideas: dict[str, array[int]] = {}
        self._spellings: Spellings | None = None
        self._skeletons: Skeletons | None = None
        self._weights: dict[str, float] = {}
        self._entries: dict[int, Entry] = {}

    def __len__(self) -> int:
        return len(self._numbers)

    def add(self, organisation: Organisation) -> None:
        """Put an entry in; one of the same id is replaced."""
        number = len(self._organisations)
        self._organisations.append(organisation)
        self._numbers[organisation.id] = number
        self._weights.clear()
        for form in self._forms(organisation):
            for key in {form.key, form.latin}:
                _put(self._keys, key, number)
            for letters in _all_initials(form):
                _put(self._acronyms, letters, number)
            for idea in self._ideas_of(form):
                for learned in (self._spellings, self._skeletons):
                    if learned and idea not in self._ideas:
                        learned.learn(idea)
                _put(self._ideas, idea, number)
        for host in filter(None, map(host_of, organisation.domains)):
            _put(self._contacts, host.registrable, number)
        for handle in organisation.handles:
            _put(self._contacts, "@" + handle_key(handle), number)
        if organisation.category is Category.STATE and organisation.country:
            _put(self._contacts, "state:" + organisation.country, number)

    def numbers(self) -> Iterator[int]:
        """Give the numbers of all entries, without those that were replaced."""
        return self._live(range(len(self._organisations)))

    def organisation(self, number: int) -> Organisation:
        """Give the organisation of an entry."""
        return self._organisations[number]

    def number(self, organisation: OrganisationId) -> int | None:
        """Give the number of an organisation's entry, or None if it has none."""
        return self._numbers.get(organisation)

    def entry(self, number: int) -> Entry:
        """Take an entry's names apart, or remember how."""
        known = self._entries.get(number)
        if known is None:
            if len(self._entries) > CACHED_ENTRIES:
                self._entries.clear()
            organisation = self._organisations[number]
            forms = self._forms(organisation)
            hosts = tuple(filter(None, map(host_of, organisation.domains)))
            handles = frozenset(map(handle_key, organisation.handles)) - {""}
            known = self._entries[number] = Entry(
                forms=forms,
                country=organisation.country.upper(),
                hosts=hosts,
                handles=handles,
                state=self._state(organisation),
                category=organisation.category,
                is_nameless=_is_nameless(forms, hosts, handles),
            )
        return known

    def query(self, mention: Mention) -> Entry:
        """Take a mention apart; a name that is a handle or a web address counts as one."""
        name = mention.name.strip()[: normal.LONGEST]
        is_handle = name.startswith("@")
        named_host = host_of(name) if "." in name and " " not in name and not is_handle else None
        host = host_of(mention.domain) or named_host
        country = mention.country.strip().upper()
        forms = forms_of(name.lstrip("@"), self._vocabulary)
        if is_handle or named_host:
            # An account or an address resembles a name, but anybody may have taken it.
            forms = tuple(replace(form, kind=Kind.STATED) for form in forms)
        is_plain = not (is_handle or named_host or normal.is_disguised(name))
        hosts = (host,) if host else ()
        handles = frozenset({handle_key(mention.handle), handle_key(name) if is_handle else ""} - {""})
        return Entry(
            forms=forms,
            country=country,
            hosts=hosts,
            handles=handles,
            state=self._vocabulary.state_called(self._vocabulary.tokens(name), country) if is_plain else "",
            is_contact=bool(is_handle or named_host),
            is_nameless=_is_nameless(forms, hosts, handles),
            side="the mention",
        )

    def has(self, query: Entry) -> bool:
        """Say whether an entry has one of these names, handles or domains."""
        return any(form.key in self._keys or form.latin in self._keys for form in query.forms) or any(
            key in self._contacts for key in _contact_keys(query)
        )

    def new_key(self, name: str) -> str:
        """Give the key of `name` as an alias, if no entry has it and it tells its holder from others; else ""."""
        form = make_form(name, Kind.ALIAS, self._vocabulary)
        is_short = len(form.latin) < SHORTEST_ALIAS
        is_known = form.key in self._keys or form.latin in self._keys
        return "" if is_short or is_known or not self._vocabulary.is_telling(form.core) else form.key

    def holders(self, key: str, *, initials_too: bool) -> set[int]:
        """Give the entries that have a name or an acronym of this key, or whose initials it is too."""
        holders = set(self._live(self._keys.get(key, ())))
        if initials_too:
            holders.update(self._live(self._acronyms.get(key, ())))
        return holders

    def candidates(self, query: Entry) -> list[int]:
        """Give the numbers of entries worth comparing, those of equal key, contact or state first."""
        found = dict.fromkeys(self._sure(query))
        scores: defaultdict[int, float] = defaultdict(float)
        left = POSTINGS
        for weight, numbers in sorted(self._word_postings(query), key=lambda pair: len(pair[1])):
            left -= len(numbers)
            if left < 0 and scores:
                break
            for number in numbers[:POSTINGS]:
                scores[number] += weight
        found.update(dict.fromkeys(nlargest(SHORTLIST, scores, key=scores.__getitem__)))
        return [number for number in found if self._is_live(number)]

    def weight(self, idea: str) -> float:
        """Say how much sharing this idea tells: 1 for an unknown word, near 0 for one that all names have."""
        known = self._weights.get(idea)
        if known is None:
            if len(self._weights) > CACHED_ENTRIES:
                self._weights.clear()
            total = len(self._organisations) + 1
            known = math.log(1 + total / (1 + len(self._ideas.get(idea, ())))) / math.log(1 + total)
            self._weights[idea] = known
        return known

    def _sure(self, query: Entry) -> Iterator[int]:
        for key in _contact_keys(query):
            yield from self._contacts.get(key, ())[:SURE]
        for form in query.forms:
            for key in (form.key, form.latin):
                yield from self._keys.get(key, ())[:SURE]
            if len(form.core) == 1:
                yield from self._acronyms.get(form.latin, ())[:SURE]
            for letters in (*_all_initials(form), *_syllables(form)):
                yield from self._keys.get(letters, ())[:SURE]
            yield from (n for word in form.core[:3] for n in self._acronyms.get(word, ())[:SURE] if word.isascii())

    def _word_postings(self, query: Entry) -> Iterator[tuple[float, array[int]]]:
        # In a fixed order, so that of candidates alike the same are shown each time.
        for idea in dict.fromkeys(idea for form in query.forms for idea in self._query_ideas(form)):
            if numbers := self._ideas.get(idea):
                yield self.weight(idea), numbers
            elif len(idea) >= SHORTEST_TYPO:
                if self._spellings is None:
                    self._spellings = Spellings(self._ideas)
                for similar in self._spellings.near(idea):
                    yield 0.7 * self.weight(similar), self._ideas[similar]

    def _query_ideas(self, form: Form) -> Iterator[str]:
        yield from self._ideas_of(form)
        yield from (one + two for one, two in pairwise(form.core) if one.isascii())
        for word in self._vocabulary.read(form.core):
            if word.role in {Role.STATE, Role.CITY}:
                places = self._vocabulary.gazetteer
                tokens = (places.tokens_of if word.role is Role.STATE else places.tokens_of_city)(word.idea)
                yield word.idea
                yield from (token for token in map(normal.latin, tokens) if token in self._ideas)
            elif word.is_transliterated:
                if self._skeletons is None:
                    self._skeletons = Skeletons(self._ideas)
                yield from self._skeletons.like(word.text)
            yield from word.others

    def _ideas_of(self, form: Form) -> Iterable[str]:
        ideas = [idea for token in form.core for idea, role in self._vocabulary.ideas(token) if role is not Role.GROUP]
        if len(form.core) == 1:
            ideas.append(form.latin)
        return dict.fromkeys(ideas)

    def _forms(self, organisation: Organisation) -> tuple[Form, ...]:
        forms = list(forms_of(organisation.name, self._vocabulary))
        forms += [make_form(alias[: normal.LONGEST], Kind.ALIAS, self._vocabulary) for alias in organisation.aliases]
        return tuple({(form.key, form.kind): form for form in forms if form.key}.values())

    def _state(self, organisation: Organisation) -> str:
        if organisation.category is Category.STATE and organisation.country:
            return organisation.country.upper()
        if organisation.category in {Category.CIVIL_SOCIETY, Category.PRIVATE_SECTOR}:
            return ""
        return self._vocabulary.state_called(self._vocabulary.tokens(organisation.name[: normal.LONGEST]))

    def _is_live(self, number: int) -> bool:
        return self._numbers[self._organisations[number].id] == number

    def _live(self, numbers: Iterable[int]) -> Iterator[int]:
        return (number for number in numbers if self._is_live(number))


def _contact_keys(query: Entry) -> list[str]:
    keys = [host.registrable for host in query.hosts] + ["@" + handle for handle in query.handles]
    return [*keys, "state:" + query.state] if query.state else keys


def _is_nameless(forms: tuple[Form, ...], hosts: tuple[Host, ...], handles: frozenset[str]) -> bool:
    """Say whether a contact is all that is told: where no display name is shown, the handle stands for it."""
    told = {"".join(normal.tokens(text.partition("@")[0])) for text in (*handles, *(host.name for host in hosts))}
    return bool(told) and {form.key for form in forms} <= told


def _put(index: dict[str, array[int]], key: str, number: int) -> None:
    numbers = index.get(key)
    if numbers is None:
        index[key] = array("I", (number,))
    elif numbers[-1] != number:
        numbers.append(number)


def initials(form: Form) -> str:
    """Give the first letters of a name's words, at least three, by which it may be called."""
    return "".join([normal.latin(word)[:1] for word in form.core]) if len(form.core) >= SHORTEST_INITIALS else ""


def _all_initials(form: Form) -> Iterator[str]:
    """Give the initials, and those without one or two last words, which may be a country: CIS of CIS India."""
    letters = initials(form)
    yield from (letters[:size] for size in range(max(SHORTEST_INITIALS, len(letters) - 2), len(letters) + 1))


def _syllables(form: Form) -> Iterator[str]:
    """Give short names made of the beginnings of two words: Singtel of Singapore Telecommunications."""
    if len(form.core) == 2:  # noqa: PLR2004 -- of two
        one, two = form.core
        yield from (one[:n] + two[:m] for n in range(2, 6) for m in range(2, 6))
