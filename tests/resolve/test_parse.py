from __future__ import annotations

import pytest

from harvester.config import load_organisation_words, shipped_folder
from harvester.resolve.contacts import Host, handle_key, host_of
from harvester.resolve.parse import forms_of
from harvester.resolve.words import Vocabulary

VOCABULARY = Vocabulary(load_organisation_words(shipped_folder()))


@pytest.mark.parametrize(
    ("name", "forms"),
    [
        ("Internet Society (ISOC)", {"internetsociety": "", "isoc": "acronym"}),
        ("EDP - Energias de Portugal", {"energiasportugal": "", "edp": "acronym"}),
        ("KT (Korea Telecom)", {"kt": "", "koreatelecom": "other name"}),
        ("Meta (formerly known as Facebook)", {"meta": "", "facebook": "former name"}),
        ("Inetum, ex-Gfi Informatique", {"inetum": "", "gfiinformatique": "former name"}),
        ("Centre for Digital Trust of a School (EPFL)", {"centredigitaltrustschool": "", "epfl": "stated acronym"}),
        ("Ministry of Finance, Ghana", {"ministryfinanceghana": ""}),
        ("National Cyber Centre (Zambia)", {"nationalcybercentrezambia": ""}),
        ("GEODE (Université Paris 8)", {"geode": "", "universiteparis8": "stated acronym"}),
        ("富士通株式会社", {"富士通株式会社": ""}),
        ("ООО «Ромашка»", {"ромашка": ""}),
        ("Foley Hoag, LLP", {"foleyhoag": ""}),
        ("Best Business Travel SRL", {"bestbusinesstravel": ""}),
        ("Plan A", {"plana": ""}),
        ("ON Semiconductor", {"onsemiconductor": ""}),
        ("(((", {}),
        ("🎉", {}),
    ],
)
def test_forms(name: str, forms: dict[str, str]) -> None:
    found = forms_of(name, VOCABULARY)
    assert [form.key for form in found] == list(forms)
    assert all(form.kind == forms[form.key] for form in found[1:])


@pytest.mark.parametrize(
    ("address", "host"),
    [
        ("https://www.Example.org/about?x=1", Host("example.org", "example.org")),
        ("https://https:www.mod.org.zm", Host("mod.org.zm", "mod.org.zm")),
        ("news.bbc.co.uk", Host("news.bbc.co.uk", "bbc.co.uk")),
        ("http://[::1", None),
        ("localhost", None),
        ("co.uk", None),
        ("", None),
        ("\ud800.org", None),
    ],
)
def test_hosts(address: str, host: Host | None) -> None:
    assert host_of(address) == host


@pytest.mark.parametrize(
    ("handle", "key"),
    [("@NDI", "ndi"), ("NDI", "ndi"), ("@User@Mastodon.example", "user@mastodon.example"), ("@", ""), ("a b", "")],
)
def test_handles(handle: str, key: str) -> None:
    assert handle_key(handle) == key
