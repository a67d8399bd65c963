"""Every page and dialog state of the product. Checked for access, and photographed."""

from tests.browser.state import State
from tests.browser.states_before import EMPTY
from tests.browser.states_connected import BROKEN, CONNECTED
from tests.browser.states_doors import WAYS_IN

__all__ = ["BROKEN", "CONNECTED", "EMPTY", "WAYS_IN", "State"]
