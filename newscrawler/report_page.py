"""RUN.html: one run of one site, for the person who wants to know whether all is well, and where to look if not.

In: the values of RUN.json. Out: one self-contained HTML page. Must not know: the ledger, files, Scrapy.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from html import escape
from typing import Any
from urllib.parse import quote

from newscrawler.markup import document, link, showable, text

FUNNEL: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("listed", ("pending", "filtered", "robots")),
    ("asked for", ("gone", "http_error", "failed")),
    ("pages read", ("not_article", "incomplete")),
    ("articles", ("duplicate",)),
    ("kept", ()),
)
"""Stages of the account, and the states that do not reach the next stage."""

ROWS = 15
"""Rows of a table that grows with the site: what fits a screen; RUN.json has more."""

FAILED = ("failed", "http_error", "gone", "robots", "incomplete", "not_article")
"""States whose reasons are worth a look, the gravest first."""

Row = tuple[str, int]


def report_page(report: Mapping[str, Any], beside: str | None = None) -> str:
    """Return the page. report: as in RUN.json; whatever text it holds is shown as text.

    beside: the same for programs, the file's name; default RUN.json.
    """
    kept = report["this_run"].get("kept", 0)
    parts = (
        head(report),
        verdict(report),
        section("The account", funnel(report["account"])),
        section("Articles over time", over_time(report["articles"])),
        section("Some of the articles", links(report["titles"])),
        section("Top sources", bars(report["sources"].items(), kept)),
        section("Mirrors with the same stories", mirrors(report["spread"])),
        section("Copies a story", bars(named_copies(report["spread"]), report["spread"]["stories"], share=True)),
        section("Fields that the articles have", bars(report["fields"].items(), kept, share=True)),
        section("Cut most", bars(report["removed"].items(), max(report["removed"].values(), default=0))),
        section("Pages that gave no article, and why", failures(report)),
        section("Listings", listings(report["sitemaps"])),
        section("Files", files(report, beside or f"{report['run']}.json")),
    )
    return document(f"{report['site']}: run {report['run']}", "".join(parts))


def head(report: Mapping[str, Any]) -> str:
    states = ", ".join(f"{count:,} {text(state)}" for state, count in report["this_run"].items()) or "nothing new"
    return (
        f"<h1>{text(report['site'])}</h1><p>{link(report['url'])}</p>"
        f'<p class="dim">{text(report["started"])} to {text(report["ended"])}, {text(report["status"])}. '
        f"In this run: {states}.</p>"
    )


def verdict(report: Mapping[str, Any]) -> str:
    """Return what is wrong, or that nothing is."""
    findings = [f"{finding['cause']}: {finding['sentence']}" for finding in report["health"]]
    wrong = list(dict.fromkeys((*report["problems"], *findings)))
    if not wrong:
        return f'<div class="verdict" role="status">{WELL}</div>'
    items = "".join(f"<li>{text(sentence)}</li>" for sentence in wrong)
    return f'<div class="verdict bad" role="alert"><strong>Exit code {int(report["exit"])}</strong><ul>{items}</ul></div>'


WELL = "All is well: the account balances, and nothing stands out against earlier runs."


def section(title: str, content: str) -> str:
    return f"<section><h2>{escape(title)}</h2>{content or NOTHING}</section>"


NOTHING = '<p class="dim">none</p>'


def funnel(account: Mapping[str, Any]) -> str:
    """Return the stages from listed to kept, and under each what it loses."""
    states, listed = account["states"], account["listed"]
    left, rows = sum(states.values()), []
    for stage, losses in FUNNEL:
        rows.append(row(stage, left, listed, "stage"))
        lost = [(state, states[state]) for state in losses if states.get(state)]
        rows.extend(row(state, count, listed, "less") for state, count in lost)
        left -= sum(count for _, count in lost)
    return table(rows) + f"<p class='dim'>{balance(account)}</p>"


def balance(account: Mapping[str, Any]) -> str:
    listed, stated = account["listed"], sum(account["states"].values())
    words = "It balances" if account["balanced"] else "It does not balance"
    unchanged = account["states"].get("unchanged", 0)
    also = f" Of those kept, {unchanged:,} were looked at again and had not changed." if unchanged else ""
    return f"{words}: {listed:,} addresses were listed, {stated:,} have a state.{also}"


def over_time(articles: Mapping[str, int]) -> str:
    """Return a column a day, month or year, its ends named, and the numbers for whoever cannot see it."""
    if not articles:
        return ""
    most, names = max(articles.values()), list(articles)
    columns = "".join(
        f'<rect x="{at + 0.1:.1f}" y="{100 - 100 * count / most:.2f}" width=".8" height="{100 * count / most:.2f}"/>'
        for at, count in enumerate(articles.values())
    )
    label = f"{len(names)} columns from {names[0]} to {names[-1]}, at most {most} articles"
    return (
        f'<div class="chart"><svg viewBox="0 0 {len(names)} 100" preserveAspectRatio="none" role="img" '
        f'aria-label="{escape(showable(label))}">{columns}</svg><div class="ends"><span>{text(names[0])}</span>'
        f"<span>most: {most:,}</span><span>{text(names[-1])}</span></div></div>"
        f"<details><summary>as a table</summary>{table(row(*one, most) for one in articles.items())}</details>"
    )


def mirrors(spread: Mapping[str, Any]) -> str:
    """Return how many of the run's stories other mirrors have, and which."""
    if not spread["stories"]:
        return ""
    sentence = f"Of {spread['stories']:,} stories in this run, {spread['shared']:,} are known from another mirror too."
    return f"<p>{sentence}</p>{bars(spread['mirrors'].items(), spread['stories'], share=True)}"


def named_copies(spread: Mapping[str, Any]) -> Iterator[Row]:
    for copies, stories in spread["copies"].items():
        yield "one, here alone" if copies == "1" else f"{copies} copies", stories


def bars(rows: Iterable[Row], whole: int, *, share: bool = False) -> str:
    shown = list(rows)[:ROWS]
    return table(row(name, count, whole, share=share) for name, count in shown) if whole and shown else ""


def table(rows: Iterable[str]) -> str:
    heading = '<thead class="unseen"><tr><th>name</th><th>count</th><th>bar</th></tr></thead>'
    columns = '<colgroup><col class="name"/><col class="count"/><col/></colgroup>'
    return f"<table>{columns}{heading}<tbody>{''.join(rows)}</tbody></table>"


def row(name: str, count: int, whole: int, kind: str = "", *, share: bool = False) -> str:
    """Return a table's row with its bar. kind: "stage", "less" or nothing."""
    part = min(100.0, 100 * count / whole) if whole else 0.0
    shown = f"{count:,} · {part:.0f}%" if share else f"{'−' if kind == 'less' else ''}{count:,}"
    return (
        f'<tr class="{kind}"><th scope="row" class="name {kind}">{text(name)}</th><td class="count">{shown}</td>'
        '<td class="bar"><svg viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true">'
        f'<rect width="{part:.2f}" height="10"/></svg></td></tr>'
    )


def failures(report: Mapping[str, Any]) -> str:
    """Return each reason with its count, and some of its addresses to look at."""
    found = [(reason, count) for reason, count in report["reasons"].items() if reason.partition(":")[0] in FAILED]
    found.sort(key=lambda one: (FAILED.index(one[0].partition(":")[0]), -one[1]))
    return "".join(failure(reason, count, report["examples"].get(reason, ())) for reason, count in found)


def failure(reason: str, count: int, examples: Iterable[str]) -> str:
    links = "".join(f"<li>{link(address)}</li>" for address in examples)
    return f"<details><summary>{text(reason)}: {count:,}</summary><ul>{links}</ul></details>"


def links(titles: Mapping[str, str]) -> str:
    items = "".join(f"<li>{link(address, title)}</li>" for address, title in titles.items())
    return f"<ul>{items}</ul>" if items else ""


def listings(sitemaps: list[Mapping[str, Any]]) -> str:
    items = "".join(
        f"<li>{link(one['url'])}: {text(one['outcome'])}, {one['entries']:,} entries</li>" for one in sitemaps[:ROWS]
    )
    more = f"<li>and {len(sitemaps) - ROWS:,} more</li>" if len(sitemaps) > ROWS else ""
    return f"<ul>{items}{more}</ul>" if items else ""


def files(report: Mapping[str, Any], beside: str) -> str:
    return f"<ul>{''.join(file_items(report, beside))}</ul>"


def file_items(report: Mapping[str, Any], beside: str) -> Iterator[str]:
    """Yield the files that lie beside the page."""
    for file in report["files"]:
        yield f"<li><a href='{quote(showable(file['path']))}'>{text(file['path'])}</a>: {file['lines']:,} lines</li>"
    for file in report["archives"]:
        yield f"<li><a href='{quote(showable(file['path']))}'>{text(file['path'])}</a>: {file['records']:,} records</li>"
    yield f"<li><a href='{quote(showable(beside))}'>{text(beside)}</a>: this report, for programs</li>"
