"""Whether a run's pages still fit the profile they are read with, and how two profiles differ.

In: Readings, or two Profiles. Out: a sentence when they stop fitting; the lines of a comparison.
Must not know: what is done about it.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterator

from newscrawler.profiles.profile import Profile, Template
from newscrawler.profiles.reading import Reading

LOOKED_AT = 16
"""Last pages that are judged together: a few odd pages (galleries, live blogs) among them are no drift."""

MISSED = 0.5
"""Share of what a page should have by its template (its layout, and the lines that recurred on nearly all pages), from
which it misfits; and share of the last pages that must misfit."""

_STATED = re.compile(r", fit (\d\.\d\d)$")


def fits(reading: Reading) -> float:
    """Return how well a page fits its profile, once it is settled: 1 as well as the sample, 0 not at all."""
    if reading.number is None:
        return 0.0
    expected = reading.known.expected[reading.number]
    if not expected:
        return reading.fit
    return reading.fit * len(reading.patterns & expected) / len(expected)


def state(reading: Reading) -> str:
    """Return the evidence for a body that was settled with a profile."""
    return f"profile version {reading.known.profile.version}, fit {fits(reading):.2f}"


def stated_fit(evidence: str | None) -> float:
    """Return the fit that the evidence for an article's body states; 0 where its page was read by the rules alone."""
    found = _STATED.search(evidence or "")
    return float(found[1]) if found else 0.0


class Drift:
    """The fits of a run's last pages of one site."""

    def __init__(self) -> None:
        self.last: deque[float] = deque(maxlen=LOOKED_AT)
        self.misfits: list[str] = []
        """Addresses of the pages that misfit, in order: those to read again with a new version."""

    def note(self, url: str, fit: float) -> str | None:
        """Take note of a page; return a sentence once the pages have stopped fitting.

        fit: `stated_fit` of the article's evidence["body"]; 0 for a listed page that was found to be no article.
        """
        self.last.append(fit)
        if fit < MISSED:
            self.misfits.append(url)
        missed = sum(fit < MISSED for fit in self.last)
        if len(self.last) < LOOKED_AT or missed <= MISSED * LOOKED_AT:
            return None
        return f"{missed} of the last {LOOKED_AT} pages do not fit the profile"


def compare(before: Profile | None, after: Profile) -> Iterator[str]:
    """Yield a line for each thing that `after` knows otherwise than `before`: "- gone", "+ new"."""
    old, new = (set(_statements(profile)) if profile else set() for profile in (before, after))
    yield from (f"- {line}" for line in sorted(old - new))
    yield from (f"+ {line}" for line in sorted(new - old))


def _statements(profile: Profile) -> Iterator[str]:
    yield f"zone {profile.zone}"
    yield f"month first {profile.month_first}"
    yield from (f"name {name}" for name in profile.names)
    for template in profile.templates:
        yield from _of_template(template)


def _of_template(template: Template) -> Iterator[str]:
    yield f"text in {template.container}"
    yield from (f"{name} at {path}" for name, path in template.fields.items())
    yield from (f"{entry.where} {entry.role} {entry.pattern}" for entry in template.repeats)
