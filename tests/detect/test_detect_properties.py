"""What must hold for any text at all."""

import itertools
import sys

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from harvester.config import load_campaign, load_lexicons, shipped_folder
from harvester.detect import Detector
from harvester.detect.phrases import Entry, Phrasebook
from harvester.detect.text import Folded, fold, sentences, tokens
from harvester.model import Author, Label, Post, PostId, SourceName

DETECTOR = Detector(load_campaign(shipped_folder()), load_lexicons(shipped_folder()))
PIECES = [
    "Paris Call", "PARIS\u00a0CALL", "#ParisCall", "#PariCall", "Appel de Paris", "نداء باريس", "巴黎倡议", "パリ・コール", "Paris", "call",
    "signed", "has not", "a signé", "unterzeichnet", "we", "Acme Ltd.", "“Open Net”", "and", ",", ".", "?", "\n", "cyber", "climate", "Macron",
    "pledge", "Christchurch Call", "@acme", "e.V.", "\ud800", "\x00", "\u200f", "İSTANBUL", "ﬁrma", "Straße", "ﷺ", "🇫🇷", "(", ")", "«", "»",
    "https://pariscall.international/x", "accord", "Ça", "ı", "پاریس", "पेरिस कॉल", "ПАРИЖСКИЙ ПРИЗЫВ", "\u0301", "ß", "ᾳ", "Ａ", "한국", "①",
    "وقّعت", "مؤسسة النهر", "ومؤسسة", "و", "لم", "签署了", "和平大学", "和", "、", "》", "《", "に署名した", "青葉大学は", "と", "가", "서명했다", "와", "ने", "हस्ताक्षर किए", "और",
    "มูลนิธิ", "ลงนาม", "และ", "ไม่", "חתמה", "חברת", "را امضا کرد", "کوه\u200cسار", "（", "）",
]  # fmt: skip
LISTED = sorted(
    {
        word
        for lexicon in load_lexicons(shipped_folder()).values()
        for words in lexicon["grammar"].values()
        if isinstance(words, list)
        for word in words
    }
)
TEXTS = st.one_of(
    st.lists(st.sampled_from([*PIECES, *LISTED]), max_size=25).map(" ".join),
    st.text(st.characters(), max_size=200), st.lists(st.sampled_from(PIECES), max_size=25).map(" ".join),
    st.lists(st.sampled_from(PIECES), max_size=25).map("".join),
)  # fmt: skip


def post(title: str, text: str, name: str = "", language: str = "") -> Post:
    author = Author(platform="x", name=name, handle=name)
    return Post(id=PostId("1"), source=SourceName("s"), url="", author=author, title=title, text=text,
                published_at=None, language=language)  # fmt: skip


@settings(deadline=None)  # the language model loads at the first text
@given(
    title=TEXTS,
    text=TEXTS,
    name=TEXTS,
    language=st.sampled_from(["", "en", "de", "xx", "🙂", "ar", "ja", "ko", "zh", "hi", "th"]),
)
@example(
    title="X is on the official list of supporters of the Paris Call", text="Category: the City", name="", language="en"
)
@example(title="", text="\ud800 signed #ParisCall \ud800", name="\ud800", language="")
def test_any_text_is_judged_with_spans_inside(title: str, text: str, name: str, language: str) -> None:
    judged = post(title, text, name, language)
    finding = DETECTOR.detect(judged)
    length = len(judged.full_text)
    spans = [claim.span for claim in finding.claims] + [reason.span for reason in finding.reasons if reason.span]
    assert all(0 <= start < end <= length for start, end in spans)
    assert all(0 <= claim.confidence <= 1 for claim in finding.claims)
    assert 0 <= finding.confidence <= 1
    announced = any(claim.kind.is_signature and claim.organisation for claim in finding.claims)
    assert (finding.label is Label.ANNOUNCEMENT) == announced


@settings(deadline=None)  # the language model loads at the first text
@given(title=TEXTS, text=TEXTS)
def test_the_net_never_drops_what_the_full_path_keeps(title: str, text: str) -> None:
    judged = post(title, text)
    if DETECTOR.detect(judged).label is not Label.UNRELATED:
        assert DETECTOR.touches(judged)
        assert DETECTOR.may_touch(judged.full_text)


@given(text=st.text(st.characters(), max_size=300))
def test_folding_twice_changes_nothing_more(text: str) -> None:
    assert fold(fold(text)) == fold(text)


def test_folding_every_character_twice_changes_nothing_more() -> None:
    strange = [hex(code) for code in range(0x110000) if fold(fold(chr(code))) != fold(chr(code))]
    assert strange == []


@given(text=TEXTS)
def test_folded_places_lead_back_into_the_text(text: str) -> None:
    folded = Folded.of(text)
    places = [folded.span(i, i + 1) for i in range(len(folded.text))]
    assert all(0 <= start < end <= len(text) for start, end in places)
    assert places == sorted(places)


@given(text=TEXTS)
def test_sentences_and_tokens_cover_the_text_once(text: str) -> None:
    spans = list(sentences(text, 0, ()))
    assert spans == sorted(spans)
    assert all(end <= start for (_, end), (start, _) in itertools.pairwise(spans))
    assert "".join("".join(t.text for t in tokens(text, *span)) for span in spans) == "".join(text.split())


@given(text=TEXTS)
def test_no_hit_lies_inside_another(text: str) -> None:
    book = Phrasebook([Entry("paris call", 1), Entry("call*", 2), Entry("*call", 3), Entry("paris ... signed", 4)])
    parts = [part for hit in book.find(Folded.of(text)) for part in hit.parts]
    assert not any(a != b and a[0] >= b[0] and a[1] <= b[1] for a in parts for b in parts)


@pytest.mark.parametrize(
    "piece",
    [
        "Paris Call ",
        "signed ",
        "A, ",
        "((((",
        "“",
        "Paris Call signed by A and ",
        "#",
        "@a ",
        "न",
        "a.b.",
        "大学和",
        "は",
        "와 ",
        "وقّعت و",
        "ลงนามและ",
    ],
)
@pytest.mark.timeout(10)
def test_a_huge_text_takes_no_more_than_its_length(piece: str) -> None:
    assert DETECTOR.detect(post("", "Paris Call " + piece * 4000)).label is not Label.UNRELATED


def test_a_row_of_the_official_list_is_its_authors_signature_whatever_the_name() -> None:
    for name in (
        "Chambre de Commerce et d'Industrie, Paris - Île-de-France",
        "Research and Education, School of X",
        "日本",
    ):
        author = Author(platform="official-list", name=name, handle="@x", domain="x.example", country="FR")
        row = Post(id=PostId("1"), source=SourceName("s"), url="", author=author, title=f"{name} is on the official list",
                   text="Officially joined the Paris Call.", published_at=None)  # fmt: skip
        (claim,) = DETECTOR.detect(row).claims
        assert (claim.organisation, claim.country, claim.domain, claim.confidence) == (name, "FR", "x.example", 1.0)


def test_long_texts_fold_as_each_character_alone() -> None:
    characters = [chr(code) for code in range(sys.maxunicode + 1)]
    assert fold("".join(characters)) == "".join(map(fold, characters))
