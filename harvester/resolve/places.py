"""Know states and peoples by their names in over 200 languages, from the Unicode data (CLDR) that Babel carries.

Reading them all takes about a second, so that it is done once, when the first name is looked up.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Mapping
from functools import cache

from babel import localedata

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


class Gazetteer:
    """Names of states and of their peoples -> ISO 3166-1 alpha-2 codes, folded as names are compared."""

    def __init__(
        self, own: Iterable[tuple[str, ...]], doubtful: Container[str], tokens: Callable[[str], list[str]]
    ) -> None:
        """Read the Unicode data; `own` are rows of a code and further names, believed before them.

        A name in `doubtful` is a people's in some language ("Swiss"); small languages are not believed about it.
        """
        self.states: dict[str, str] = {}
        self.starts: set[str] = set()
        self._single: dict[str, list[str]] = {}
        for code, *spellings in own:
            for spelling in spellings:
                self._learn(tokens(spelling), code, shortest=2)
        for name, (code, is_sure) in _territories().items():
            words = tokens(name)
            if is_sure or len(words) != 1 or words[0] not in doubtful:
                self._learn(words, code, shortest=SHORTEST)
        self.peoples = {folded[0]: code for name, code in _peoples().items() if len(folded := tokens(name)) == 1}
        for token, code in self.peoples.items():
            self._single.setdefault(code, []).append(token)

    def _learn(self, words: list[str], code: str, *, shortest: int) -> None:
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
def _locales() -> tuple[tuple[Mapping[str, str], Mapping[str, str]], ...]:
    every = sorted(name for name in localedata.locale_identifiers() if "_" not in name)
    ranked = [*FIRST, *(name for name in every if name not in FIRST)]
    read = (localedata.load(name) for name in ranked)
    return tuple((data.get("territories", {}), data.get("languages", {})) for data in read)
