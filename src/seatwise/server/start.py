"""Makes the process, Django and its database ready before a command uses them."""

import gc
import os

import django
from django.conf import settings
from django.core.management import call_command
from django.db import OperationalError, connections
from django.db.migrations.executor import MigrationExecutor

from seatwise.base.errors import AskAdmin


def start() -> None:
    """The data folder (mode 700) and a database at this version's shape.

    Errors: AskAdmin when the folder or the database cannot be written.
    """
    _be_frugal()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "seatwise.server.settings")
    data = settings.DATA
    try:
        data.mkdir(mode=0o700, parents=True, exist_ok=True)
        django.setup()
        executor = MigrationExecutor(connections["default"])
        if executor.migration_plan(executor.loader.graph.leaf_nodes()):
            call_command("migrate", verbosity=0, interactive=False)
    except (OSError, OperationalError) as error:
        raise AskAdmin(
            code="data_folder",
            sentence=f"The data folder {data} cannot be used ({_plain(error)}). "
            "Free some space or name another folder with SEATWISE_DATA, then run the command again.",
            detail=repr(error),
        ) from error


def _be_frugal() -> None:
    """Before the first table is read: Arrow looks at its setting once, when it is imported."""
    # Its own pool keeps what it has once used: a sync of 250,000 sign-ins peaked at 571 MiB with it, at 472 without.
    os.environ.setdefault("ARROW_DEFAULT_MEMORY_POOL", "system")
    # A page is thousands of objects without cycles; at the default the collector walks through it again and again.
    gc.set_threshold(50_000, 20, 20)


def _plain(error: Exception) -> str:
    if isinstance(error, OSError):
        return error.strerror or "it cannot be written"
    return str(error)
