import os
import signal
import subprocess
import sys
import textwrap
import threading
import time
from datetime import timedelta

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from fakes import NOON, a_post, an_item
from pydantic import SecretStr
from sqlalchemy import inspect, text

from harvester.errors import ConfigError, StoreError
from harvester.store import Store, upkeep
from harvester.store.tables import metadata


def test_the_migrations_make_the_tables_that_the_code_has(store):
    with store.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": False})
        assert compare_metadata(context, metadata) == []
    assert upkeep.check(store.engine) == []


def test_a_new_database_is_made_ready_and_an_old_one_waits_for_its_upgrade(tmp_path):
    store = Store(SecretStr(f"sqlite:///{tmp_path}/new.db"))
    store.ready()
    store.ready()
    with store.write() as shelves:
        shelves.connection.execute(text("UPDATE alembic_version SET version_num = '0000'"))
    with pytest.raises(StoreError, match="harvester db upgrade"):
        store.ready()
    with pytest.raises(StoreError, match="newer than this program"):
        upkeep.upgrade(store.engine)
    store.close()


def test_two_processes_may_make_the_same_new_database(tmp_path):
    for attempt in range(10):
        stores = [Store(SecretStr(f"sqlite:///{tmp_path}/new-{attempt}.db")) for _ in range(6)]
        threads = [threading.Thread(target=store.ready) for store in stores]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        for store in stores:
            assert upkeep.check(store.engine) == []
            store.close()


def test_a_killed_migration_leaves_no_half_schema(tmp_path, quick_start):
    """Kill the upgrade at 10 instants: the database is empty or whole, and the next start is well."""
    program = textwrap.dedent("""
        import sys
        from pydantic import SecretStr
        from harvester.store import Store
        store = Store(SecretStr(sys.argv[1]))
        print("go", flush=True)
        store.ready()
    """)
    for attempt in range(10):
        address = f"sqlite:///{tmp_path}/killed-{attempt}.db"
        process = subprocess.Popen([sys.executable, "-c", program, address], stdout=subprocess.PIPE, env=quick_start)
        process.stdout.readline()
        time.sleep(attempt * 0.03)
        os.kill(process.pid, signal.SIGKILL)
        process.communicate()
        store = Store(SecretStr(address))
        tables = set(inspect(store.engine).get_table_names())
        assert tables in (set(), {*metadata.tables, "alembic_version"})
        store.ready()
        assert upkeep.check(store.engine) == []
        store.close()


def test_a_backup_is_whole_and_never_overwrites(tmp_path, store):
    if store.engine.dialect.name != "sqlite":
        with pytest.raises(StoreError, match="pg_dump"):
            upkeep.backup(store.engine, tmp_path / "copy.db")
        return
    with store.write() as shelves:
        shelves.posts.keep(an_item(1, "x"), a_post())
    rows = upkeep.backup(store.engine, tmp_path / "deep" / "copy.db")
    assert (rows["post"], rows["item"]) == (1, 1)
    with pytest.raises(StoreError, match="exists already"):
        upkeep.backup(store.engine, tmp_path / "deep" / "copy.db")
    copy = Store(SecretStr(f"sqlite:///{tmp_path}/deep/copy.db"))
    assert upkeep.row_counts(copy.engine) == rows
    copy.close()


def test_a_backup_that_fails_leaves_nothing_that_looks_like_one(tmp_path):
    store = Store(SecretStr(f"sqlite:///{tmp_path}/harvester.db"))
    store.ready()
    folder = tmp_path / "backups"
    folder.write_text("a file where a folder should be")
    with pytest.raises((StoreError, OSError)):
        upkeep.backup(store.engine, folder / "copy.db")
    assert [path.name for path in tmp_path.glob("*copy*")] == []
    store.close()


def test_a_damaged_database_is_told(tmp_path):
    file = tmp_path / "harvester.db"
    store = Store(SecretStr(f"sqlite:///{file}"))
    store.ready()
    with store.write() as shelves:
        for number in range(200):
            shelves.posts.keep(an_item(number, "x" * 500), a_post("x" * 500, id=f"fake:{number}"))
    store.close()
    data = bytearray(file.read_bytes())
    data[len(data) // 2 : len(data) // 2 + 8192] = os.urandom(8192)
    file.write_bytes(data)
    assert upkeep.check(store.engine) != []
    store.close()


@pytest.mark.parametrize("address", ["mysql://x/y", "nonsense", "sqlite://", "sqlite:///:memory:"])
def test_another_database_is_refused_in_words(address):
    with pytest.raises(ConfigError, match="allowed: sqlite:///FILE"):
        Store(SecretStr(address))


def test_a_database_that_is_away_is_told_without_its_password():
    store = Store(SecretStr("postgresql://harvester:geheim@127.0.0.1:9/harvester?connect_timeout=2"))
    with pytest.raises(StoreError) as caught, store.read() as shelves:
        shelves.sources.states()
    assert "geheim" not in str(caught.value)
    store.close()


def test_what_a_failed_transaction_wrote_is_gone(store):
    def fail() -> None:
        with store.write() as shelves:
            shelves.posts.keep(an_item(1, "x"), a_post())
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    with store.read() as shelves:
        assert shelves.posts.count_pending(NOON + timedelta(seconds=1)) == 0


def test_four_writers_lose_nothing(store):
    def work(writer: int) -> None:
        for number in range(20):
            with store.write() as shelves:
                last = int(shelves.sources.cursor("shared") or 0)
                shelves.sources.advance("shared", since=shelves.sources.cursor("shared"), to=str(last + 1))
                shelves.posts.keep(an_item(number, "x", f"w{writer}"), a_post(id=f"w{writer}:{number}"))

    threads = [threading.Thread(target=work, args=(writer,)) for writer in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert upkeep.row_counts(store.engine)["post"] == 80
    with store.read() as shelves:
        assert shelves.sources.cursor("shared") == "80"


def test_a_database_of_every_earlier_version_is_backed_up_and_upgraded(tmp_path):
    """Each version is made by its own migrations; `harvester db upgrade` copies it before it goes on."""
    versions = [script.revision for script in upkeep._scripts().walk_revisions()]
    for version in versions[1:]:
        store = Store(SecretStr(f"sqlite:///{tmp_path}/{version}.db"))
        settings = upkeep.alembic_settings()
        with store.write() as shelves:
            settings.attributes["connection"] = shelves.connection
            command.upgrade(settings, version)
            shelves.connection.execute(text("INSERT INTO spend VALUES ('x', '2027-06-01', 5)"))
        with pytest.raises(StoreError, match="harvester db upgrade"):
            store.ready()
        assert upkeep.backup(store.engine, tmp_path / f"{version}-copy.db")["spend"] == 1
        assert upkeep.upgrade(store.engine) == (version, versions[0])
        assert upkeep.check(store.engine) == []
        assert upkeep.row_counts(store.engine)["spend"] == 1
        store.close()
