"""Write the migration that brings the database to `tables.py`: `python -m harvester.store.migrations TEXT`."""

import sys
import tempfile

from alembic import command
from alembic.script import ScriptDirectory
from pydantic import SecretStr

from harvester.store import upkeep
from harvester.store.engine import WRITES, connect

with tempfile.TemporaryDirectory() as folder:
    engine = connect(SecretStr(f"sqlite:///{folder}/migrated.db"))
    settings = upkeep.alembic_settings()
    number = len(list(ScriptDirectory.from_config(settings).walk_revisions())) + 1
    if number > 1:
        upkeep.upgrade(engine)
    with engine.connect().execution_options(**WRITES) as connection, connection.begin():
        settings.attributes["connection"] = connection
        command.revision(settings, message=" ".join(sys.argv[1:]), autogenerate=True, rev_id=f"{number:04}")
    engine.dispose()
