"""What a command works on: settings, registry, store and index, each opened when first asked for."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from aggregator.errors import FixCommandError, TryLaterError

if TYPE_CHECKING:
    from aggregator.config import Settings
    from aggregator.index.elastic.index import ElasticIndex
    from aggregator.index.protocol import SearchIndex
    from aggregator.registry import Registry
    from aggregator.store import Store


@dataclass
class Workspace:
    """One data folder, opened lazily: a command pays only for what it uses."""

    settings: "Settings"
    _opened: list["Store | ElasticIndex"] = field(default_factory=list)

    @cached_property
    def registry(self) -> "Registry":
        """The bundled sources and the user's own."""
        from aggregator.registry import load_registry

        return load_registry(self.settings.sources)

    @cached_property
    def store(self) -> "Store":
        """The database; created where there is none."""
        from aggregator.store import Store

        self.ensure_data_folder()
        store = Store.open(self.settings.database_url)
        self._opened.append(store)
        return store

    @cached_property
    def index(self) -> "SearchIndex":
        """The search index; created where there is none."""
        if self.settings.index != "local":
            return self._elastic_index()
        from aggregator.index.local import LocalIndex

        self.ensure_data_folder()
        return LocalIndex(self.settings.index_dir)

    def _elastic_index(self) -> "SearchIndex":
        from aggregator.config import read_address
        from aggregator.index.elastic.client import Access
        from aggregator.index.elastic.index import ElasticIndex

        settings = self.settings
        hosts, name = read_address(settings.index)
        secret = read_secret(settings.elasticsearch_secret_file, "elasticsearch_secret_file")
        username = settings.elasticsearch_username
        index = ElasticIndex(
            Access(
                hosts=hosts,
                name=name,
                api_key=None if username else settings.elasticsearch_api_key.get_secret_value() or secret,
                username=username or None,
                password=settings.elasticsearch_password.get_secret_value() or secret,
                ca=settings.elasticsearch_ca,
                shards=settings.elasticsearch_shards,
            )
        )
        self._opened.append(index)
        return index

    def ensure_data_folder(self) -> None:
        """Make the data folder, or say why it cannot be made."""
        try:
            self.settings.data.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise TryLaterError(
                f"the data folder {self.settings.data} cannot be made ({error.strerror}): "
                "choose another with --data"
            ) from None

    def ensure_writable(self) -> None:
        """Make the data folder, or say why it cannot be made or written."""
        self.ensure_data_folder()
        if not os.access(self.settings.data, os.W_OK):
            raise FixCommandError(
                f"the data folder {self.settings.data} is read-only: "
                "make it writable, or choose another with --data"
            )

    def close(self) -> None:
        """Close what was opened."""
        for opened in self._opened:
            opened.close()


def read_secret(path: Path | None, setting: str) -> str | None:
    """What the file of a setting has, without white space around it."""
    if path is None:
        return None
    try:
        return path.expanduser().read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is no text"
        raise FixCommandError(
            f"the file {path} of AGGREGATOR_{setting.upper()} cannot be read: {reason}"
        ) from None


@contextmanager
def open_workspace(**flags: object) -> Iterator[Workspace]:
    """A workspace for the flags of a command (None: not given), closed at the end."""
    from aggregator.config import load_settings

    workspace = Workspace(load_settings(**flags))
    try:
        yield workspace
    finally:
        workspace.close()
