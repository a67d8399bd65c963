"""The database's tables: people, roles, secrets, connections, runs, what people decided, mail, the audit log."""

from seatwise.control.models.audit import AuditEntry, GuideAnswer, Notice
from seatwise.control.models.cards import CardPutAway, CardSighting, CardTold, CardWatch
from seatwise.control.models.connections import Attempt, Connection, Registration
from seatwise.control.models.decisions import Decision, Draft
from seatwise.control.models.forgetting import Forgetting
from seatwise.control.models.mail import Letter, MailChoice, MailServer
from seatwise.control.models.people import Link, Membership, Person, Workspace
from seatwise.control.models.runs import Run
from seatwise.control.models.secrets import DataKey, KeyCheck, Secret

__all__ = [
    "Attempt",
    "AuditEntry",
    "CardPutAway",
    "CardSighting",
    "CardTold",
    "CardWatch",
    "Connection",
    "DataKey",
    "Decision",
    "Draft",
    "Forgetting",
    "GuideAnswer",
    "KeyCheck",
    "Letter",
    "Link",
    "MailChoice",
    "MailServer",
    "Membership",
    "Notice",
    "Person",
    "Registration",
    "Run",
    "Secret",
    "Workspace",
]
