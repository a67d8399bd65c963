"""A connection's life: made in four ways, tested, judged, kept alive, renewed, and ended."""

from seatwise.control.connections.attempts import begin_consent, begin_sign_in, sweep
from seatwise.control.connections.callback import Outcome, complete, outcome
from seatwise.control.connections.details import Details, checked, field_errors
from seatwise.control.connections.examining import test
from seatwise.control.connections.expiry import ExpiryWarning, days_left, remind, set_expiry, warnings
from seatwise.control.connections.help import TROUBLES, Trouble
from seatwise.control.connections.judging import judge
from seatwise.control.connections.life import Farewell, Step, clean_up_steps, disconnect, swap_credential
from seatwise.control.connections.making import (
    PendingCertificate,
    connect_with_certificate,
    connect_with_secret,
    make_certificate,
    pending_certificate,
    reconnect,
    stored,
)
from seatwise.control.connections.reach import Trial, of_tenant, places, reached, tried
from seatwise.control.connections.registering import RegistrationFacts, registration, set_registration
from seatwise.control.connections.states import shown_code
from seatwise.control.connections.view import ConnectionView, of_workspace, view
from seatwise.control.connections.whereabouts import CloudChoice, clouds

__all__ = [
    "TROUBLES",
    "CloudChoice",
    "ConnectionView",
    "Details",
    "ExpiryWarning",
    "Farewell",
    "Outcome",
    "PendingCertificate",
    "RegistrationFacts",
    "Step",
    "Trial",
    "Trouble",
    "begin_consent",
    "begin_sign_in",
    "checked",
    "clean_up_steps",
    "clouds",
    "complete",
    "connect_with_certificate",
    "connect_with_secret",
    "days_left",
    "disconnect",
    "field_errors",
    "judge",
    "make_certificate",
    "of_tenant",
    "of_workspace",
    "outcome",
    "pending_certificate",
    "places",
    "reached",
    "reconnect",
    "registration",
    "remind",
    "set_expiry",
    "set_registration",
    "shown_code",
    "stored",
    "swap_credential",
    "sweep",
    "test",
    "tried",
    "view",
    "warnings",
]
