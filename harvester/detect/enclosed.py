"""Read what stands in brackets or quotation marks: a name, a part of one, or what is only said of it."""

from __future__ import annotations

from harvester.detect.line import Line

QUOTES = {"«": "»", "“": "”", "„": "“”", '"': '"', "「": "」", "『": "』", "‹": "›"}
LONGEST_QUOTED = 10
LONGEST_NAME = 3
"""Of more small words, what stands in quotation marks is said by somebody."""


class Enclosed:
    """Reads the brackets and quotation marks of one sentence."""

    def __init__(self, line: Line) -> None:
        """Hold the sentence."""
        self._line = line
        self._tokens = line.tokens

    def bracket(self, at: int) -> int | None:
        """Take an acronym or a second name in brackets along: one to three words, all of a name."""
        opened = self._tokens[at].text in {"(", "（"}
        for end in range(at + 2, min(at + 5, len(self._tokens))) if opened else ():
            if self._tokens[end].text in {")", "）"}:
                inner = range(at + 1, end)
                named = all(self._line.is_nameish(i) or self._is_form(i) for i in inner)
                return end + 1 if named or self._line.has("lands", end - 1) else None
        return None

    def land_behind(self, first: int, last: int) -> int | None:
        """Give where the bracket opens that only says where the name is from ("Alder Bank (Chile)")."""
        if self._tokens[last - 1].text not in {")", "）"} or not self._line.has("lands", last - 2):
            return None
        return next((at for at in range(last - 3, first, -1) if self._tokens[at].text in {"(", "（"}), None)

    def _is_form(self, at: int) -> bool:
        return self._line.has("legal_forms", at) or self._tokens[at].text == "."

    def quoted(self, at: int) -> int | None:
        """Give the end of a name in quotation marks: a few words that begin with a capital (or have none at all)."""
        closing = QUOTES.get(self._tokens[at].text, "")
        for end in range(at + 2, min(at + LONGEST_QUOTED, len(self._tokens))) if closing else ():
            if self._tokens[end].text in closing:
                inner = self._tokens[at + 1 : end]
                free = not any(i in self._line.taken for i in range(at, end))
                if self._is_speech(at + 1, end):
                    return None
                named = inner[0].is_capital or inner[0].text.lower() == inner[0].text.upper()
                return end + 1 if free and named and all(t.is_word or t.text in "-&." for t in inner) else None
        return None

    def _is_speech(self, first: int, last: int) -> bool:
        """Recognise "We could not stay away": only the first of several words has a capital, and it is a common one."""
        small = not any(token.is_capital for token in self._tokens[first + 1 : last])
        return small and last - first > LONGEST_NAME and first in self._line.told and self._line.has("common", first)
