"""Seals what must stay secret: one data key per owner, wrapped by a ring of keys that lies apart from the database."""

from seatwise.control.vault.records import drop, fetch, shred, store, versions
from seatwise.control.vault.ring import KeyFacts, State, check, listed, prepare, state
from seatwise.control.vault.rotation import Rotation, rotate
from seatwise.control.vault.sources import EnvironmentKeys, FileKeys, KeySource, key_folder

__all__ = [
    "EnvironmentKeys",
    "FileKeys",
    "KeyFacts",
    "KeySource",
    "Rotation",
    "State",
    "check",
    "drop",
    "fetch",
    "key_folder",
    "listed",
    "prepare",
    "rotate",
    "shred",
    "state",
    "store",
    "versions",
]
