"""Know what the words in names of organisations stand for: a kind of body, a field, a place, or nobody else's name."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from itertools import chain

from cleanco import termdata

from harvester.config import OrganisationWords
from harvester.resolve import normal
from harvester.resolve.meanings import Meaning, Meanings
from harvester.resolve.places import Gazetteer
from harvester.resolve.roles import Role, Word

LONGEST_PHRASE = 6
LONGEST_INNER = 14
"""Characters of the longest word that is looked for inside scripts without spaces."""
CACHED = 200_000
LONG_COMPOUND = 3
"""Words in a compound that says as much as a name of several words: Weltgesundheitsorganisation."""
# Two pairs of states differ by this word alone: the Congos, the Koreas.
DEMOCRATIC = {"CG": "CD", "KR": "KP"}
_UNSPACED = frozenset({"CJK", "HIRAGANA", "KATAKANA", "HANGUL", "THAI", "KHMER", "LAO", "MYANMAR", "TIBETAN"})
# Of the forms in Latin letters, those that stand in front of the name (Indonesia, the Baltic, romanised Russian).
_FRONT = frozenset({"pt", "cv", "uab", "sia", "too", "ooo", "zao", "oao", "pao", "lepl", "công", "cong"})


class Vocabulary:
    """The language data, made ready for looking words up. Names of states are read when first asked for."""

    def __init__(self, words: OrganisationWords) -> None:
        self._han = {ord(pair[0]): pair[1] for pair in words.han.split()}
        self._expanded: dict[str, list[str]] = {}  # empty while its own words are being split
        self._expanded = {"".join(self.tokens(short)): self.tokens(full) for short, full in words.short_forms}
        self._own_states = words.states
        self._own_cities = words.cities
        self._people_words = {" ".join(self.tokens(word)): row[0] for row in words.peoples for word in row[1:]}
        self.translation = words.translation
        self.shared_hosts = frozenset(words.shared_hosts)
        self.links = frozenset(chain.from_iterable(map(self.tokens, words.links)))
        self._articles = frozenset(chain.from_iterable(map(self.tokens, words.articles)))
        self._realms = frozenset(chain.from_iterable(map(self.tokens, words.realms)))
        self._ruling = self._realms | frozenset(chain.from_iterable(map(self.tokens, words.governments)))
        self._state_words = self._ruling | frozenset(chain.from_iterable(map(self.tokens, words.state_words)))
        self._not_states = frozenset(map(tuple, map(self.tokens, words.not_states)))
        self.formerly = self._phrases(words.formerly)
        self.also = self._phrases(words.also)
        self._legal = self._legal_forms(words)
        self.legal_countries = self._countries_of_forms(words)
        self._legal_starts = {form[0] for form in self._legal}
        self._legal_ends = {form[-1] for form in self._legal}
        self._lists = Meanings(words, self.tokens)
        self._meanings: dict[str, tuple[Meaning, ...]] = {}
        self._words: dict[str, tuple[Word, ...]] = {}
        self._names: dict[tuple[str, ...], tuple[Word, ...]] = {}

    def _phrases(self, texts: Iterable[str]) -> tuple[tuple[str, ...], ...]:
        return tuple(sorted((tuple(self.tokens(text)) for text in texts), key=len, reverse=True))

    def _legal_forms(self, words: OrganisationWords) -> frozenset[tuple[str, ...]]:
        packaged = chain(*termdata.terms_by_type.values(), *termdata.terms_by_country.values())
        forms = {tuple(self.tokens(term)) for term in chain(packaged, words.legal)}
        return frozenset(forms - {tuple(self.tokens(term)) for term in words.not_legal} - {()})

    def _countries_of_forms(self, words: OrganisationWords) -> dict[tuple[str, ...], frozenset[str]]:
        found: dict[tuple[str, ...], frozenset[str]] = {}
        for countries, *forms in words.legal_at:
            for form in map(tuple, map(self.tokens, forms)):
                found[form] = found.get(form, frozenset()).union(countries.split())
        return found

    @cached_property
    def gazetteer(self) -> Gazetteer:
        """The names of states, read once."""
        self._words.clear()
        return Gazetteer(self._own_states, self._own_cities, self._people_words, self.links, self.tokens)

    def tokens(self, text: str) -> list[str]:
        """Split `text` into folded words."""
        found = normal.tokens(normal.fold(text, self._han))
        if self._expanded.keys().isdisjoint(found):
            return found
        return [word for token in found for word in self._expanded.get(token, (token,))]

    def core(self, words: Sequence[str]) -> tuple[str, ...]:
        """Take legal forms off both ends and connecting words off everywhere, but never leave nothing."""
        kept = list(words)
        while size := self._legal_at_end(kept):
            kept = kept[:-size]
        while size := self._legal_at_start(kept):
            kept = kept[size:]
        last = len(kept) - 1
        return tuple([word for at, word in enumerate(kept) if not self._connects(word, at, last)] or words)

    def _connects(self, word: str, at: int, last: int) -> bool:
        """Say whether a word only connects where it stands: "on" in ON Semiconductor and "a" in Plan A do not."""
        if at == 0:
            return word in self._articles and last > 0
        return word in self.links and not (at == last and len(word) == 1)

    def legal_form(self, words: Sequence[str]) -> tuple[str, ...]:
        """Give the legal form with which a name ends, or nothing."""
        size = self._legal_at_end(list(words))
        return tuple(words[-size:]) if size else ()

    def is_legal(self, words: Sequence[str]) -> bool:
        """Say whether these words are a legal form and nothing else."""
        return tuple(words) in self._legal

    def _legal_at_end(self, words: list[str]) -> int:
        if not words or words[-1] not in self._legal_ends:
            return 0
        return next((n for n in range(min(5, len(words) - 1), 0, -1) if tuple(words[-n:]) in self._legal), 0)

    def _legal_at_start(self, words: list[str]) -> int:
        if not words or words[0] not in self._legal_starts or (words[0].isascii() and words[0] not in _FRONT):
            return 0
        return next((n for n in range(min(4, len(words) - 1), 0, -1) if tuple(words[:n]) in self._legal), 0)

    def ideas(self, token: str) -> tuple[Meaning, ...]:
        """Give what a token stands for by the shipped lists alone; several in scripts without spaces."""
        known = self._meanings.get(token)
        if known is None:
            if len(self._meanings) > CACHED:
                self._meanings.clear()
            if _is_unspaced(token):
                known = tuple((word.idea, word.role) for word in self._segments(token))
            elif parts := self._lists.parts(token):
                known = tuple(meaning for _, meaning in parts)
            else:
                known = (*self._lists.of(token)[:1], (normal.latin(token) or token, Role.NAME))[:1]
            self._meanings[token] = known
        return known

    def is_telling(self, words: tuple[str, ...]) -> bool:
        """Say whether words tell an organisation from others: by a word of its own, or a place beside its kind."""
        if len(words) == 1:
            own = any(role is Role.NAME for _, role in self.ideas(words[0]))
            return own and words[0] not in self.links and words[0] not in self.gazetteer.states
        return not {word.role for word in self.read(words)}.isdisjoint({Role.NAME, Role.STATE, Role.CITY})

    def read(self, words: tuple[str, ...]) -> tuple[Word, ...]:
        """Say what each word stands for; names of states and cities of several words become one."""
        known = self._names.get(words)
        if known is None:
            if len(self._names) > CACHED:
                self._names.clear()
            known = self._names[words] = tuple(self._read_name(words))
        return known

    def _read_name(self, words: tuple[str, ...]) -> list[Word]:
        places = self.gazetteer
        is_word = len(words) == 1 and not _is_unspaced(words[0]) and words[0] not in places.states
        if is_word and len(self._lists.parts(words[0])) < LONG_COMPOUND:
            # A name of one word is a name, whatever the word means: Orange, Total, Visa.
            return list(_name(words[0]))
        found: list[Word] = []
        at = 0
        while at < len(words):
            size = 1
            if words[at] in self._lists.starts or words[at] in places.starts:
                size = self._phrase_at(words, at)
            found.extend(self._read(" ".join(words[at : at + size])))
            at += size
        if any(word.role is Role.STATE for word in found):
            return [self._beside_state(word) for word in found]
        return found

    def _beside_state(self, word: Word) -> Word:
        """Make "republic" and the like small words where a state's name stands with them."""
        return Word(word.text, word.idea, Role.GROUP) if word.source in self._realms else word

    def _phrase_at(self, words: Sequence[str], at: int) -> int:
        for size in range(min(LONGEST_PHRASE, len(words) - at), 1, -1):
            text = " ".join(words[at : at + size])
            if self._lists.exact(text) or text in self.gazetteer.states or self.gazetteer.city(text):
                return size
        return 1

    def _read(self, token: str) -> tuple[Word, ...]:
        known = self._words.get(token)
        if known is None:
            if len(self._words) > CACHED:
                self._words.clear()
            known = tuple(self._segments(token) if _is_unspaced(token) else self._word(token))
            self._words[token] = known
        return known

    def _word(self, token: str) -> Iterator[Word]:
        places = self.gazetteer
        text = normal.latin(token) or token
        if code := places.states.get(token):
            yield Word(text, code, Role.STATE, source=token)
        elif parts := self._lists.parts(token):
            yield from (Word(normal.latin(part), *meaning, source=part) for part, meaning in parts)
        elif meanings := self._lists.of(token):
            others = frozenset(idea for idea, _ in meanings[1:])
            yield Word(text, *meanings[0], source=token, others=others)
        elif code := places.peoples.get(token):
            yield Word(text, code, Role.STATE, source=token)
        elif city := places.city(token):
            yield Word(text, city, Role.CITY, source=token)
        else:
            yield from _name(token)

    def _segments(self, token: str) -> Iterator[Word]:
        """Cut a word of a script without spaces at the longest known words; what is between them is a name."""
        at = start = 0
        while at < len(token):
            size, meaning = self._inner(token, at)
            if size:
                yield from _name(token[start:at])
                if meaning:
                    yield Word(normal.latin(token[at : at + size]) or token[at : at + size], *meaning)
                start = at + size
            at += size or 1
        yield from _name(token[start:])

    def _inner(self, token: str, at: int) -> tuple[int, Meaning | None]:
        """Find the longest word that begins at `at`: its length, and its meaning unless it only connects."""
        states = self.gazetteer.states if "gazetteer" in self.__dict__ else {}
        for size in range(min(LONGEST_INNER, len(token) - at), 1, -1):
            piece = token[at : at + size]
            if (piece,) in self._legal:
                return size, None
            if meanings := self._lists.exact(piece):
                return size, meanings[0]
            if code := states.get(piece):
                return size, (code, Role.STATE)
        meaning = next(iter(self._lists.exact(token[at])), None)
        # A single character is a word at the end of a name (市, 省, 법); elsewhere it is part of a name.
        if at and at == len(token) - 1 and meaning and meaning[1] in {Role.TERRITORY, Role.KIND}:
            return 1, meaning
        return (1, None) if token[at] in self.links and 0 < at < len(token) - 1 else (0, None)

    def state_called(self, words: Sequence[str], country: str = "") -> str:
        """Give the ISO code of the state that these words name, alone or beside words like "government"; else "".

        `country` is where the mention says that it is: "State of Georgia" in the US is no state of the world.
        """
        if not words or tuple(words) in self._not_states:
            return ""
        states = self.gazetteer.states
        bare = [word for word in words if word not in self.links]
        code = states.get(" ".join(words)) or states.get(" ".join(bare)) or self._state_beside(bare)
        if code in DEMOCRATIC and any(idea == "democracy" for word in bare for idea, _ in self.ideas(word)):
            code = DEMOCRATIC[code]
        return code if code in {country, "EU"} or not country else ""

    def _state_beside(self, words: list[str]) -> str:
        """Find a state or a people beside at least one word such as "republic", and nothing else."""
        rest = [word for word in words if word not in self._state_words]
        if not self._ruling.intersection(words) or not rest:
            read = self._read(words[0]) if len(words) == 1 and _is_unspaced(words[0]) else ()
            return read[0].idea if len(read) == 1 and read[0].role is Role.STATE else ""
        if code := self.gazetteer.states.get(" ".join(rest), ""):
            return code
        word = self._read(rest[0])[0]
        return word.idea if len(rest) == 1 and word.role is Role.STATE else ""


def _is_unspaced(token: str) -> bool:
    return not token.isascii() and normal.script(token) in _UNSPACED


def _name(piece: str) -> Iterator[Word]:
    if piece:
        text = normal.latin(piece) or piece
        is_foreign = not piece.isascii() and normal.script(piece) != "LATIN"
        yield Word(text, text, Role.NAME, piece, is_transliterated=is_foreign)
