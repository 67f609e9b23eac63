"""Seconds for waits and pauses. In: nothing. Out: seconds since the epoch that never go back. Must not know: who waits.

A clock that is set while a crawl runs (by a person, by NTP after a boot) would end a host's pause at once, or make it last a
year. What is written down (when a page was fetched, when a run began) is the machine's clock, whatever it says.
"""

from time import monotonic, time

_STARTED = time() - monotonic()


def steady() -> float:
    """Return the seconds since the epoch as the clock stood when the process began, counted on from there."""
    return _STARTED + monotonic()
