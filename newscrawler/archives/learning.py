"""What archived pages tell of their site: the profile that the live crawl learned, or would have learned.

In: a survey, sources. Out: a Profile. Must not know: the ledger, files of profiles.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from newscrawler.archives.answers import Place
from newscrawler.archives.captures import Capture
from newscrawler.archives.payload import PassedOver
from newscrawler.archives.reading import fetched_of, own_capture
from newscrawler.archives.sources import Source
from newscrawler.pages import learn_profile
from newscrawler.profiles import Profile
from newscrawler.sites import Site


def learn_from(sources: Sequence[Source], places: Iterable[Place], site: Site) -> Profile | None:
    """Return what the captures at `places` tell of their site, or None where too few of them are articles."""
    return learn_profile((fetched_of(capture) for capture in readable(sources, places)), site)


def readable(sources: Sequence[Source], places: Iterable[Place]) -> Iterator[Capture]:
    for place in places:
        try:
            yield own_capture(sources, place)
        except (OSError, PassedOver):
            continue
