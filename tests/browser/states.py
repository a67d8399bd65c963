"""Every page and dialog state of the product. Checked for access, and photographed."""

from tests.browser.state import State
from tests.browser.states_before import EMPTY as BEFORE
from tests.browser.states_connected import BROKEN
from tests.browser.states_connected import CONNECTED as WHOLE
from tests.browser.states_decided import DECIDED
from tests.browser.states_doors import WAYS_IN
from tests.browser.states_lists import LISTS
from tests.browser.states_money import EMPTY_MONEY, MONEY
from tests.browser.states_people import PEOPLE
from tests.browser.states_trends import EMPTY_TRENDS, TRENDS

EMPTY = (*BEFORE, *EMPTY_TRENDS, *EMPTY_MONEY)
CONNECTED = (*WHOLE, *LISTS, *PEOPLE, *TRENDS, *DECIDED, *MONEY)

__all__ = ["BROKEN", "CONNECTED", "EMPTY", "WAYS_IN", "State"]
