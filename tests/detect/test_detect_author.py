"""The author's name as an editor would write it, and the languages that share a file."""

import pytest

from harvester.config import load_lexicons, shipped_folder
from harvester.detect import language
from harvester.detect.author import clean_name
from harvester.detect.lexicon import read_lexicons
from harvester.detect.words import SmallWords
from harvester.model import Author, Post, PostId, SourceName


@pytest.fixture(scope="module")
def words() -> SmallWords:
    return SmallWords(lexicon.grammar for lexicon in read_lexicons(load_lexicons(shipped_folder())).values())


@pytest.mark.parametrize(
    ("shown", "name"),
    [
        ("НКО «Тихий интернет» 🕊️ (официально)", "НКО «Тихий интернет»"),
        ("Nemocnice Podhůří 🏥 oficiální účet", "Nemocnice Podhůří"),
        ("Сдружение „Чиста мрежа“ ✨ #заедно", "Сдружение „Чиста мрежа“"),
        ("🌾 Alder Bank", "Alder Bank"),
        ("Press office | Alder Bank", "Alder Bank"),
        ("Alder Bank – Press Office", "Alder Bank"),
        ("Health Service Executive (HSE)", "Health Service Executive (HSE)"),
        ("Harbour Clinic | caring since 1902", "Harbour Clinic"),
    ],
)
def test_author_name_is_what_an_editor_would_write(words: SmallWords, shown: str, name: str) -> None:
    assert clean_name(shown, words) == name


@pytest.mark.parametrize(("given", "code"), [("hr", "sr"), ("bs", "sr"), ("sh", "sr"), ("ms", "id"), ("nn-NO", "no")])
def test_language_is_that_of_the_file_it_is_read_with(given: str, code: str) -> None:
    post = Post(
        id=PostId("1"),
        source=SourceName("s"),
        url="",
        author=Author(platform="x", name=""),
        title="",
        text="",
        published_at=None,
        language=given,
    )
    assert language.of(post) == code
