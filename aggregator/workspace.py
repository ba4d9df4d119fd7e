"""What a command works on: settings, registry, store and index, each opened when first asked for."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from aggregator.errors import FixCommandError, TryLaterError

if TYPE_CHECKING:
    from aggregator.config import Settings
    from aggregator.index.protocol import SearchIndex
    from aggregator.registry import Registry
    from aggregator.store import Store


@dataclass
class Workspace:
    """One data folder, opened lazily: a command pays only for what it uses."""

    settings: "Settings"
    _opened: list["Store"] = field(default_factory=list)

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
        from aggregator.index.local import LocalIndex

        self.ensure_data_folder()
        return LocalIndex(self.settings.index_dir)

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
        for store in self._opened:
            store.close()


@contextmanager
def open_workspace(**flags: object) -> Iterator[Workspace]:
    """A workspace for the flags of a command (None: not given), closed at the end."""
    from aggregator.config import load_settings

    workspace = Workspace(load_settings(**flags))
    try:
        yield workspace
    finally:
        workspace.close()
