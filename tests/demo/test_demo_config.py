"""The demonstration's configuration is a whole one: it loads, its campaign runs, its sources are the server's."""

from __future__ import annotations

from datetime import date

import pytest

from harvester.config import Configuration, load, load_campaign, shipped_folder
from harvester.demo import TOKEN, TOKEN_VARIABLE, write_config
from harvester.errors import ConfigError

TODAY = date(2026, 11, 23)
URL = "http://127.0.0.1:4567"


@pytest.fixture
def configuration(tmp_path) -> Configuration:
    write_config(tmp_path / "config", URL, TODAY)
    return load(tmp_path / "config", {TOKEN_VARIABLE: TOKEN})


def test_the_campaign_runs_today_and_is_the_shipped_one_in_all_else(configuration):
    campaign, shipped = configuration.campaign, load_campaign(shipped_folder())
    assert campaign.end
    assert campaign.start < TODAY < campaign.end
    assert campaign.model_copy(update={"start": shipped.start, "end": shipped.end}) == shipped


def test_every_kind_of_source_points_at_the_server(configuration):
    assert {source.kind for source in configuration.sources} == {"feed", "mastodon", "x", "supporters"}
    for source in configuration.sources:
        assert source.allow_private
        assert any(str(value).startswith(URL) for value in source.options.values()), source.name


def test_the_database_lies_beside_the_configuration_and_the_letter_has_readers(configuration):
    file = configuration.database.get_secret_value().removeprefix("sqlite:///")
    assert file == str(configuration.folder.parent / "harvester.db")
    assert len(configuration.settings.digest.recipients) >= 2
    token = configuration.secret(TOKEN_VARIABLE)
    assert token
    assert token.get_secret_value() == TOKEN


def test_a_configuration_that_is_there_is_not_written_over(tmp_path):
    write_config(tmp_path, URL, TODAY)
    with pytest.raises(ConfigError, match="already"):
        write_config(tmp_path, URL, TODAY)
