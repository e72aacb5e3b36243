"""Know states, peoples and capitals by their names in many languages, from the Unicode data (CLDR) of Babel.

Reading them all takes about a second, so that it is done once, when the first name is looked up.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from functools import cache

from babel import localedata
from babel.core import get_global

# Where two languages give one word to two countries, the earlier language is believed.
FIRST = ("en", "fr", "es", "pt", "de", "it", "ru", "ar", "zh", "hi", "ja", "ko", "nl", "pl", "ro", "cs", "el", "sv")
SHORTEST = 4
"""Letters that a country's name in Latin script has at least; shorter ones are words of other languages."""
# Which country a language's name also tells of: "Romanian" is the language and the people (ISO 639-1 to 3166-1).
PEOPLES = {
    "sq": "AL", "hy": "AM", "az": "AZ", "bn": "BD", "be": "BY", "bg": "BG", "cs": "CZ", "da": "DK", "de": "DE",
    "et": "EE", "es": "ES", "fi": "FI", "fr": "FR", "ka": "GE", "el": "GR", "hr": "HR", "hu": "HU", "is": "IS",
    "id": "ID", "ga": "IE", "it": "IT", "ja": "JP", "kk": "KZ", "ko": "KR", "lt": "LT", "lv": "LV", "mk": "MK",
    "mn": "MN", "mt": "MT", "nl": "NL", "no": "NO", "pl": "PL", "ro": "RO", "sr": "RS", "ru": "RU", "sv": "SE",
    "sl": "SI", "sk": "SK", "th": "TH", "tr": "TR", "uk": "UA", "uz": "UZ", "vi": "VN",
}  # fmt: skip
# Languages that are believed about cities; the names in smaller ones are often words of the large ones.
CITY_LANGUAGES = (
    *FIRST, "af", "am", "az", "be", "bg", "bn", "bs", "ca", "da", "et", "eu", "fa", "fi", "fil", "ga", "gl", "gu", "he",
    "hr", "hu", "hy", "id", "is", "ka", "kk", "km", "kn", "ky", "lo", "lt", "lv", "mk", "ml", "mn", "mr", "ms", "my",
    "ne", "no", "pa", "si", "sk", "sl", "sq", "sr", "sw", "ta", "te", "th", "tr", "uk", "ur", "uz", "vi",
)  # fmt: skip
# Their cities are written alike everywhere, and many are words of English: Center, Phoenix, Regina, Nome.
_NOT_CITIES_OF = frozenset({"US", "CA", "AU", "NZ", "AQ"})
_VOWELS = "aeiouyаеиоуыэюяьйіїєαεηιοω"
SHORTEST_INFLECTED = 5
"""Letters that the name of a city has, without its last vowels, before which case endings are taken off."""
_CASE_ENDING = re.compile(
    # Slavic cases and adjectives, Baltic, Finnic, Albanian and Greek genitives; accents are folded away.
    "(?:[aeiouy]|om|em|ie|ow|owi|n|in|as|es|os|us|s|io|aus|ov|er|(?:ow|en|ov|an|n)?s[kc][aeiouy]\\w{0,3}"
    "|[аеиоуыіюяїє]|ом|ой|ою|ов|ові|еві|(?:ов|ев|ен|н)?сь?к\\w{1,4}|[αηοω][ςσ]?|ου|ων)"
)


class Gazetteer:
    """Names of states, of their peoples (as ISO 3166-1 alpha-2 codes) and of cities, folded as names are compared."""

    def __init__(
        self,
        own: Iterable[tuple[str, ...]],
        own_cities: Iterable[tuple[str, ...]],
        doubtful: Mapping[str, str],
        links: Container[str],
        tokens: Callable[[str], list[str]],
    ) -> None:
        """Read the Unicode data; `own` and `own_cities` are rows of a code and further names, believed before them.

        `doubtful` are the words for peoples, with their codes ("Swiss"): where a small language has one of them for
        another state, it is not believed. Small words in `links` may be missing in what is looked up.
        """
        self._links = links
        self.states: dict[str, str] = {}
        self.starts: set[str] = set()
        self._single: dict[str, list[str]] = {}
        for code, *spellings in own:
            for spelling in spellings:
                self._learn(tokens(spelling), code, shortest=2)
        for name, (code, is_sure) in _territories().items():
            words = tokens(name)
            if is_sure or len(words) != 1 or doubtful.get(words[0], code) == code:
                self._learn(words, code, shortest=SHORTEST)
        self.peoples = {folded[0]: code for name, code in _peoples().items() if len(folded := tokens(name)) == 1}
        for token, code in self.peoples.items():
            self._single.setdefault(code, []).append(token)
        self.city_countries: dict[str, str] = {}
        """The idea of a city -> the ISO code of its country."""
        self._cities: dict[str, str] = {}
        self._city_stems: dict[str, str] = {}
        self._city_starts: set[str] = set()
        self._city_tokens: dict[str, list[str]] = {}
        for code, idea, *spellings in own_cities:
            self._learn_city(idea, code, [tokens(spelling) for spelling in (idea, *spellings)])
        for code, names in _exemplar_cities():
            split = [tokens(name) for name in names]
            known = next((city for words in split if (city := self._cities.get(" ".join(words)))), "")
            self._learn_city(known or "".join(split[0]), code, split)

    def _learn_city(self, idea: str, code: str, spellings: Sequence[list[str]]) -> None:
        self.city_countries.setdefault(idea, code)
        bare = ([word for word in words if word not in self._links] for words in spellings)
        for words in (*spellings, *(words for words in bare if len(words) > 1)):
            text = " ".join(words)
            if not text or text in self._cities or text in self.states or (len(text) < SHORTEST and text.isascii()):
                continue
            self._cities[text] = idea
            self._city_tokens.setdefault(idea, []).extend(words)
            self.starts.add(words[0])
            stem = text.rstrip(_VOWELS)
            if len(stem) >= SHORTEST_INFLECTED:
                self._city_stems.setdefault(stem, idea)
                self._city_starts.add(stem[:SHORTEST_INFLECTED])

    def city(self, text: str) -> str:
        """Give the idea of the city that `text` names, also with a case ending; else ""."""
        found = self._cities.get(text, "")
        if found or " " in text or text[:SHORTEST_INFLECTED] not in self._city_starts:
            return found
        return next((city for stem, city in self._stems_of(text) if _CASE_ENDING.fullmatch(text[len(stem) :])), "")

    def _stems_of(self, text: str) -> Iterator[tuple[str, str]]:
        for size in range(len(text) - 1, SHORTEST_INFLECTED - 1, -1):
            if city := self._city_stems.get(text[:size]):
                yield text[:size], city

    def tokens_of_city(self, idea: str) -> Iterable[str]:
        """Give the folded words, in any language, of which the names of a city are made."""
        return self._city_tokens.get(idea, ())

    def _learn(self, words: list[str], code: str, *, shortest: int) -> None:
        bare = [word for word in words if word not in self._links]
        if 1 < len(bare) < len(words):
            self._learn(bare, code, shortest=shortest)
        text = " ".join(words)
        if text and (len(text) >= shortest or not text.isascii()) and text not in self.states:
            self.states[text] = code
            self.starts.add(words[0])
            if len(words) == 1:
                self._single.setdefault(code, []).append(text)

    def tokens_of(self, code: str) -> Iterable[str]:
        """Give the single folded words, in any language, that stand for the country `code`."""
        return self._single.get(code, ())


@cache
def _territories() -> Mapping[str, tuple[str, bool]]:
    """Give names of territories -> the code, and whether one of the first languages says so."""
    found: dict[str, tuple[str, bool]] = {}
    for rank, (territories, _) in enumerate(_locales()):
        for code, name in territories.items():
            if len(code) == len("FR") and code.isalpha() and isinstance(name, str):
                found.setdefault(name, (code, rank < len(FIRST)))
    return found


@cache
def _peoples() -> Mapping[str, str]:
    found: dict[str, str] = {}
    for _, languages in _locales():
        for language, code in PEOPLES.items():
            name = languages.get(language)
            if isinstance(name, str) and len(name) >= SHORTEST:
                found.setdefault(name, code)
    return found


@cache
def _exemplar_cities() -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Give the cities that time zones are called after: the code of the country, and the names, the English first."""
    countries = get_global("zone_territories")
    found: dict[str, dict[str, None]] = {}
    for language in CITY_LANGUAGES:
        for zone, names in localedata.load(language).get("time_zones", {}).items():
            if isinstance(names, Mapping) and isinstance(names.get("city"), str):
                default = zone.rpartition("/")[2].replace("_", " ")
                found.setdefault(zone, {default: None} if language != "en" else {})[names["city"]] = None
    kept = ((countries.get(zone, ""), tuple(names)) for zone, names in found.items())
    return tuple((code, names) for code, names in kept if code and code not in _NOT_CITIES_OF)


@cache
def _locales() -> tuple[tuple[Mapping[str, str], Mapping[str, str]], ...]:
    every = sorted(name for name in localedata.locale_identifiers() if "_" not in name)
    ranked = [*FIRST, *(name for name in every if name not in FIRST)]
    read = (localedata.load(name) for name in ranked)
    return tuple((data.get("territories", {}), data.get("languages", {})) for data in read)
