"""Forms in which exported sign-ins reach us: bytes in, records and their accounting out; nothing is written."""

from seatwise.lake.forms.canonical import Event, Found, SetAside, encode
from seatwise.lake.forms.containers import Member, Unreadable, members
from seatwise.lake.forms.csv_records import EXPECTED
from seatwise.lake.forms.diagnostic import Hour
from seatwise.lake.forms.recognise import Reading

__all__ = ["EXPECTED", "Event", "Found", "Hour", "Member", "Reading", "SetAside", "Unreadable", "encode", "members"]
