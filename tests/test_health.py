"""Which runs are sick, and of what."""

from typing import Any

import pytest

from newscrawler.health import diagnose


def run(kept: int = 40, **changes: Any) -> dict[str, Any]:
    report = {
        "status": "complete",
        "sitemaps": [{"url": "s.xml", "entries": 100}],
        "this_run": {"kept": kept},
        "fields": {"timestamp": kept},
        "stopped": None,
    }
    return report | changes


USUAL = [run() for _ in range(5)]

CASES = [
    ("a usual run", run(), USUAL, []),
    ("a first run", run(), [], []),
    ("no listing found", run(sitemaps=[]), USUAL, ["no_listing"]),
    ("a listing that became empty", run(sitemaps=[{"url": "s.xml", "entries": 0}]), USUAL, ["no_listing"]),
    ("a listing that did not change", run(0, sitemaps=[{"url": "s.xml", "entries": 100}]), [], []),
    ("refused", run(stopped="m.example: it refused 6 requests in a row (http_403)"), USUAL, ["blocked"]),
    ("certificate", run(stopped="m.example: its certificate was not accepted (expired)"), USUAL, ["certificate"]),
    ("no article on most pages", run(this_run={"kept": 9, "not_article": 20}), USUAL, ["template_changed"]),
    ("a listing that always had other pages", run(this_run={"kept": 9, "not_article": 20}),
     [run(this_run={"kept": 9, "not_article": 20})] * 3, []),
    ("few pages say nothing", run(this_run={"not_article": 5}), USUAL[:2], []),
    ("dates gone", run(fields={"timestamp": 3}), USUAL, ["dates_stopped"]),
    ("dates never there", run(fields={"timestamp": 0}), [run(fields={"timestamp": 0})] * 3, []),
    ("silence", run(1, this_run={"kept": 1}), USUAL, ["fewer_articles"]),
    ("a quiet day", run(15), USUAL, []),
    ("the first run's flood is no measure", run(2), [run(3), run(2), run(3), run(5000)], []),
    ("an interrupted run is not judged by its count", run(1, status="interrupted"), USUAL, []),
]  # fmt: skip


@pytest.mark.parametrize(("report", "earlier", "causes"), [case[1:] for case in CASES], ids=[case[0] for case in CASES])
def test_findings(report: dict[str, Any], earlier: list[dict[str, Any]], causes: list[str]) -> None:
    assert [finding.cause for finding in diagnose(report, earlier)] == causes
