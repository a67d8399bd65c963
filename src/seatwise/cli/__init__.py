"""The command line: every command, its exit codes, and errors told in one sentence."""

from __future__ import annotations

import errno
import logging
import sys
from sqlite3 import OperationalError as SqliteError

from seatwise.base import logs
from seatwise.base.errors import Broken, SeatwiseError
from seatwise.cli.commands import app

__all__ = ["main"]

DONE, FAILED, WRONG_USAGE, IN_PART = 0, 1, 2, 3


def main() -> None:
    """Runs one command. Exit codes: 0 done, 1 failed, 2 wrong usage, 3 done in part."""
    logs.start()
    try:
        app()
    except SeatwiseError as error:
        logging.getLogger("seatwise").debug("%s: %s", error.code, error.detail)
        _tell(error.sentence)
        if isinstance(error, Broken) and not error.code.startswith("disk_"):
            _tell(f"This should not happen; please report it with the code {error.code}.")
        sys.exit(FAILED)
    except KeyboardInterrupt:
        _tell("Stopped. What was read so far is kept; run the command again to go on.")
        sys.exit(FAILED)
    except BrokenPipeError:
        sys.stderr.close()
        sys.exit(FAILED)
    except Exception as error:
        if not _is_disk_full(error):
            raise
        _tell("The disk is full. Nothing is half-written. Free some space, then run the command again.")
        sys.exit(FAILED)


def _is_disk_full(error: BaseException | None) -> bool:
    while error is not None:
        if isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT):
            return True
        if isinstance(error, SqliteError) and "full" in str(error):
            return True
        error = error.__cause__ or error.__context__
    return False


def _tell(sentence: str) -> None:
    sys.stderr.write(f"{sentence}\n")
