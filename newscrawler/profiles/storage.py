"""Profiles as files: data/state/profiles/SITE.json, and the versions before it beside.

In: a folder and a site's name. Out: Profiles, files written whole or not at all. Must not know: what is in them.
"""

from __future__ import annotations

import os
from pathlib import Path

from newscrawler.profiles.profile import Profile, decode, encode


def load_profile(folder: Path, site: str) -> Profile | None:
    """Return the site's profile, or None where none was learned. Raises ValueError that names the file."""
    path = folder / f"{site}.json"
    try:
        return decode(path.read_bytes())
    except FileNotFoundError:
        return None
    except ValueError as error:
        raise ValueError(f"{path}: {error}") from error


def save_profile(folder: Path, profile: Profile) -> Path:
    """Write the profile as the site's; an older version stays beside it as SITE.v1.json. Returns the path."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{profile.site}.json"
    before = load_profile(folder, profile.site)
    if before and before.version != profile.version:
        _write(folder / f"{profile.site}.v{before.version}.json", encode(before))
    _write(path, encode(profile))
    return path


def _write(path: Path, data: bytes) -> None:
    part = path.with_suffix(".part")
    with part.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    part.replace(path)
