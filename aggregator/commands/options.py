"""What all commands share: the options of the workspace, and how errors end a command."""

import functools
import inspect
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Annotated, Any

import typer
import typer.core

from aggregator.errors import AggregatorError
from aggregator.workspace import open_workspace

PANEL = "Where things are"

COMMON: dict[str, Any] = {
    "data": Annotated[
        Path | None,
        typer.Option(
            help="Folder of database, page archive and index (default: the user's data folder)",
            rich_help_panel=PANEL,
        ),
    ],
    "database": Annotated[
        str | None,
        typer.Option(
            help="SQLAlchemy URL (default: a SQLite file in the data folder)", rich_help_panel=PANEL
        ),
    ],
    "index": Annotated[
        str | None,
        typer.Option(
            help="Search index: local (default, in the data folder), or http(s)://host:9200/name",
            rich_help_panel=PANEL,
        ),
    ],
    "sources": Annotated[
        list[Path] | None,
        typer.Option(
            help="Folder with your own sources, beside the bundled ones; repeatable", rich_help_panel=PANEL
        ),
    ],
}


def command(
    app: typer.Typer, name: str, *, settings: Sequence[str] = ()
) -> Callable[[Callable[..., int | None]], None]:
    """Register a function ``f(workspace, …) -> exit status`` as a command with the common options.

    ``settings`` names parameters of ``f`` that are settings too: the workspace is opened with them.
    """

    def register(function: Callable[..., int | None]) -> None:
        @functools.wraps(function)
        def run(**arguments: Any) -> None:
            common = {key: arguments.pop(key) for key in COMMON}
            common |= {key: arguments.pop(key) for key in settings}
            if common["sources"] is not None:
                common["sources"] = tuple(common["sources"])
            with exit_status() as status, open_workspace(**common) as workspace:
                status.code = function(workspace, **arguments) or 0

        own = list(inspect.signature(function).parameters.values())[1:]
        options = [
            inspect.Parameter(key, inspect.Parameter.KEYWORD_ONLY, default=None, annotation=annotation)
            for key, annotation in COMMON.items()
        ]
        keyword = [parameter.replace(kind=inspect.Parameter.KEYWORD_ONLY) for parameter in own]
        run.__signature__ = inspect.Signature(keyword + options)  # type: ignore[attr-defined]
        run.__annotations__ = {parameter.name: parameter.annotation for parameter in keyword + options}
        app.command(name)(run)

    return register


class DefaultGroup(typer.core.TyperGroup):
    """Commands of which the first is meant where none is named: as ``alerts --json``."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Names the first command where none is named."""
        if not args or (args[0].startswith("-") and args[0] not in ctx.help_option_names):
            args = [self.list_commands(ctx)[0], *args]
        return super().parse_args(ctx, args)


class exit_status:  # noqa: N801 - used as a context manager, like a function
    """Turns what a command raises into a message on standard error and an exit status."""

    code = 0

    def __enter__(self) -> "exit_status":
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _trace: object) -> None:
        if isinstance(error, AggregatorError):
            typer.echo(f"aggregator: {error}", err=True)
            raise typer.Exit(error.exit_status) from None
        if isinstance(error, KeyboardInterrupt):
            typer.echo("aggregator: interrupted", err=True)
            raise typer.Exit(130) from None
        if isinstance(error, BrokenPipeError):  # `… | head`: the reader has had enough
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            raise typer.Exit(0) from None
        if error is None and self.code:
            raise typer.Exit(self.code)
