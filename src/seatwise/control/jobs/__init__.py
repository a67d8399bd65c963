"""Door 1: starts work. Each piece of work is a row of the run table, claimed by one, ended once."""

from seatwise.control.jobs.doors import connect, doctor, import_files, sync
from seatwise.control.jobs.due import is_due, work_one
from seatwise.control.jobs.history import DatasetProgress, PastRun, RunProgress, history, newest, progress
from seatwise.control.jobs.importing import ImportAccount, import_account, imports
from seatwise.control.jobs.sample import mark_sample, remove_sample
from seatwise.control.jobs.schedule import schedule
from seatwise.control.jobs.table import ask_sync, cancel, claim
from seatwise.control.jobs.tidy import tidy
from seatwise.control.jobs.uploads import ask_import
from seatwise.control.jobs.watch import Stopped
from seatwise.control.jobs.work import Report, work

__all__ = [
    "DatasetProgress",
    "ImportAccount",
    "PastRun",
    "Report",
    "RunProgress",
    "Stopped",
    "ask_import",
    "ask_sync",
    "cancel",
    "claim",
    "connect",
    "doctor",
    "history",
    "import_account",
    "import_files",
    "imports",
    "is_due",
    "mark_sample",
    "newest",
    "progress",
    "remove_sample",
    "schedule",
    "sync",
    "tidy",
    "work",
    "work_one",
]
