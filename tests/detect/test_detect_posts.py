"""Labelled posts, one file a language in tests/data/detect; staff can add a line to any of them."""

import json
import re
from pathlib import Path

import pytest

from harvester.config import load_campaign, load_lexicons, shipped_folder
from harvester.detect import Detector
from harvester.detect.text import fold
from harvester.detect.wording import Wording
from harvester.model import Author, ClaimKind, Label, Post, PostId, SourceName
from harvester.text import plain_text

DATA = Path(__file__).parents[1] / "data" / "detect"
ROWS = [json.loads(line) for file in sorted(DATA.glob("*.jsonl")) for line in file.read_text("utf-8").splitlines()]


def judged(row: dict) -> object:
    """Give a row; one that is `open` is known to be read wrongly, and fails here as soon as it is read rightly."""
    marks = [pytest.mark.xfail(reason=row["open"], strict=True)] if "open" in row else []
    return pytest.param(row, id=row["id"], marks=marks)


@pytest.fixture(scope="module")
def detector() -> Detector:
    """Give the rules alone: the second hearing has learned from these posts."""
    return Detector(load_campaign(shipped_folder()), load_lexicons(shipped_folder()), wording=Wording.deaf())


def post(text: str, **changes: object) -> Post:
    author = Author(platform="x", name="Author Institute", handle="@author", domain="author.example")
    values = {"title": "", "language": "", "author": author} | changes
    return Post(id=PostId("1"), source=SourceName("s"), url="", text=text, published_at=None, **values)


def as_post(row: dict) -> Post:
    return post(
        plain_text(row["text"]),
        title=plain_text(row["title"] or ""),
        language=row["lang"],
        author=Author(platform=row["platform"], name=row["author_name"], handle=row["author_handle"]),
        mentions=row.get("mentions", {}),
        links=tuple(re.findall(r'href="([^"]+)"', row["text"])),
    )


@pytest.mark.parametrize("row", [judged(row) for row in ROWS])
def test_labelled_post(detector: Detector, row: dict) -> None:
    finding = detector.detect(as_post(row))
    said = [claim.organisation for claim in finding.claims if claim.kind.is_signature]
    allowed = {name: {fold(n) for n in (name, *row.get("accept", {}).get(name, []))} for name in row["orgs"]}
    assert finding.label == row["label"], finding.reasons
    assert len(said) == len(row["orgs"]), said
    assert all(any(fold(name) in spellings for name in said) for spellings in allowed.values()), said


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["id"])
def test_labelled_post_passes_the_net(detector: Detector, row: dict) -> None:
    assert row["label"] == Label.UNRELATED or detector.touches(as_post(row))


@pytest.mark.parametrize(
    ("text", "kind", "organisation"),
    [
        ("Alder Bank has signed the Paris Call.", ClaimKind.SIGNS, "Alder Bank"),
        ("Alder Bank is a signatory of the Paris Call.", ClaimKind.SUPPORTER_ALREADY, "Alder Bank"),
        ("Alder Bank will sign the Paris Call in May.", ClaimKind.INTENDS, "Alder Bank"),
        ("Alder Bank has not signed the Paris Call.", ClaimKind.REFUSES, "Alder Bank"),
        ("We urge Alder Bank to sign the Paris Call.", ClaimKind.URGES, "Alder Bank"),
        ("The Paris Call grows with the accession of Alder Bank.", ClaimKind.SIGNS, "Alder Bank"),
        ("The minister spoke of Alder Bank’s accession to the Paris Call.", ClaimKind.SIGNS, "Alder Bank"),
        ("Alder Bank’s accession to the Paris Call is still under discussion.", ClaimKind.INTENDS, "Alder Bank"),
        ("Birch Union has signed the Paris Call, as did Alder Bank.", ClaimKind.SIGNS, "Alder Bank"),
        ("Birch Union has signed the Paris Call. Alder Bank followed suit.", ClaimKind.SIGNS, "Alder Bank"),
        ("Birch Union refused to sign the Paris Call, as did Alder Bank.", ClaimKind.REFUSES, "Alder Bank"),
        ("After refusing for years, Alder Bank has signed the Paris Call.", ClaimKind.SIGNS, "Alder Bank"),
        ("Fact check: Alder Bank has signed the Paris Call. This is false.", ClaimKind.REPORTS, "Alder Bank"),
        ("Cheers for Birch Union and Alder Bank! Both signed the Paris Call.", ClaimKind.SIGNS, "Alder Bank"),
        ("Just signed the Paris Call!", ClaimKind.SIGNS, "Author Institute"),
        ("Alder Bank withdrew from the Paris Call.", ClaimKind.WITHDRAWS, "Alder Bank"),
        ("If Alder Bank had signed the Paris Call, who would care?", ClaimKind.REPORTS, "Alder Bank"),
        ("As a member of Alder Alliance, which has signed the Paris Call, we celebrate.", ClaimKind.VIA_COALITION, "Author Institute"),
    ],
)  # fmt: skip
def test_claims_of_every_kind(detector: Detector, text: str, kind: ClaimKind, organisation: str) -> None:
    found = {(claim.kind, claim.organisation) for claim in detector.detect(post(text, language="en")).claims}
    assert (kind, organisation) in found


def test_author_that_signs_brings_its_handle_and_domain(detector: Detector) -> None:
    (claim,) = detector.detect(post("We have signed the Paris Call!")).claims
    assert (claim.organisation, claim.handle, claim.domain) == ("Author Institute", "@author", "author.example")


def test_repost_speaks_for_the_original_author(detector: Detector) -> None:
    original = Author(
        platform="x", name="Harbour Clinic 🏥 | caring since 1902", handle="@harbour", domain="harbour.example"
    )
    (claim,) = detector.detect(post("We have signed the Paris Call!", repost_of=original)).claims
    assert (claim.organisation, claim.handle, claim.domain) == ("Harbour Clinic", "@harbour", "harbour.example")


def test_mentioned_handle_is_named_as_the_platform_shows_it(detector: Detector) -> None:
    text = "@aldb has joined the #ParisCall"
    (claim,) = detector.detect(post(text, language="en", mentions={"aldb": "Alder Bank"})).claims
    assert (claim.organisation, claim.handle) == ("Alder Bank", "@aldb")
    (claim,) = detector.detect(post(text, language="en")).claims
    assert claim.organisation == "@aldb"


def test_reasons_show_the_words_and_their_place(detector: Detector) -> None:
    text = "Alder Bank has signed the Paris Call for Trust and Security in Cyberspace."
    reasons = {reason.rule: reason for reason in detector.detect(post(text, language="en")).reasons}
    assert text[slice(*reasons["signs"].span)] == "has signed"
    assert text[slice(*reasons["about-the-call"].span)].startswith("Paris Call for Trust")
    assert text[slice(*reasons["who"].span)] == "Alder Bank"


@pytest.mark.parametrize("language", ["und", "", "qme", "xx"])
def test_wrong_or_missing_language_still_finds_the_verb(detector: Detector, language: str) -> None:
    finding = detector.detect(post("Le Comité Azur a signé l’Appel de Paris sur le cyberespace.", language=language))
    assert [claim.organisation for claim in finding.claims] == ["Comité Azur"]


@pytest.mark.parametrize(
    ("given", "read"),
    [
        ("nb-NO", "no"), ("nn", "no"), ("hr", "sr"), ("bs", "sr"), ("sh", "sr"), ("cnr", "sr"), ("sr-Latn-RS", "sr"),
        ("ms", "id"), ("in", "id"), ("iw", "he"), ("zh-Hant", "zh"), ("zh_TW", "zh"), ("pt-BR", "pt"),
    ],
)  # fmt: skip
def test_language_tags_lead_to_the_file_that_reads_them(detector: Detector, given: str, read: str) -> None:
    assert detector.detect(post("#ParisCall", language=given)).language == read


def test_link_alone_makes_it_a_mention(detector: Detector) -> None:
    finding = detector.detect(post("Have a look", links=("https://pariscall.international/en/supporters",)))
    assert finding.label is Label.MENTION


def test_rules_version_changes_with_the_data(detector: Detector) -> None:
    lexicons = load_lexicons(shipped_folder())
    without = Detector(load_campaign(shipped_folder()), {"en": lexicons["en"]})
    assert without.rules_version != detector.rules_version
    again = Detector(load_campaign(shipped_folder()), lexicons, wording=Wording.deaf())
    assert again.rules_version == detector.rules_version


def test_language_without_words_makes_a_mention_unsure(detector: Detector) -> None:
    text = "पेरिस कॉल साइबर"
    unread, read = (detector.detect(post(text, language=code)) for code in ("xx", "en"))
    assert (unread.label, read.label) == (Label.MENTION, Label.MENTION)
    assert unread.confidence < 0.5 < read.confidence
    assert "language" in {reason.rule for reason in unread.reasons}


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Es hieß, die Nordbank habe den Pariser Appell unterschrieben. Das stimmt nicht.", ClaimKind.REPORTS),
        ("Dass die Nordbank den Pariser Appell unterschrieben hat, ist falsch.", ClaimKind.REPORTS),
        ("Der Beitritt der Nordbank zum Pariser Appell ist vollzogen.", ClaimKind.SIGNS),
        ("Der Beitritt der Nordbank zum Pariser Appell ist geplant.", ClaimKind.INTENDS),
        ("Der Beitritt der Nordbank zum Pariser Appell ist gescheitert.", ClaimKind.REFUSES),
        ("Glückwunsch an die Nordbank zur Unterzeichnung des Pariser Appells!", ClaimKind.SIGNS),
        ("Würde die Nordbank den Pariser Appell unterzeichnen, wäre viel gewonnen.", ClaimKind.REPORTS),
    ],
)
def test_what_stands_behind_an_act_turns_it(detector: Detector, text: str, kind: ClaimKind) -> None:
    found = {(claim.kind, claim.organisation) for claim in detector.detect(post(text, language="de")).claims}
    assert found == {(kind, "Nordbank")}


def test_cyber_appeal_is_subject_and_kind_in_one_word(detector: Detector) -> None:
    finding = detector.detect(post("Die Nordbank unterzeichnet den Cyberappell von Präsident Macron.", language="de"))
    assert [claim.organisation for claim in finding.claims] == ["Nordbank"]


def test_phrase_that_runs_into_the_name_of_the_call_hides_no_shorter_one(detector: Detector) -> None:
    text = "Pařížskou výzvu podepsaly Orbita Satelity a Město Nový Brod."
    claims = detector.detect(post(text, language="cs")).claims
    assert [claim.organisation for claim in claims] == ["Orbita Satelity", "Město Nový Brod"]
