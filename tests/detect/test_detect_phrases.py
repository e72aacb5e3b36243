"""What a phrase of the lexicon finds."""

import pytest

from harvester.detect.phrases import Entry, Phrasebook
from harvester.detect.text import Folded


@pytest.mark.parametrize(
    ("phrase", "text", "found"),
    [
        ("würde", "Sie wurde Mitglied.", ["wurde"]),
        ("!würde", "Sie wurde Mitglied.", []),
        ("!würde|hätte", "Sie WÜRDE es tun.", ["WÜRDE"]),
        ("!würde", "Sie wu\u0308rde es tun.", ["wu\u0308rde"]),
        ("!kể lại ... là", "Họ kể lại rằng đó là", ["kể lại rằng đó là"]),
        ("!kể lại ... là", "Họ kê lại rằng đó là", []),
    ],
)
def test_accents_matter_only_after_an_exclamation_mark(phrase: str, text: str, found: list[str]) -> None:
    hits = Phrasebook([Entry(phrase, "x")]).find(Folded.of(text))
    assert [text[slice(*hit.span)] for hit in hits] == found
