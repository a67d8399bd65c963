"""Django's settings: where the database lies and which floors it holds."""

import os
from pathlib import Path

DATA = Path(os.environ.get("SEATWISE_DATA", "data")).absolute()

# Commands neither sign nor serve anything; the pages will bring a real key of their own.
SECRET_KEY = "unused-by-commands"  # noqa: S105 - no session, cookie or link is signed with it
INSTALLED_APPS = ["seatwise.control"]
DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": DATA / "seatwise.sqlite3",
        "OPTIONS": {
            "timeout": 20,
            "transaction_mode": "IMMEDIATE",
            # FULL, because NORMAL may lose the last commits when the power fails.
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;",
        },
    }
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
USE_TZ = True
TIME_ZONE = "UTC"
LOGGING_CONFIG = None
