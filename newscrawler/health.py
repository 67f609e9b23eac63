"""Whether a site still does what it used to do: silent death is what people who run many sites fear most.

In: a run's report, the reports of earlier runs. Out: findings, each with its cause from a closed list. Must not know: Scrapy.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Any, Literal

Cause = Literal["no_listing", "blocked", "certificate", "template_changed", "dates_stopped", "fewer_articles"]

BASELINE = 7
"""Earlier runs that make the baseline: a week of daily runs."""

ENOUGH = 10
"""Pages below which a share says nothing."""

HALF = 0.5
"""Share that must be lost before a site counts as changed: weekends and holidays halve the news, hardly more."""

SILENCE = 0.1
"""Share of the baseline's articles below which a run that used to bring many counts as silent."""


@dataclass(frozen=True, slots=True)
class Finding:
    """Something is wrong with the site: why, in one word, and in one sentence."""

    cause: Cause
    sentence: str


def diagnose(report: Mapping[str, Any], earlier: Sequence[Mapping[str, Any]]) -> list[Finding]:
    """Return what is wrong with the run that `report` is of, measured against `earlier` ones, the newest first.

    A first run has no baseline: only what is wrong by itself is found.
    """
    baseline = [run for run in earlier if run["status"] == "complete"][:BASELINE]
    found = [
        listing_finding(report),
        stopped_finding(report),
        template_finding(report, baseline),
        dates_finding(report, baseline),
        articles_finding(report, baseline),
    ]
    return [finding for finding in found if finding]


def listing_finding(report: Mapping[str, Any]) -> Finding | None:
    """Every listing failed, or listed nothing, and nothing else explains it."""
    unread = report["status"] != "complete" or report.get("stopped")
    if unread or any(sitemap["entries"] for sitemap in report["sitemaps"]):
        return None
    tried = len(report["sitemaps"])
    return Finding("no_listing", f"none of {tried} listings named a page" if tried else "no listing was found")


def stopped_finding(report: Mapping[str, Any]) -> Finding | None:
    """The host was asked for no more."""
    stopped = report.get("stopped") or ""
    if not stopped:
        return None
    return Finding("certificate" if "certificate" in stopped else "blocked", stopped)


def template_finding(report: Mapping[str, Any], baseline: Sequence[Mapping[str, Any]]) -> Finding | None:
    """Most pages gave no article, and that is new; or none ever did."""
    read, empty = pages_read(report)
    if read < ENOUGH or empty / read < HALF:
        return None
    before = [(r, e) for r, e in map(pages_read, baseline) if r >= ENOUGH]
    if before and median(e / r for r, e in before) >= HALF:
        return None
    return Finding("template_changed", f"{empty} of {read} pages gave no article")


def pages_read(report: Mapping[str, Any]) -> tuple[int, int]:
    """Return how many pages were read, and how many of them gave no article."""
    states = report["this_run"]
    empty = states.get("not_article", 0) + states.get("incomplete", 0)
    return empty + states.get("kept", 0) + states.get("duplicate", 0), empty


def dates_finding(report: Mapping[str, Any], baseline: Sequence[Mapping[str, Any]]) -> Finding | None:
    """Articles came without a date that used to have one."""
    kept, dated = dates_of(report)
    if kept < ENOUGH or dated / kept >= HALF:
        return None
    before = [d / k for k, d in map(dates_of, baseline) if k >= ENOUGH]
    if before and median(before) < HALF:
        return None
    return Finding("dates_stopped", f"{kept - dated} of {kept} articles have no timestamp")


def dates_of(report: Mapping[str, Any]) -> tuple[int, int]:
    """Return how many lines were written, and how many of them have a timestamp."""
    return report["this_run"].get("kept", 0), report["fields"].get("timestamp", 0)


def articles_finding(report: Mapping[str, Any], baseline: Sequence[Mapping[str, Any]]) -> Finding | None:
    """A site that brought many articles a run brought hardly one. The first run, which reads the past, is no measure."""
    usual = [run["this_run"].get("kept", 0) for run in baseline[:-1]]
    if len(usual) < 3 or report["status"] != "complete":
        return None
    kept, expected = report["this_run"].get("kept", 0), median(usual)
    if expected < ENOUGH or kept >= SILENCE * expected:
        return None
    return Finding("fewer_articles", f"{kept} articles, {expected:.0f} in a usual run")
