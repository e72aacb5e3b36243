"""`harvester detect`: lines in, lines out, in the same order, whatever the lines are."""

import io
import json

import pytest

from harvester.cli import show
from harvester.cli.detect import show_finding
from harvester.cli.stream import Row, as_post, judge
from harvester.config import load_campaign, load_lexicons, shipped_folder
from harvester.detect import Detector
from harvester.text import plain_text


@pytest.fixture(scope="module")
def detector() -> Detector:
    return Detector(load_campaign(shipped_folder()), load_lexicons(shipped_folder()))


def run(detector: Detector, *lines: object) -> tuple[bool, list[dict]]:
    raw = b"\n".join(line if isinstance(line, bytes) else json.dumps(line).encode() for line in lines)
    out = io.BytesIO()
    well = judge(detector, io.BytesIO(raw), out)
    return well, [json.loads(line) for line in out.getvalue().splitlines()]


def test_answers_come_in_the_order_of_the_lines(detector: Detector) -> None:
    texts = ["Nothing here", "Alder Bank has signed the Paris Call.", "Should we sign the Paris Call?"]
    well, answers = run(detector, *({"id": n, "text": text, "lang": "en"} for n, text in enumerate(texts)))
    assert well
    assert [(a["id"], a["label"]) for a in answers] == [(0, "unrelated"), (1, "announcement"), (2, "mention")]
    assert answers[1]["organisations"] == [{"name": "Alder Bank", "claim": "signs", "span": [0, 10]}]
    assert all(set(a) == {"id", "label", "confidence", "organisations", "language", "reasons"} for a in answers)
    assert all(set(reason) == {"rule", "detail"} for a in answers for reason in a["reasons"])


def test_spans_point_into_title_and_text_as_a_reader_sees_them(detector: Detector) -> None:
    title, text = "News &amp; views", "<p>The <b>Alder</b> Bank has signed the <i>Paris&nbsp;Call</i>.</p>"
    _, (answer,) = run(detector, {"id": "a", "title": title, "text": text})
    start, end = answer["organisations"][0]["span"]
    assert f"{plain_text(title)}\n\n{plain_text(text)}"[start:end] == "Alder Bank"


@pytest.mark.parametrize(
    "text",
    ["<p>P<b>aris</b> Call</p>", "&#80;aris Call", "<a href='https://pariscall.international/en'>here</a>", "Par\u00adis Call"],
)  # fmt: skip
def test_net_sees_through_html(detector: Detector, text: str) -> None:
    _, (answer,) = run(detector, {"text": text})
    assert answer["label"] == "mention"


def test_bad_lines_keep_their_place(detector: Detector, capsys: pytest.CaptureFixture[str]) -> None:
    bad = [b"{", b"[]", b'{"id": 1}', b'{"text": 5}', b'{"text": "a", "title": []}', b'"\xff"', b"[" * 100_000]
    well, answers = run(detector, {"id": "first", "text": "a"}, *bad, {"id": "last", "text": None, "title": None})
    assert not well
    assert [answer["id"] for answer in answers] == ["first", *[None] * len(bad), "last"]
    assert all(answer["error"] for answer in answers[1:-1])
    assert "line 2:" in capsys.readouterr().err


def test_hostile_text_comes_out_as_json(detector: Detector) -> None:
    text = "We have signed the Paris Call! \ud800\x00\x1b]52;c;x\x07 \u202e نداء باريس 🎉"
    well, (answer,) = run(detector, {"id": "\ud800", "author_name": "Ünïon \ud800\x1b", "text": text})
    assert well
    assert answer["id"] == "\ud800"
    assert answer["label"] == "announcement"


def test_language_of_the_line_is_kept(detector: Detector) -> None:
    _, answers = run(detector, {"text": "hi", "lang": "sw"}, {"text": "Paris Call, the cyber thing", "lang": "sw"})
    assert [answer["language"] for answer in answers] == ["sw", "sw"]


def test_many_lines_are_written_as_they_fill_the_buffer(detector: Detector) -> None:
    lines = [{"id": n, "text": "x"} for n in range(2000)]
    _, answers = run(detector, *lines)
    assert [answer["id"] for answer in answers] == list(range(2000))


def test_line_may_begin_with_a_byte_order_mark(detector: Detector) -> None:
    out = io.BytesIO()
    assert judge(detector, io.BytesIO(b'\xef\xbb\xbf{"text": "hi"}\n'), out)
    assert json.loads(out.getvalue())["label"] == "unrelated"


@pytest.mark.parametrize(
    "text", ["PARIS\x1fCALL signed", "Ｐａｒｉｓ Call", "#PARISCALL", "pa\u00adris call", "P&#97;ris Call"]
)
def test_net_folds_what_ascii_lacks(detector: Detector, text: str) -> None:
    _, (answer,) = run(detector, {"text": text})
    assert answer["label"] == "mention"


def test_explain_shows_post_verdict_and_reasons_without_markup_of_the_text(
    detector: Detector, capsys: pytest.CaptureFixture[str]
) -> None:
    post = as_post(Row(text="[red]Alder Bank[/red] has signed the Paris Call.\x1b[2J", lang="en"))
    show.console.cache_clear()
    show_finding(post, detector.detect(post))
    show.console.cache_clear()
    shown = capsys.readouterr().out
    assert "[red]Alder Bank[/red] has signed" in shown
    assert "\x1b" not in shown
    assert "announcement, confidence 0.9" in shown
    assert "Alder Bank  0.8" in shown
    assert "“has signed” says that it is done" in " ".join(shown.split())
