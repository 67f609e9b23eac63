"""How many URLs stand where: the account of a site.

In: a site, a run. Out: counts, with examples. Must not know: Scrapy, what a state means.
"""

from __future__ import annotations

from sqlalchemy import Connection, func, select, text

from newscrawler.tables import urls


def account(conn: Connection, site: str, run: str | None = None) -> dict[str, int]:
    """Return how many URLs of `site` stand in each state, all or those that `run` settled."""
    query = select(urls.c.state, func.count()).where(urls.c.site == site).group_by(urls.c.state)
    if run:
        query = query.where(urls.c.run == run)
    return dict(conn.execute(query).all())


def count_pending(conn: Connection, site: str) -> int:
    """Return how many URLs of `site` wait; from an index of those alone."""
    return int(conn.execute(select(func.count()).where(urls.c.site == site, urls.c.state == text("'pending'"))).scalar_one())


def account_by_sitemap(conn: Connection, site: str) -> dict[str, dict[str, int]]:
    """Return listing -> state -> URLs that it named first."""
    columns = (urls.c.sitemap, urls.c.state)
    found: dict[str, dict[str, int]] = {}
    for sitemap, state, count in conn.execute(select(*columns, func.count()).where(urls.c.site == site).group_by(*columns)):
        found.setdefault(sitemap, {})[state] = count
    return found


def reasons(conn: Connection, site: str, run: str, examples: int) -> dict[str, tuple[int, list[str]]]:
    """Return "state: reason" -> how many URLs `run` settled so, with some examples."""
    mine = (urls.c.site == site, urls.c.run == run, urls.c.reason.is_not(None))
    groups = conn.execute(select(urls.c.state, urls.c.reason, func.count()).where(*mine).group_by(urls.c.state, urls.c.reason))
    found = {}
    for state, reason, count in groups.all():
        some = (
            select(urls.c.url).where(*mine, urls.c.state == state, urls.c.reason == reason).order_by(urls.c.id).limit(examples)
        )
        found[f"{state}: {reason}"] = (count, list(conn.execute(some).scalars()))
    return found
