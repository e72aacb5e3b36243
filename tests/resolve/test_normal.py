from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harvester.resolve import normal

HAN = {ord("國"): "国"}


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Société GÉNÉRALE", "societe generale"),
        ("Straße", "strasse"),
        ("ΕΛΛΗΝΙΚΉ", "ελληνικη"),
        ("Йод", "иод"),
        ("国國", "国国"),
        ("ﬁnance", "finance"),
        ("الأُمَم المتّحدة", "الامم المتحده"),
        ("हिन्दी", "हिन्दी"),
        ("カタカナ ガ", "カタカナ ガ"),
        ("서울", "서울"),
        ("Micro\u200bsoft", "microsoft"),
        ("\u202eabc", "abc"),
    ],
)
def test_folding(text: str, folded: str) -> None:
    assert normal.fold(text, HAN) == folded


@given(st.text())
def test_folding_twice_changes_nothing(text: str) -> None:
    once = normal.fold(text, HAN)
    assert normal.fold(once, HAN) == once


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("acme s.r.o.", ["acme", "sro"]),
        ("acme e. v.", ["acme", "ev"]),
        ("novo a/s", ["novo", "as"]),
        ("b. braun", ["b", "braun"]),
        ("people's bank", ["peoples", "bank"]),
        ("l'eau", ["l", "eau"]),
        ("at&t", ["at", "t"]),
        ("हिन्दी संस्थान", ["हिन्दी", "संस्थान"]),
        ("🎉", []),
    ],
)
def test_tokens(text: str, words: list[str]) -> None:
    assert normal.tokens(text) == words


@pytest.mark.parametrize("name", ["Microsоft", "ΑΒΒ", "ɑpple", "Bank СОС"])
def test_letters_in_disguise(name: str) -> None:
    assert normal.is_disguised(name)


@pytest.mark.parametrize("name", ["Microsoft", "Газпром", "LG전자", "Société", "Ελληνικά", "北京大学", "شركة", "Łódź"])
def test_honest_letters(name: str) -> None:
    assert not normal.is_disguised(name)


@pytest.mark.parametrize(
    ("one", "other", "alike"),
    [("micr0soft", "microsoft", True), ("rnicrosoft", "microsoft", True), ("guatamala", "guatemala", False)],
)
def test_look_alikes(one: str, other: str, alike: bool) -> None:
    assert normal.looks_alike(one, other) is alike
