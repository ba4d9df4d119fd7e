"""``aggregator reindex``."""

from aggregator.commands.output import print_json, stderr
from aggregator.workspace import Workspace


def rebuild_index(workspace: Workspace, *, as_json: bool) -> int:
    """The index again from the database, with progress."""
    from aggregator.index.sync import reindex

    with stderr().status("indexing …") as status:
        indexed = reindex(
            workspace.store,
            workspace.index,
            workspace.registry,
            progress=lambda done: status.update(f"{done:,} articles indexed"),
        )
    if as_json:
        print_json({"indexed": indexed})
    else:
        print(f"{indexed:,} articles indexed")
    return 0
