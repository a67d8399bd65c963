"""Commands run in a company whose directory was read."""

from tests.control.conftest import company
from tests.control.decisions.conftest import read

__all__ = ["company", "read"]
