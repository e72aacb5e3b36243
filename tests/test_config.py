"""Every wrong configuration is refused in words that name file, key, what was found and what is allowed."""

import logging
import shutil
import tomllib
from datetime import timedelta

import pytest

from harvester import config
from harvester.collect import kinds, open_source
from harvester.errors import ConfigError


@pytest.fixture
def folder(tmp_path):
    target = tmp_path / "config"
    target.mkdir()
    for name in ("harvester.toml", "sources.toml", "campaign.toml"):
        shutil.copyfile(config.shipped_folder() / name, target / name)
    return target


def test_the_shipped_configuration_is_valid_and_needs_no_key():
    read = config.load(config.shipped_folder(), {})
    enabled = {source.kind for source in read.sources if source.enabled}
    assert {"feed", "mastodon"} <= enabled <= set(kinds()) - {"x"}
    assert {"en", "fr", "es", "pt", "de"} <= set(read.lexicons)
    assert read.campaign.goal == 100


def test_defaults_in_the_code_and_in_the_shipped_file_are_the_same():
    shipped = tomllib.loads((config.shipped_folder() / "harvester.toml").read_text(encoding="utf-8"))
    assert config.Settings.model_validate(shipped) == config.Settings()


@pytest.mark.parametrize(
    ("file", "text", "words"),
    [
        ("harvester.toml", 'database_url = "x', "is not TOML"),
        ("harvester.toml", "[smtp]\nport = 99999", "smtp.port: found 99999; allowed: less than or equal to 65535"),
        (
            "harvester.toml",
            "[smtp]\nprot = 25",
            "smtp.prot: nobody knows this key; allowed here: host, password_secret",
        ),
        ("harvester.toml", "[smtp]\nsecurity = 'ssl'", "found 'ssl'; allowed: 'starttls', 'tls' or 'none'"),
        ("harvester.toml", "time_zone = 'Mars/Olympus'", "found 'Mars/Olympus'; allowed: a name from the IANA list"),
        ("harvester.toml", "time_zone = '../../etc/passwd'", "allowed: a name from the IANA list"),
        ("harvester.toml", "[digest]\nquiet_after = '1 fortnight'", "allowed: a number and a unit"),
        ("harvester.toml", "[digest]\nat = '25:00'", "digest.at: found '25:00'"),
        ("harvester.toml", "database_url = 'postgresql://u:geheim@h/d'", "HARVESTER_DATABASE_URL"),
        ("sources.toml", "[[source]]\nkind = 'feed'", "[[source]] number 1: name: is missing"),
        ("sources.toml", "[[source]]\nname = 'A b'\nkind = 'feed'", "found 'A b'"),
        ("sources.toml", "[[source]]\nname='a'\nkind='feed'\n[[source]]\nname='a'\nkind='x'", "a stands there twice"),
        ("sources.toml", "source = 3", "allowed: tables that begin with [[source]]"),
        ("campaign.toml", "name = 'x'", "goal: is missing"),
    ],
)
def test_a_wrong_file_is_refused_in_words(folder, file, text, words):
    (folder / file).write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError) as caught:
        config.load(folder, {})
    assert file in str(caught.value)
    assert words in str(caught.value)


def test_a_password_in_the_database_address_is_not_repeated(folder):
    (folder / "harvester.toml").write_text("database_url = 'postgresql://u:geheim@h/d'", encoding="utf-8")
    with pytest.raises(ConfigError) as caught:
        config.load(folder, {})
    assert "geheim" not in str(caught.value)


def test_a_campaign_that_ends_before_it_begins_is_refused(folder):
    text = (folder / "campaign.toml").read_text(encoding="utf-8")
    (folder / "campaign.toml").write_text(text.replace("end = 2027-10-29", "end = 2027-01-01"), encoding="utf-8")
    with pytest.raises(ConfigError, match="allowed: a day after start"):
        config.load(folder, {})


def test_a_missing_folder_or_file_says_how_to_make_one(tmp_path, folder):
    with pytest.raises(ConfigError, match="harvester init"):
        config.load(tmp_path / "nowhere", {})
    (folder / "sources.toml").unlink()
    with pytest.raises(ConfigError, match="harvester init"):
        config.load(folder, {})


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ({"kind": "telepathy"}, "kind: found 'telepathy'; allowed: feed"),
        ({"kind": "feed"}, "[a]: url: is missing"),
        (
            {"kind": "mastodon", "server": "https://m.example", "hashtags": ["a"], "hashtag": "a"},
            "nobody knows this key",
        ),
    ],
)
def test_a_source_with_wrong_options_names_itself_and_the_key(source, words, surroundings):
    with pytest.raises(ConfigError) as caught:
        open_source(config.Source(name="a", **source), surroundings)
    assert words in str(caught.value)


def test_durations_are_numbers_with_a_unit():
    source = config.Source(name="a", kind="feed", every="90m")
    assert source.every == timedelta(minutes=90)


def test_secrets_come_from_the_environment_or_a_file_and_are_never_shown(folder, tmp_path, caplog):
    file = tmp_path / "token"
    file.write_text("geheim-aus-datei\n", encoding="utf-8")
    environment = {
        "X_BEARER_TOKEN": "geheim-direkt",
        "M_TOKEN_FILE": str(file),
        "HARVESTER_DATABASE_URL": "postgresql://u:geheim-db@h/d",
    }
    caplog.set_level(logging.DEBUG)
    read = config.load(folder, environment)
    assert read.secret("X_BEARER_TOKEN").get_secret_value() == "geheim-direkt"
    assert read.secret("M_TOKEN").get_secret_value() == "geheim-aus-datei"
    assert read.secret("NOT_SET") is None
    assert "geheim" not in repr(read) + str(read) + caplog.text
    with pytest.raises(ConfigError, match="NO_FILE: /nowhere cannot be read"):
        config.read_secret({"NO_FILE": "/nowhere"}, "NO")


def test_a_relative_database_lies_beside_the_config_folder(folder):
    assert config.load(folder, {}).database.get_secret_value() == f"sqlite:///{folder.parent}/harvester.db"


def test_the_folder_is_the_one_given_then_the_environments_then_here_then_the_shipped(tmp_path, folder, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert config.find_folder("a", {"HARVESTER_CONFIG": "b"}) == tmp_path / "a"
    assert config.find_folder(None, {"HARVESTER_CONFIG": "b"}) == tmp_path / "b"
    assert config.find_folder(None, {}) == folder
    monkeypatch.chdir("/")
    assert config.find_folder(None, {}) == config.shipped_folder()


def test_a_language_in_the_own_folder_replaces_the_shipped_one(folder):
    (folder / "lexicon").mkdir()
    (folder / "lexicon" / "en.toml").write_text('language = "own"', encoding="utf-8")
    assert config.load_lexicons(folder)["en"] == {"language": "own"}
    assert config.load_lexicons(folder)["fr"] == config.load_lexicons(config.shipped_folder())["fr"]
