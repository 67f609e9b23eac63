"""What is said of a run to those who were not watching: facts for a hook, metrics for Prometheus.

In: the exit code, the reports. Out: plain values, text. Must not know: who gets them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from newscrawler.exits import Exit
from newscrawler.reports import SiteReport

GAUGES = {
    "newscrawler_run_exit_code": "Exit code of the site's part of its last run; 0 is well.",
    "newscrawler_run_ended_timestamp_seconds": "When the site's last run ended.",
    "newscrawler_run_duration_seconds": "How long it took.",
    "newscrawler_listed": "Pages the site ever listed.",
    "newscrawler_pages": "Pages by the state they are in.",
    "newscrawler_run_pages": "Pages by the state they got in the last run.",
    "newscrawler_finding": "1 for each cause for which the site is not healthy.",
}
"""Metric -> what it says."""

Sample = tuple[str, Mapping[str, str], float]


def facts(code: Exit, reports: Iterable[SiteReport], output: Path, broken: str | None = None) -> dict[str, Any]:
    """Return what a hook gets: the exit code with its meaning, and of each site what went wrong and where its report is."""
    sites = [
        {
            "site": report.site,
            "run": report.run,
            "exit": report.exit,
            "problems": report.problems,
            "this_run": report.this_run,
            "report": str((output / report.site / f"{report.run}.json").absolute()),
        }
        for report in reports
    ]
    return {"exit": int(code), "name": code.name, "meaning": code.meaning, "broken": broken, "sites": sites}


def metrics(report: SiteReport) -> str:
    """Return one site's metrics in Prometheus' text format. Source: prometheus.io/docs/instrumenting/exposition_formats."""
    lines = []
    found = list(samples(report))
    for name, meaning in GAUGES.items():
        lines += [f"# HELP {name} {meaning}", f"# TYPE {name} gauge"]
        lines += [f"{name}{{{labels(some)}}} {value:.15g}" for metric, some, value in found if metric == name]
    return "\n".join(lines) + "\n"


def samples(report: SiteReport) -> Iterator[Sample]:
    started, ended = (datetime.fromisoformat(moment).timestamp() for moment in (report.started, report.ended))
    site = {"site": report.site}
    yield "newscrawler_run_exit_code", site, report.exit
    yield "newscrawler_run_ended_timestamp_seconds", site, ended
    yield "newscrawler_run_duration_seconds", site, ended - started
    yield "newscrawler_listed", site, report.account["listed"]
    for name, states in (("newscrawler_pages", report.account["states"]), ("newscrawler_run_pages", report.this_run)):
        for state, count in states.items():
            yield name, {**site, "state": state}, count
    for cause in sorted({finding.cause for finding in report.health}):
        yield "newscrawler_finding", {**site, "cause": cause}, 1


def labels(values: Mapping[str, str]) -> str:
    return ",".join(f'{name}="{escaped(value)}"' for name, value in values.items())


def escaped(value: str) -> str:
    return value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
