"""``aggregator reindex``: the search index built again from the database."""

from dataclasses import asdict

from aggregator.commands.output import note, print_json, stderr
from aggregator.workspace import Workspace

SHOWN = 5  # documents that were refused


def rebuild_index(workspace: Workspace, *, as_json: bool) -> int:
    """The index again from the database, with progress."""
    from aggregator.index.sync import reindex

    total = workspace.store.counts()["articles"]
    with stderr().status("indexing …") as status:
        rebuilt = reindex(
            workspace.store,
            workspace.index,
            workspace.registry,
            progress=lambda done: status.update(f"{done:,} of {total:,} articles indexed"),
        )
    if as_json:
        refused = [asdict(one) for one in rebuilt.refused]
        print_json({"indexed": rebuilt.count, "refused": refused, "kept": list(rebuilt.kept)})
    else:
        print(f"{rebuilt.count:,} articles indexed")
        for one in rebuilt.refused[:SHOWN]:
            note(f"aggregator: the index does not take {one.id}: {one.reason}")
        if rebuilt.kept:
            kept = ", ".join(rebuilt.kept)
            note(
                f"aggregator: former indices are kept: {kept}; `aggregator reindex --delete-old` deletes them"
            )
    return 1 if rebuilt.refused else 0


def tell_changes(workspace: Workspace, *, as_json: bool) -> int:
    """Whether the index has to be built again, and why."""
    index = workspace.index
    is_current = index.is_current()
    changes = () if is_current else index.changes()
    if as_json:
        print_json({"current": is_current, "changes": list(changes)})
    elif is_current:
        print("the search index was made by this version: nothing has to be built again")
    elif changes:
        print(f"the search index was made by another version: {', '.join(changes)}")
    else:
        print("there is no search index yet: the next crawl, import or search makes it")
    return 1 if changes else 0


def delete_old_indices(workspace: Workspace, *, as_json: bool) -> int:
    """What earlier rebuildings left."""
    deleted = workspace.index.drop_old()
    if as_json:
        print_json({"deleted": list(deleted)})
    else:
        print("\n".join(deleted) or "there are no former indices")
    return 0
