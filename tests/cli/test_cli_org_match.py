"""`harvester org match`, `explain` and `duplicates`: answers for programs, line by line, and for people."""

import csv
import json
import subprocess
import sys
from io import BytesIO

import pytest
from typer.testing import CliRunner

from harvester import cli
from harvester.cli.org_match import Desk, converse
from harvester.config import load_organisation_words, shipped_folder
from harvester.resolve import Register

WORDS = load_organisation_words(shipped_folder())
ENTRIES = [
    {"name": "National Democratic Institute (NDI)", "category": "civil-society", "country": "US", "aliases": ["Institut national démocrate"], "handle": "@NDI"},
    {"name": "富士通株式会社", "category": "private-sector", "country": "JP", "aliases": ["Fujitsu"], "domain": "fujitsu.com"},
    {"name": "Orange", "category": None, "country": None, "aliases": None},
]  # fmt: skip


def talk(*lines):
    def database():
        raise AssertionError("the database is not asked when a line brings a register")

    raw = [line if isinstance(line, bytes) else json.dumps(line).encode() for line in lines]
    out = BytesIO()
    well = converse(Desk(lambda entries: Register(entries, WORDS), database), raw, out)
    return well, [json.loads(line) for line in out.getvalue().splitlines()]


def query(**fields):
    return {"op": "match", "query": fields}


REGISTRY = {"op": "registry", "entries": ENTRIES}


def test_each_query_has_its_answer_in_order():
    well, answers = talk(REGISTRY, query(text_name="fujitsu"), query(text_name="Orange Bank", country=None), query(text_name="Nairobi Hospice"), query(handle="ndi"))  # fmt: skip
    assert well
    assert [(a["name"], a["decision"]) for a in answers] == [
        ("富士通株式会社", "same"),
        ("Orange", "possible"),
        (None, "new"),
        ("National Democratic Institute (NDI)", "same"),
    ]
    assert all(set(a) == {"name", "score", "decision", "candidates", "reasons"} for a in answers)
    assert answers[1]["candidates"] == [["Orange", answers[1]["score"]]]
    assert answers[1]["reasons"] == [{"rule": "name", "detail": 'only the mention has "bank": Orange'}]


def test_a_second_register_replaces_the_first():
    _, (before, after) = talk(REGISTRY, query(text_name="Orange"), {"op": "registry", "entries": []}, query(text_name="Orange"))  # fmt: skip
    assert (before["decision"], after["decision"]) == ("same", "new")


BAD = [
    b"{",
    b"[]",
    b"\xff",
    b"[" * 100_000,
    {"op": "guess"},
    {"op": "match"},
    {"op": "match", "query": {}},
    query(text_name=5),
    query(text_name="a", domain=["b"]),
    {"op": "registry", "entries": {}},
    {"op": "registry", "entries": [{"name": ""}]},
    {"op": "registry", "entries": [{"name": "a", "aliases": "b"}]},
    {"op": "registry", "entries": [{"name": "a", "aliases": [1]}]},
]


@pytest.mark.parametrize("line", BAD, ids=range(len(BAD)))
def test_a_bad_line_is_answered_in_its_place_and_the_register_stays(line, capsys):
    well, (error, answer) = talk(REGISTRY, line, b"  ", query(text_name="Orange"))
    assert not well
    assert error["error"]
    assert answer["decision"] == "same"
    assert "line 2:" in capsys.readouterr().err


@pytest.mark.parametrize("name", ["", "\ud800\x00\x1b[2J", "a" * 10_000, "🎉", "\u202eشركة 富士 Банк"])
def test_hostile_names_have_an_answer(name):
    well, (answer,) = talk(REGISTRY, query(text_name=name, country=name, domain=name, handle=name))
    assert well
    assert answer["decision"] in {"new", "possible"}


def test_a_program_that_waits_for_each_answer_gets_it(tmp_path, quick_start):
    command = [sys.executable, "-m", "harvester", "--config", str(shipped_folder()), "org", "match", "-"]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=tmp_path, env=quick_start
    ) as peer:
        peer.stdin.write(json.dumps(REGISTRY).encode() + b"\n")
        for name in ("Orange", "Fujitsu", "{"):
            line = query(text_name=name) if name != "{" else None
            peer.stdin.write((json.dumps(line) if line else "{").encode() + b"\n")
            peer.stdin.flush()
            assert json.loads(peer.stdout.readline())
        peer.stdin.close()
        assert peer.wait(30) == 1
    assert not list(tmp_path.iterdir())


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    folder = tmp_path_factory.mktemp("home")
    assert CliRunner().invoke(cli.app, ["init", str(folder)]).exit_code == 0
    return folder


def run(home, *words, **more):
    done = CliRunner().invoke(cli.app, ["--config", str(home / "config"), *words], **more)
    assert done.exit_code == 0, done.output
    return done.output


def test_without_a_register_the_database_is_asked(home):
    (answer,) = run(home, "org", "match", "-", input=json.dumps(query(text_name="Accenture plc"))).splitlines()
    assert json.loads(answer)["name"] == "Accenture"


def test_an_explanation_for_a_person_and_for_a_program(home):
    shown = run(home, "org", "explain", "Orange \x1bBank", "--country", "FR")
    assert shown.startswith("possible: a person decides")
    assert "\x1b" not in shown
    assert 'hint: only the mention has "bank": Orange [name]' in shown
    told = json.loads(run(home, "org", "explain", "Microsoft France", "--handle", "@x", "--json"))
    assert told["read"]["handles"] == ["x"]
    assert told["read"]["forms"][0]["words"] == "microsoft france"
    assert told["outcome"] != "same"
    assert told["candidates"][0]["name"] == "Microsoft"
    assert told["candidates"][0]["vetoes"]


def test_an_explanation_of_what_is_sure_and_of_what_is_unknown(home):
    assert "sure: " in run(home, "org", "explain", "Microsoft")
    assert run(home, "org", "explain", "Zzyzx Quorvex").startswith("new: no entry of the register")


def test_duplicates_of_the_official_list(home):
    found = json.loads(run(home, "org", "duplicates", "--json"))
    assert {"EGERIE", "EGERIE Software"} in [{pair["one"]["name"], pair["other"]["name"]} for pair in found]
    shown = run(home, "org", "duplicates")
    assert "National Democratic Institute (no. " in shown
    assert shown.rstrip().endswith(f"{len(found)} pairs")


def test_other_names_from_a_file_are_known_at_once(home, tmp_path):
    file = tmp_path / "names.csv"
    file.write_text("name,alias\nAccenture,Quorvex Consulting\n", encoding="utf-8")
    assert "1 of them in the register; added 1 other names." in run(home, "org", "import", "--aliases", str(file))
    assert run(home, "org", "explain", "Quorvex Consulting").startswith("same: Accenture")
    assert json.loads(run(home, "org", "import", "--aliases", str(file), "--json"))["added"] == 0


def test_every_run_gives_the_same_answers(tmp_path, quick_start):
    """Sets of texts have another order in each process; no answer may depend on it."""
    with (shipped_folder() / "supporters.csv").open(encoding="utf-8", newline="") as file:
        entries = [{"name": row["name"], "country": row["country"]} for row in csv.DictReader(file)]
    asked = [query(text_name=f"{one['name']} Institute") for one in entries[::50]]
    lines = "\n".join(map(json.dumps, [{"op": "registry", "entries": entries}, *asked])).encode()
    command = [sys.executable, "-m", "harvester", "--config", str(shipped_folder()), "org", "match", "-"]
    first, second = (
        subprocess.run(command, input=lines, capture_output=True, cwd=tmp_path, env=quick_start | {"PYTHONHASHSEED": seed}, check=True)
        for seed in ("1", "2")
    )  # fmt: skip
    assert first.stdout == second.stdout
    assert first.stdout.count(b"\n") == len(asked)
