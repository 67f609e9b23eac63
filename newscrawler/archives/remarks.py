"""What a crawl tells its archive besides answers: the profiles it reads with, and which page was read with another one.

In: profiles, addresses. Out: Remarks, to be written as WARC `metadata` records; and back. Must not know: WARC, files.

A capture's notes name the profile in force when it came ("profile": its key). A page that is read with another one after all,
because the site was learned from it or learned anew meanwhile, gets a remark in the commit that has its outcome.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from hashlib import sha256
from typing import NamedTuple

import msgspec

from newscrawler.profiles import Profile
from newscrawler.profiles.profile import encode

PROFILE = "application/vnd.newscrawler.profile+json"
"""Content type of a profile, as its file has it: in force from here on."""

READING = "application/vnd.newscrawler.reading+json"
"""Content type of a ReadWith, about the last capture of its page so far."""

RULES = "rules"
"""Key where no profile is in force: the rules alone."""

Known = Mapping[str, Mapping[str, Profile | None]]
"""Profiles by site and key; UNSAID is the key of captures that name none, or one that is not there."""

UNSAID = ""


class Remark(NamedTuple):
    """One record's content type and content."""

    kind: str
    content: bytes

    @property
    def size(self) -> int:
        """Bytes it holds in memory, near enough to bound a queue."""
        return len(self.content) + 256


class ReadWith(msgspec.Struct, frozen=True):
    """The page that was listed as this was read with the profile of this key."""

    site: str
    listed: str
    profile: str


def key_of(profile: Profile | None) -> str:
    """Return what names the profile: the same for the same content."""
    return sha256(encode(profile)).hexdigest()[:16] if profile else RULES


def told_profile(profile: Profile) -> Remark:
    return Remark(PROFILE, encode(profile))


def told_reading(site: str, listed: str, key: str) -> Remark:
    return Remark(READING, msgspec.json.encode(ReadWith(site, listed, key)))


def known_profiles(
    stored: Profile | None, told: Mapping[str, Profile], learn: Callable[[], Profile | None]
) -> dict[str, Profile | None]:
    """Return a site's profiles by key, so that each page is read as the archived crawl read it.

    A profile on file that the crawl did not have was learned or corrected since: it is for every page. told: what the archive
    tells, the one last in force last. learn: for archives that tell none.
    """
    if stored and key_of(stored) not in told:
        return {UNSAID: stored}
    first = next(iter(told.values()), None) or learn()
    return {RULES: None, UNSAID: first, **told}


def unsaved(stored: Profile | None, known: Mapping[str, Profile | None]) -> list[Profile]:
    """Return what of `known_profiles` is to be put on file after `stored`, the one last in force last."""
    found = {key_of(profile): profile for profile in known.values() if profile}
    return list(found.values())[list(found).index(key_of(stored)) + 1 if stored else 0 :]
