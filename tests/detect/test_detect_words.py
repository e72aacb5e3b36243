"""The case ending of a name's last word."""

import pytest

from harvester.config import load_lexicons, shipped_folder
from harvester.detect.lexicon import read_lexicons
from harvester.detect.words import SmallWords


@pytest.mark.parametrize(
    ("language", "told", "name"),
    [
        ("hu", "Kék Bagoly Alapítványnak", "Kék Bagoly Alapítvány"),
        ("hu", "Civilek Hálózatát", "Civilek Hálózata"),
        ("hu", "Kőris Kórház", "Kőris Kórház"),
        ("fi", "Harjun seurakunnan", "Harjun seurakunta"),
        ("fi", "Harjun seurakunnan kirjasto", "Harjun seurakunnan kirjasto"),
        ("en", "Senak", "Senak"),
    ],
)
def test_case_ending_is_taken_off(language: str, told: str, name: str) -> None:
    words = SmallWords([read_lexicons(load_lexicons(shipped_folder()))[language].grammar])
    assert words.bare(told) == name
