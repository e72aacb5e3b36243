"""Read `config/*.toml` and the environment into Settings, Campaign, sources and lexicons.

Secrets never stand in a TOML file: a key that ends in `_secret` names an environment variable, and the value is that
variable's, or the content of the file that `<VARIABLE>_FILE` names. They travel as `SecretStr`, whose repr is stars.
"""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationError
from pydantic_core import ErrorDetails

from harvester.config.tables import (
    ENVIRONMENT_DATABASE,
    Campaign,
    Duration,
    OrganisationWords,
    Segment,
    Settings,
    SmtpSettings,
    Source,
    Terms,
    TranslationWords,
)
from harvester.errors import ConfigError

__all__ = [
    "Campaign",
    "Configuration",
    "Duration",
    "OrganisationWords",
    "Segment",
    "Settings",
    "SmtpSettings",
    "Source",
    "Terms",
    "TranslationWords",
    "check_options",
    "find_folder",
    "load",
    "load_campaign",
    "load_lexicons",
    "load_organisation_words",
    "read_secret",
    "shipped_folder",
    "supporters_file",
]

ENVIRONMENT_FOLDER = "HARVESTER_CONFIG"


class Configuration(BaseModel):
    """Everything that is configured, read once at the door and handed down."""

    model_config = ConfigDict(frozen=True, arbitrary_types_allowed=True)

    folder: Path
    settings: Settings
    campaign: Campaign
    sources: tuple[Source, ...]
    database: SecretStr
    lexicons: Mapping[str, Mapping[str, Any]]
    organisation_words: OrganisationWords
    environment: Mapping[str, str] = Field(repr=False)

    def secret(self, variable: str) -> SecretStr | None:
        """Give the secret that `variable` (or the file named by `variable`_FILE) holds, or None."""
        return read_secret(self.environment, variable)


def shipped_folder() -> Path:
    """Give the folder of the configuration that came with the program."""
    package = Path(__file__).parents[1]
    inside = package / "shipped_config"
    return inside if inside.is_dir() else package.parent / "config"


def find_folder(given: str | None, environment: Mapping[str, str]) -> Path:
    """Choose the folder: the one given, else $HARVESTER_CONFIG, else ./config, else the shipped one."""
    named = given or environment.get(ENVIRONMENT_FOLDER)
    if named:
        return Path(named).expanduser().absolute()
    here = Path("config").absolute()
    return here if (here / "harvester.toml").is_file() else shipped_folder()


def load(folder: Path, environment: Mapping[str, str] = os.environ) -> Configuration:
    """Read the whole configuration; raise ConfigError that names file, key, what was found and what is allowed."""
    if not folder.is_dir():
        raise ConfigError(f"{folder}: there is no such folder; `harvester init` makes one")
    settings = _parse(Settings, folder / "harvester.toml", _read(folder / "harvester.toml"))
    return Configuration(
        folder=folder,
        settings=settings,
        campaign=load_campaign(folder),
        sources=_sources(folder / "sources.toml"),
        database=_database(folder, settings, environment),
        lexicons=load_lexicons(folder),
        organisation_words=load_organisation_words(folder),
        environment=dict(environment),
    )


def load_campaign(folder: Path) -> Campaign:
    """Read `campaign.toml` alone, for those who need no database and no sources."""
    path = folder / "campaign.toml"
    campaign = _parse(Campaign, path, _read(path))
    if campaign.end and campaign.end < campaign.start:
        raise ConfigError(
            f"{path}: end: found {campaign.end}; allowed: a day after start ({campaign.start}), or no end"
        )
    return campaign


def load_lexicons(folder: Path) -> dict[str, Mapping[str, Any]]:
    """Read the shipped languages and those of `folder`/lexicon, which replace shipped ones of the same name."""
    paths = {
        path.stem: path for home in (shipped_folder(), folder) for path in sorted((home / "lexicon").glob("*.toml"))
    }
    return {language: _read(path) for language, path in paths.items()}


def load_organisation_words(folder: Path) -> OrganisationWords:
    """Read the folder's own `organisations.toml`, else the shipped one."""
    own = folder / "organisations.toml"
    path = own if own.is_file() else shipped_folder() / "organisations.toml"
    return _parse(OrganisationWords, path, _read(path))


def supporters_file(folder: Path) -> Path:
    """Give the list of known supporters: the folder's own, else the shipped one."""
    own = folder / "supporters.csv"
    return own if own.is_file() else shipped_folder() / "supporters.csv"


def read_secret(environment: Mapping[str, str], variable: str) -> SecretStr | None:
    """Give the value of `variable`, or the stripped content of the file that `variable`_FILE names, or None.

    Raises ConfigError when the file is named but cannot be read.
    """
    if value := environment.get(variable):
        return SecretStr(value)
    if path := environment.get(f"{variable}_FILE"):
        try:
            return SecretStr(Path(path).read_text(encoding="utf-8").strip())
        except (OSError, UnicodeDecodeError) as error:
            raise ConfigError(f"{variable}_FILE: {path} cannot be read: {error}") from None
    return None


def check_options(model: type[ModelT], source: Source) -> ModelT:
    """Check a source's own keys against its kind's `model`; raise ConfigError that names source and key."""
    return _parse(model, f"sources.toml [{source.name}]", source.options)


ModelT = TypeVar("ModelT", bound=BaseModel)


def _read(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise ConfigError(f"{path}: there is no such file; `harvester init` makes one") from None
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path}: cannot be read: {error}") from None
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"{path}: is not TOML: {error}") from None


def _parse(model: type[ModelT], where: Path | str, values: Mapping[str, Any]) -> ModelT:
    try:
        return model.model_validate(dict(values))
    except ValidationError as error:
        raise ConfigError("\n".join(_line(model, where, problem) for problem in error.errors())) from None


def _line(model: type[BaseModel], where: Path | str, problem: ErrorDetails) -> str:
    key = ".".join(str(part) for part in problem["loc"])
    if problem["type"] == "missing":
        return f"{where}: {key}: is missing"
    if problem["type"] == "extra_forbidden":
        return f"{where}: {key}: nobody knows this key; allowed here: {', '.join(_keys(model, problem['loc']))}"
    allowed = problem["msg"].removeprefix("Value error, ").removeprefix("Input should be ")
    found = re.sub(r"(://[^:/@]*:)[^@]*@", r"\1***@", repr(problem["input"]))
    return f"{where}: {key}: found {found}; allowed: {allowed}"


def _keys(model: type[BaseModel], location: tuple[int | str, ...]) -> list[str]:
    """Name the keys allowed in the table that holds `location`."""
    for part in location[:-1]:
        inner = model.model_fields[part].annotation if part in model.model_fields else None
        if isinstance(inner, type) and issubclass(inner, BaseModel):
            model = inner
    return sorted(model.model_fields)


def _sources(path: Path) -> tuple[Source, ...]:
    entries = _read(path).get("source", [])
    if not isinstance(entries, list):
        raise ConfigError(f"{path}: source: found {entries!r}; allowed: tables that begin with [[source]]")
    sources = tuple(_parse(Source, f"{path} [[source]] number {n}", entry) for n, entry in enumerate(entries, 1))
    names = [source.name for source in sources]
    if twice := sorted({name for name in names if names.count(name) > 1}):
        raise ConfigError(f"{path}: name: {', '.join(twice)} stands there twice; allowed: each name once")
    return sources


def _database(folder: Path, settings: Settings, environment: Mapping[str, str]) -> SecretStr:
    """Give the database's address; a relative SQLite file lies beside the config folder, wherever one is."""
    given = read_secret(environment, ENVIRONMENT_DATABASE)
    url = given.get_secret_value() if given else settings.database_url
    file = url.removeprefix("sqlite:///")
    if file != url and file not in {"", ":memory:"} and not Path(file).is_absolute():
        url = f"sqlite:///{folder.parent / file}"
    return SecretStr(url)
