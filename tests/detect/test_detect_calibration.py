"""How sure a verdict is: fitted numbers, and what moves them."""

import pytest

from harvester.config import load_campaign, load_lexicons, shipped_folder
from harvester.detect import Detector
from harvester.detect.calibration import Calibration, Question
from harvester.model import Author, Finding, Label, Post, PostId, SourceName

CAMPAIGN, LEXICONS = load_campaign(shipped_folder()), load_lexicons(shipped_folder())
FLAT = {question: {"intercept": 0.0} for question in Question}


def find(text: str, calibration: Calibration | None = None) -> Finding:
    author = Author(platform="x", name="Author Institute", handle="@author")
    post = Post(
        id=PostId("1"), source=SourceName("s"), url="", author=author, title="", text=text, published_at=None, language="en"
    )  # fmt: skip
    return Detector(CAMPAIGN, LEXICONS, calibration).detect(post)


def test_a_probability_is_the_logistic_of_the_weights_of_what_is_seen() -> None:
    calibration = Calibration(FLAT | {Question.CLAIM: {"intercept": -1.0, "points": 0.5, "author": 2.0}})
    assert calibration.probability(Question.CLAIM, {"points": 2.0}) == 0.5
    assert calibration.probability(Question.CLAIM, {"points": 2.0, "author": 1.0, "unheard of": 1.0}) == 0.881
    assert calibration.probability(Question.MENTION, {"points": 9.0}) == 0.5


@pytest.mark.parametrize(
    ("text", "label", "question"),
    [
        ("Alder Bank has signed the Paris Call.", Label.ANNOUNCEMENT, Question.ANNOUNCEMENT),
        ("The Paris Call is about cyberspace.", Label.MENTION, Question.MENTION),
        ("The Paris Agreement is about climate.", Label.UNRELATED, Question.UNRELATED),
    ],
)
def test_each_label_is_as_sure_as_its_own_model_says(text: str, label: Label, question: Question) -> None:
    finding = find(text, Calibration(FLAT | {question: {"intercept": 3.0}}))
    assert (finding.label, finding.confidence) == (label, 0.953)
    assert all(claim.confidence == 0.5 for claim in finding.claims)


def test_the_shipped_numbers_doubt_what_deserves_doubt() -> None:
    sure = find("Alder Bank has signed the Paris Call.")
    torn = find("Alder Bank has signed the Paris Call. Alder Bank has not signed the Paris Call, said its rival.")
    unnamed = find("My sister has signed the Paris Call.")
    refused = find("Alder Bank has not signed the Paris Call.")
    assert sure.label is Label.ANNOUNCEMENT
    assert torn.confidence < sure.confidence
    assert unnamed.label is refused.label is Label.MENTION
    assert unnamed.confidence < refused.confidence


def test_other_numbers_make_other_rules() -> None:
    shipped = Detector(CAMPAIGN, LEXICONS).rules_version
    assert Detector(CAMPAIGN, LEXICONS, Calibration(FLAT)).rules_version != shipped
