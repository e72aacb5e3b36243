"""Language files: what is wrong in one is told with its name and key, and a new language is one file."""

import re
from pathlib import Path

import pytest

from harvester.config import Terms, load_campaign, shipped_folder
from harvester.detect import Detector
from harvester.detect.lexicon import Grammar, Role, read_lexicons
from harvester.errors import ConfigError
from harvester.model import Author, Post, PostId, SourceName


@pytest.mark.parametrize(
    ("values", "told"),
    [
        ({"phrases": {}}, "lexicon/xx.toml: name: is missing"),
        ({"name": "X"}, "lexicon/xx.toml: phrases: is missing"),
        ({"name": "X", "phrases": {"sings": ["a"]}}, "nobody knows the key 'sings'; allowed here: signed"),
        ({"name": "X", "phrases": {"signed": "a"}}, "lexicon/xx.toml: phrases.signed: found 'a'"),
        ({"name": "X", "phrases": {"signed": ["a * b"]}}, "lexicon/xx.toml: phrases.signed: found 'a * b'"),
        ({"name": "X", "phrases": {"signed": ["... a"]}}, "lexicon/xx.toml: phrases.signed: found '... a'"),
        ({"name": "X", "phrases": {"signed": [""]}}, "lexicon/xx.toml: phrases.signed: found ''"),
        ({"name": "X", "phrases": {}, "grammar": {"artikles": []}}, "lexicon/xx.toml: grammar.artikles: nobody knows"),
        ({"name": "X", "phrases": {}, "color": 1}, "lexicon/xx.toml: color: nobody knows"),
    ],
)
def test_wrong_file_is_told_with_file_and_key(values: dict, told: str) -> None:
    with pytest.raises(ConfigError) as error:
        read_lexicons({"xx": values})
    assert told in str(error.value)


def test_wrong_term_of_the_campaign_is_told() -> None:
    campaign = load_campaign(shipped_folder())
    terms = Terms.model_validate(campaign.terms.model_dump() | {"topic_words": ["*"]})
    with pytest.raises(ConfigError, match=r"campaign.toml: terms.topic_words: found '\*'"):
        Detector(campaign.model_copy(update={"terms": terms}), {})


def test_a_language_that_is_not_shipped_needs_one_file() -> None:
    esperanto = {
        "name": "Esperanto",
        "phrases": {Role.SIGNED: ["subskribis"], Role.NOT: ["ne"], Role.SIGN: ["subskribi"], Role.URGES: ["petas"]},
        "grammar": {"and_words": ["kaj"], "common": ["la", "hieraŭ"]},
    }
    detector = Detector(load_campaign(shipped_folder()), {"eo": esperanto})

    def organisations(text: str) -> list[str]:
        post = Post(id=PostId("1"), source=SourceName("s"), url="", author=Author(platform="x"), title="",
                    text=text, published_at=None, language="eo")  # fmt: skip
        return [claim.organisation for claim in detector.detect(post).claims if claim.kind.is_signature]

    assert organisations("Hieraŭ Verda Domo kaj Nova Reto subskribis Paris Call.") == ["Verda Domo", "Nova Reto"]
    assert organisations("Verda Domo ne subskribis Paris Call.") == []
    assert organisations("Ni petas Verda Domo subskribi Paris Call.") == []


def test_every_key_is_explained_once_in_the_document() -> None:
    document = Path(__file__).parents[2] / "docs" / "languages.md"
    explained = re.findall(r"^- `(\w+)`: \S", document.read_text(encoding="utf-8"), re.MULTILINE)
    assert sorted(explained) == sorted([*Role, *Grammar.model_fields])
