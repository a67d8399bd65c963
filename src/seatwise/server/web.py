"""`seatwise web`: the pages, served by waitress."""

from __future__ import annotations

import errno
import os
import signal
import socket
import sys
import threading
from types import FrameType
from typing import NoReturn

from seatwise.base.errors import AskAdmin
from seatwise.server import environment

_THREADS = 6


def listening(host: str, port: int) -> socket.socket:
    """A socket that listens there. Errors: AskAdmin `port_taken` or `address_unknown`."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((host, port))
        listener.listen(128)
    except (OSError, UnicodeError) as error:
        listener.close()
        raise _not_ours(host, port, error) from error
    return listener


def serve(listener: socket.socket, *, is_silent: bool, is_child: bool) -> None:
    """Serves until SIGTERM or SIGINT. is_silent: say nothing; is_child: end when standard input does."""
    signal.signal(signal.SIGTERM, _leave)
    signal.signal(signal.SIGINT, _leave)
    if is_child:
        threading.Thread(target=_leave_with_parent, daemon=True).start()
    from seatwise.server.start import start

    start()
    import waitress

    from seatwise.server.bodies import SMALL, Channel
    from seatwise.server.wsgi import application

    server = waitress.create_server(
        application,
        sockets=[listener],
        threads=_THREADS,
        ident=None,
        max_request_body_size=SMALL,
        # Headers of untrusted proxies are dropped by our own layer, which knows more than one proxy.
        clear_untrusted_proxy_headers=False,
    )
    server.channel_class = Channel
    if not is_silent:
        for line in greeting():
            sys.stdout.write(f"{line}\n")
        sys.stdout.flush()
    server.run()


def greeting() -> list[str]:
    """What is said once the pages are up: their address and, while there is no owner, the link that makes one."""
    from seatwise.control.models import Membership

    address = environment.public_url()
    lines = [f"Seatwise is ready: {address}"]
    if not Membership.objects.filter(role=Membership.Role.OWNER).exists():
        lines += ["Open this link once, within 24 hours, to become its owner:", f"  {owner_address()}"]
    if not environment.is_this_machine(environment.host()) and address.startswith("http://"):
        lines.append(
            "It listens beyond this machine, yet answers to localhost only: set SEATWISE_PUBLIC_URL to let others in."
        )
    return lines


def owner_address() -> str:
    """The address of a fresh one-time link; older ones stop working."""
    from seatwise.control import access

    return f"{environment.public_url()}/setup/{access.owner_link()}"


def _leave(_number: int, _frame: FrameType | None) -> NoReturn:
    # waitress takes this as the wish to end: it finishes the answers it is at and returns.
    raise SystemExit(0)


def _leave_with_parent() -> None:
    while os.read(0, 1):
        pass
    os.kill(os.getpid(), signal.SIGTERM)


def _not_ours(host: str, port: int, error: Exception) -> AskAdmin:
    reason = getattr(error, "errno", None)
    if reason == errno.EADDRINUSE:
        return AskAdmin(
            code="port_taken",
            sentence=f"Port {port} is taken by another program, perhaps another Seatwise. "
            f"End that one, or choose another port with --port or SEATWISE_PORT.",
        )
    if reason == errno.EACCES:
        return AskAdmin(
            code="port_refused", sentence=f"This user may not listen on port {port}. Choose one above 1023."
        )
    return AskAdmin(
        code="address_unknown",
        sentence=f"{host} is not an address of this machine. "
        "Use 127.0.0.1, or 0.0.0.0 for all, with --host or SEATWISE_HOST.",
        detail=str(error),
    )
