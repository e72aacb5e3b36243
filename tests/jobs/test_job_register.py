import csv
from pathlib import Path

import pytest

from harvester.config import shipped_folder
from harvester.errors import ConfigError
from harvester.jobs import register
from harvester.model import Category, Standing

SHARED = Path(__file__).parents[3] / "shared" / "data" / "supporters.csv"


def test_the_official_list_is_whole_after_the_first_start(office):
    done = register.first_start(office, shipped_folder() / "supporters.csv")
    assert (done.read, done.added, done.skipped) == (1222, 1222, ())
    assert register.first_start(office, shipped_folder() / "supporters.csv") is None
    with office.store.read() as shelves:
        known = shelves.organisations.all(Standing.SUPPORTER)
    assert len(known) == 1222
    assert sum(one.category is None for one in known) == 5
    assert sum(one.signed_on is not None for one in known) == 138
    assert {"Allemagne", "Microsoft"} <= {one.name for one in known}
    assert all("/" not in one and "@" not in one for org in known for one in (*org.handles, *org.domains))


@pytest.mark.skipif(not SHARED.is_file(), reason="the shared facts are not here")
def test_the_shipped_list_is_the_one_we_were_given():
    assert (shipped_folder() / "supporters.csv").read_bytes() == SHARED.read_bytes()


def test_a_second_import_adds_only_what_is_new_and_deletes_nothing(office, tmp_path):
    file = tmp_path / "list.csv"
    header = ["name", "category", "country", "nature", "website", "twitter", "date_signed"]
    rows = [
        [
            "Clinique de l’Espoir",
            "civil-society",
            "sn",
            "",
            "www.espoir.example/fr",
            "https://twitter.com/Espoir_SN",
            "",
        ],
        ["开放网络协会", "unheard-of", "CHN", "", "https://开放.example", "@open", "2027-13-45"],
        ["", "state", "FR", "", "", "", ""],
    ]
    with file.open("w", encoding="utf-8-sig", newline="") as target:
        csv.writer(target).writerows([header, *rows])
    done = register.import_list(office, file)
    assert (done.added, done.skipped) == (2, (4,))
    assert register.import_list(office, file).added == 0
    with office.store.read() as shelves:
        first, second = sorted(shelves.organisations.all(), key=lambda one: one.id)
    assert (first.country, first.category, first.domains) == ("SN", Category.CIVIL_SOCIETY, ("espoir.example",))
    assert first.handles == ("Espoir_SN",)
    assert (second.country, second.category, second.signed_on) == ("", None, None)


@pytest.mark.parametrize("content", [b"", b"a,b\n1,2\n", b"\xff\xfe\x00name"])
def test_a_file_that_is_no_list_is_refused_and_changes_nothing(office, tmp_path, content):
    file = tmp_path / "list.csv"
    file.write_bytes(content)
    with pytest.raises(ConfigError, match=r"list\.csv"):
        register.import_list(office, file)
    with pytest.raises(ConfigError, match="cannot be read"):
        register.import_list(office, tmp_path / "missing.csv")
    with office.store.read() as shelves:
        assert shelves.organisations.all() == []
