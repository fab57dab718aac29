"""Who can be reached where: the one address a letter to a person goes to, and a forecast.

address_of(work, person_id, event_id)      # where a letter to her goes
addresses_of(work, person_id, event_id)    # everywhere she can be told something
forecast(work, event_id, price=…)          # if this went out now: whom, how, its cost, who is left
"""

from bot.reach.addresses import address_of, addresses_of
from bot.reach.forecast import Forecast, Reached, Way, forecast
from bot.reach.windows import BILLABLE_FOR, FREE_FOR, Window, window_of

__all__ = [
    "BILLABLE_FOR",
    "FREE_FOR",
    "Forecast",
    "Reached",
    "Way",
    "Window",
    "address_of",
    "addresses_of",
    "forecast",
    "window_of",
]
