"""What the words alone tell, where the rules find no signature."""

import json
from pathlib import Path

import pytest

from harvester.config import load_campaign, load_lexicons, shipped_folder
from harvester.detect import Detector
from harvester.detect.calibration import Calibration, Question
from harvester.detect.wording import INTERCEPT, Wording, runs
from harvester.model import Author, Finding, Label, Post, PostId, SourceName

CAMPAIGN, LEXICONS = load_campaign(shipped_folder()), load_lexicons(shipped_folder())
WEIGHTS = {INTERCEPT: -1.0, "spotted": 4.0, "spotted <name>": 4.0, "gloves": -9.0}
DATA = Path(__file__).parents[1] / "data" / "detect"
RULES = Detector(CAMPAIGN, LEXICONS, wording=Wording.deaf())
WHOLE = Detector(CAMPAIGN, LEXICONS)


def post(text: str, author: str = "Ana") -> Post:
    return Post(id=PostId("1"), source=SourceName("s"), url="", author=Author(platform="x", name=author, handle="@a"),
                title="", text=text, published_at=None, language="en")  # fmt: skip


def hear(text: str, author: str = "Ana") -> Finding:
    heard = {"intercept": 0.0, "wording": 1.0}
    models = Calibration.shipped().models | {Question.HEARD: heard}
    return Detector(CAMPAIGN, LEXICONS, Calibration(models), Wording(WEIGHTS)).detect(post(text, author))


def test_runs_put_names_the_call_and_numbers_as_one_word_each() -> None:
    reading = WHOLE.read(post("Alder Bank, 1204 miles from the Paris Call.", "Cedar Clinic"))
    assert reading is not None
    text = [run.text for run in runs(reading) if " " not in run.text]
    assert text == ["<organisation>", "<name>", ",", "<number>", "miles", "from", "the", "<call>", ".", "<end>"]


def test_log_odds_do_not_grow_with_length() -> None:
    reading = WHOLE.read(post("Paris Call: spotted spotted gloves"))
    assert reading is not None
    assert Wording({INTERCEPT: -1.0, "spotted": 4.0, "gloves": -6.0}).log_odds(runs(reading)) == pytest.approx(
        -1.0 + (4.0 - 6.0) / 2**0.5
    )


def test_words_make_an_announcement_of_what_the_rules_take_for_a_mention() -> None:
    text = "Spotted Alder Bank on the wall of the Paris Call."
    assert RULES.detect(post(text)).label is Label.MENTION
    finding = hear(text)
    (claim,) = finding.claims
    assert (finding.label, claim.organisation) == (Label.ANNOUNCEMENT, "Alder Bank")
    assert claim.confidence <= finding.confidence
    told = {(reason.rule, text[slice(*reason.span)]) for reason in finding.reasons if reason.span}
    assert {("wording", "Spotted"), ("guess", "Alder Bank")} <= told


def test_words_that_speak_against_it_leave_a_mention() -> None:
    assert hear("Spotted Alder Bank with gloves on the wall of the Paris Call.").label is Label.MENTION


@pytest.mark.parametrize(
    "text",
    [
        "Alder Bank refuses to sign the Paris Call.",
        "Alder Bank will not sign the Paris Call this year.",
        "Should Alder Bank sign the Paris Call?",
        "Alder Bank will vote on the Paris Call in May.",
        "Fact check: Alder Bank has signed the Paris Call. This is false.",
        "What is the Paris Call? Alder Bank explains.",
        "The Paris Call was launched in 2018.",
    ],
)
def test_what_was_not_done_stays_a_mention(text: str) -> None:
    assert WHOLE.detect(post(text)).label is Label.MENTION


def test_what_the_rules_find_is_never_changed() -> None:
    rows = [json.loads(line) for line in (DATA / "en.jsonl").read_text("utf-8").splitlines()]
    for row in rows[::3]:
        by_rules, whole = (one.detect(post(row["text"], row["author_name"])) for one in (RULES, WHOLE))
        if by_rules.label is not Label.MENTION:
            assert (whole.label, whole.claims, whole.confidence) == (
                by_rules.label, by_rules.claims, by_rules.confidence,
            )  # fmt: skip
