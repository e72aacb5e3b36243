"""Other names come from files of four kinds; each goes to the one entry that it surely belongs to, or to none."""

import json
from pathlib import Path

import pytest

from harvester.errors import ConfigError
from harvester.jobs import aliases
from harvester.model import UNREGISTERED, Category, Mention, Organisation, Standing
from harvester.resolve import Register

DATA = Path(__file__).parents[1] / "data" / "aliases"


def entry(name, country="", category=None, **more):
    return Organisation(
        id=UNREGISTERED, name=name, standing=Standing.SUPPORTER, country=country, category=category, **more
    )


ENTRIES = [
    entry("Nairobi River University", "KE"),
    entry("Fujitsu", "JP", domains=("fujitsu.com",)),
    entry("River Institute", domains=("rivers.example.org",)),
    entry("Ministry of Health Zambia", "ZM", Category.PUBLIC_AUTHORITY),
    entry("Twin Rivers Union", "EG"),
    entry("Twin Rivers Union", "SD"),
]


@pytest.fixture
def stocked(office):
    with office.store.write() as shelves:
        for one in ENTRIES:
            shelves.organisations.add(one)
    return office


def learnt(office):
    with office.store.read() as shelves:
        return {f"{one.name} {one.country}".strip(): one.aliases for one in shelves.organisations.all() if one.aliases}


def test_ror(stocked):
    done = aliases.import_aliases(stocked, DATA / "ror.json")
    assert (done.read, done.matched, done.ambiguous) == (3, 2, ())
    assert learnt(stocked) == {
        "Nairobi River University KE": ("Chuo Kikuu cha Mto Nairobi", "جامعة نهر نيروبي", "NRU"),
        "Ministry of Health Zambia ZM": ("Zambian Health Bureau of Lusaka",),
    }


def test_wikidata(stocked):
    done = aliases.import_aliases(stocked, DATA / "wikidata.csv")
    assert (done.read, done.matched) == (3, 2)
    assert learnt(stocked) == {"Fujitsu JP": ("富士通", "فوجيتسو"), "River Institute": ("Institut der Flüsse",)}


def test_gleif(stocked):
    done = aliases.import_aliases(stocked, DATA / "gleif.csv")
    assert (done.read, done.matched) == (1, 1)
    assert learnt(stocked)["Fujitsu JP"][0] == "富士通株式会社"


def test_plain(stocked):
    done = aliases.import_aliases(stocked, DATA / "plain.csv")
    assert learnt(stocked)["River Institute"] == ("Rivers & Lakes Think-Tank", "माता नदी संस्थान")
    assert all("The Twins of Nile" not in names for names in learnt(stocked).values())
    assert done.added == sum(map(len, learnt(stocked).values()))


def test_what_was_learnt_decides_and_a_second_import_adds_nothing(stocked):
    first = aliases.import_aliases(stocked, DATA / "gleif.csv")
    with stocked.store.read() as shelves:
        register = Register(shelves.organisations.all(), stocked.configuration.organisation_words)
    found = register.match(Mention(name="富士通")).organisation
    assert found is not None
    assert found.name == "Fujitsu"
    assert first.added
    assert aliases.import_aliases(stocked, DATA / "gleif.csv").added == 0


def test_one_name_for_two_entries_goes_to_neither(stocked, tmp_path):
    file = tmp_path / "names.csv"
    file.write_text(
        "name,alias\nFujitsu,Nickname\nRiver Institute,Nickname\nFujitsu,River Institute\n", encoding="utf-8"
    )
    done = aliases.import_aliases(stocked, file)
    assert learnt(stocked) == {}
    assert done.ambiguous == ("Fujitsu", "River Institute")


@pytest.mark.parametrize(
    "alias", ["Ministry of Health", "Bank", "the", "", "🎉", "XY", "Fujitѕu", "a" * 10_000, "\x1b\x00"]
)
def test_what_tells_nobody_apart_is_no_alias(stocked, tmp_path, alias):
    file = tmp_path / "names.csv"
    file.write_text(f"name,alias\nFujitsu,{alias}\n", encoding="utf-8")
    aliases.import_aliases(stocked, file)
    assert learnt(stocked) == {}


def test_a_long_dump_is_read_in_pieces(tmp_path):
    record = json.loads((DATA / "ror.json").read_text(encoding="utf-8"))[0]
    file = tmp_path / "ror.json"
    file.write_text(json.dumps([record] * 3000, ensure_ascii=False, indent=1), encoding="utf-8")
    assert file.stat().st_size > 2 * aliases.CHUNK
    assert sum(1 for _ in aliases.bodies(file)) == 3000


@pytest.mark.parametrize(
    "content",
    [b"", b"a,b\n1,2\n", b"\xff\xfe\x00", b'[{"names": [', b"[1, 2", b"{}", b'name,alias\n"' + b"x" * 200_000],
    ids=range(7),
)  # fmt: skip
def test_a_file_of_another_kind_is_refused_and_changes_nothing(stocked, tmp_path, content):
    file = tmp_path / "names"
    file.write_bytes(content)
    with pytest.raises(ConfigError, match="names"):
        aliases.import_aliases(stocked, file)
    with pytest.raises(ConfigError, match="cannot be read"):
        aliases.import_aliases(stocked, tmp_path / "missing")
    assert learnt(stocked) == {}
