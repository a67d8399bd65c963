"""Keeps the children of `seatwise serve` alive, and ends them together. Imports no Django, so that it stays small."""

from __future__ import annotations

import signal
import socket
import subprocess
import sys
import time
from collections.abc import Sequence
from contextlib import nullcontext
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType

from seatwise.server import environment
from seatwise.server.web import listening

_LOOK_EVERY_S = 0.1
_GRACE_S = 8.0
_FIRST_S = 20.0
_LONGEST_PAUSE_S = 5.0
_GAVE_UP = (1, 2)


@dataclass
class Child:
    """A program that is started again whenever it ends.

    command:  how it is started; `again` is added when it is started again.
    log:      where it writes what it says; None for where we do.
    """

    name: str
    command: Sequence[str]
    again: Sequence[str] = ()
    fds: tuple[int, ...] = ()
    log: Path | None = None
    process: subprocess.Popen[bytes] | None = None
    n_starts: int = 0
    n_quick: int = 0
    started_at: float = 0.0
    not_before: float = field(default=0.0)

    def start(self) -> None:
        command = [*self.command, *(self.again if self.n_starts else ())]
        # Its standard input ends when we do, however we do: it then ends too. A session of its own: Ctrl-C is told
        # to us alone, and we tell the children.
        with self.log.open("wb") if self.log else nullcontext() as output:
            self.process = subprocess.Popen(  # noqa: S603 - our own programs
                command,
                stdin=subprocess.PIPE,
                stdout=output,
                stderr=subprocess.STDOUT if output else None,
                pass_fds=self.fds,
                start_new_session=True,
            )
        self.n_starts += 1
        self.started_at = time.monotonic()

    def ended(self) -> int | None:
        """Its exit code, None while it lives."""
        return None if self.process is None else self.process.poll()

    def plan_return(self) -> None:
        lived_s = time.monotonic() - self.started_at
        self.n_quick = 0 if lived_s > _FIRST_S else self.n_quick + 1
        self.not_before = time.monotonic() + min(0.2 * 2 ** max(0, self.n_quick - 1), _LONGEST_PAUSE_S)
        self.process = None


def serve(*beside: Child, listener: socket.socket | None = None) -> int:
    """Web, worker and what stands beside them, until SIGTERM or SIGINT. Gives the exit code."""
    environment.check()
    # The port is ours for as long as we live: while the pages return, visitors wait instead of being refused.
    listener = listener or listening(environment.host(), environment.port())
    number = listener.fileno()
    web = Child("web", [*program(), "web", "--child", "--listener", str(number)], ["--silent"], (number,))
    worker = Child("worker", [*program(), "worker", "--child"])
    try:
        return supervise([*beside, web, worker])
    finally:
        listener.close()


def program() -> list[str]:
    return [sys.executable, "-m", "seatwise"]


def supervise(children: list[Child]) -> int:
    """Starts the children and starts them again. Ends when told to, or when one cannot even start.

    A child that gives up by itself soon after its very first start has said why, and saying it for ever helps nobody.
    """
    is_told = False

    def tell(_number: int, _frame: FrameType | None) -> None:
        nonlocal is_told
        is_told = True

    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, tell)
    try:
        while not is_told:
            for child in children:
                code = child.ended()
                if child.process is None and time.monotonic() >= child.not_before:
                    child.start()
                elif code is not None:
                    is_first = child.n_starts == 1 and time.monotonic() - child.started_at < _FIRST_S
                    if code in _GAVE_UP and is_first:
                        return code
                    _say(f"The {child.name} process ended ({_how(code)}); it is started again.")
                    child.plan_return()
            time.sleep(_LOOK_EVERY_S)
        return 0
    finally:
        end(children)


def end(children: list[Child]) -> None:
    """Ask all to end, and end those that do not listen."""
    living = [child.process for child in children if child.process is not None and child.process.poll() is None]
    for process in living:
        process.terminate()
    until = time.monotonic() + _GRACE_S
    for process in living:
        try:
            process.wait(max(0.0, until - time.monotonic()))
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _how(code: int) -> str:
    return f"signal {-code}" if code < 0 else f"exit code {code}"


def _say(sentence: str) -> None:
    sys.stderr.write(sentence + "\n")
    sys.stderr.flush()
