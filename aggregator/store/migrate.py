"""Brings a database to the schema of this code."""

from pathlib import Path

from sqlalchemy import Connection, Engine, inspect, text

from aggregator.errors import FixCommandError
from aggregator.store.engine import writing
from aggregator.store.schema import HEAD

MIGRATIONS = Path(__file__).with_name("migrations")


def migrate(engine: Engine) -> None:
    """Creates or upgrades the tables, in one transaction; at once done when there is nothing to do.

    Raises FixCommandError for a database of a newer version, or one that belongs to something else.
    """
    with engine.connect() as connection:
        if _version(connection) == HEAD:
            return
    with writing(engine).begin() as connection:
        version = _version(connection)  # another process may have been faster
        if version != HEAD:
            _upgrade(connection, version)


def _version(connection: Connection) -> str | None:
    tables = inspect(connection).get_table_names()
    if "alembic_version" in tables:
        return str(connection.scalar(text("SELECT version_num FROM alembic_version")))
    if "articles" in tables:
        raise FixCommandError("this database has a table `articles` that is not this program's: name another")
    return None


def _upgrade(connection: Connection, version: str | None) -> None:
    # Only here: Alembic takes a quarter of a second to import, and most starts need none of it.
    from alembic import command
    from alembic.config import Config
    from alembic.script import ScriptDirectory

    config = Config(attributes={"connection": connection})
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    known = {script.revision for script in ScriptDirectory.from_config(config).walk_revisions()}
    if version is not None and version not in known:
        raise FixCommandError(
            f"the database was written by a newer version of this program (schema {version}, "
            f"this one knows up to {HEAD}): update the program"
        )
    command.upgrade(config, HEAD)
