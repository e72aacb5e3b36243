import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harvester.text import clean, plain_text


@pytest.mark.parametrize(
    ("html", "seen"),
    [
        ("<p>We signed the <span>Paris Call</span></p>", "We signed the Paris Call"),
        ("<p>one</p><p>two<br>three</p>", "one\ntwo\nthree"),
        ('<a href="https://x.example/t">#<span>ParisCall</span></a>!', "#ParisCall!"),
        (
            '<span class="invisible">https://</span><span>pariscall.international</span>',
            "https://pariscall.international",
        ),
        ("<script>alert('Paris Call')</script>after", "after"),
        ("Smith &amp; Sons &lt;3", "Smith & Sons <3"),
        ("5 < 6 and 7 > 3", "5 < 6 and 7 > 3"),
        ("<!-- no --><b>yes</b>", "yes"),
        ("<p>وقّعنا على نداء باريس</p>", "وقّعنا على نداء باريس"),
        ("plain\x00\x1b[31m text\ud800", "plain [31m text"),
        ("", ""),
    ],
)
def test_a_reader_sees(html, seen):
    assert plain_text(html) == seen


def test_deep_nesting_does_not_exhaust_the_stack():
    assert plain_text("<div>" * 50_000 + "deep &amp; safe") == "deep & safe"
    assert plain_text("<div>" * 4_000 + "deep &amp; safe") == "deep & safe"


@pytest.mark.parametrize("character", ["\u3000", " ", "\n", "\t", "<", "&", "<a ", "\u0301"])
def test_a_long_run_of_anything_is_read_in_no_time(character):
    """40,000 ideographic spaces once took 9.5 s; the limit is far above what a slow machine needs."""
    start = time.process_time()
    plain_text("<p>x" + character * 100_000 + "y")
    assert time.process_time() - start < 5


@given(st.text(alphabet=st.characters(exclude_categories=())))
def test_any_text_is_taken_and_cleaning_twice_changes_nothing(text):
    once = clean(text)
    assert clean(once) == once
    assert "\x00" not in plain_text(text)
    plain_text("<p>" + text).encode("utf-8")
