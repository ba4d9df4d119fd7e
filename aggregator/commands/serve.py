"""``aggregator serve``: the HTTP API and the search page."""

from collections.abc import Sequence
from ipaddress import ip_address
from socket import socket

from aggregator.commands.output import note
from aggregator.errors import FixCommandError
from aggregator.web.app import make_app
from aggregator.web.gate import Access
from aggregator.web.server import CatchingUp, address_of, is_loopback, listen, server_for
from aggregator.web.service import Service
from aggregator.workspace import Workspace


def run_server(workspace: Workspace, host: str, port: int, proxies: Sequence[str]) -> int:
    """Serve until Ctrl-C."""
    access = access_to(workspace, proxies)
    with listen(host, port) as listening:
        if not (is_loopback(listening) or access.token or access.proxies):
            raise FixCommandError(
                f"{host} can be reached from other machines: set a token in AGGREGATOR_WEB_TOKEN (or "
                "web_token in aggregator.toml) that readers log in with, or name the proxy before this "
                "server, which lets them in, with --trusted-proxy"
            )
        answer(listening, workspace, access)
    return 0


def access_to(workspace: Workspace, proxies: Sequence[str] = ()) -> Access:
    """Who is let in, as the settings say."""
    return Access(
        token=workspace.settings.web_token.get_secret_value(),
        proxies=tuple(_address(proxy) for proxy in proxies),
        rate=workspace.settings.web_rate,
    )


def answer(listening: socket, workspace: Workspace, access: Access) -> None:
    """Prints the address, and answers there until Ctrl-C, which is raised again."""
    service = Service(workspace)
    service.open()
    with CatchingUp(service, lambda message: note(f"aggregator: {message}")):
        print(address_of(listening), flush=True)
        note("aggregator: Ctrl-C ends the server")
        server_for(make_app(service, access)).run(sockets=[listening])


def _address(proxy: str) -> str:
    try:
        return str(ip_address(proxy))
    except ValueError:
        raise FixCommandError(
            f"--trusted-proxy takes an IP address such as 127.0.0.1, not {proxy!r}"
        ) from None
