"""The login half of the sandbox: discovery, the pages a person sees, tokens, and who a token speaks for."""

from entra_sandbox.identity import fixtures
from entra_sandbox.identity.bearer import authenticate
from entra_sandbox.identity.context import Caller, Sandbox
from entra_sandbox.identity.memory import Identity, open_identity
from entra_sandbox.identity.routing import routes

__all__ = ["Caller", "Identity", "Sandbox", "authenticate", "fixtures", "open_identity", "routes"]
