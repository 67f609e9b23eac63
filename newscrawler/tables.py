"""The ledger's tables: one `metadata` on which every module that keeps state declares its own.

In: nothing. Out: table definitions. Must not know: queries, files, Scrapy.
"""

from sqlalchemy import Column, Float, Index, Integer, MetaData, String, Table, Text, UniqueConstraint, text

metadata = MetaData()

VERSION = 4
"""Schema version, kept in SQLite's user_version; a ledger of another version is refused with a sentence."""

STATES = (
    "pending",
    "kept",
    "duplicate",
    "unchanged",
    "not_article",
    "incomplete",
    "filtered",
    "robots",
    "gone",
    "http_error",
    "failed",
)
"""The one state each listed URL is in (see docs: the account)."""

urls = Table(
    "urls",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("site", String, nullable=False),
    Column("url", Text, nullable=False),
    Column("sitemap", Text, nullable=False, doc="address of the listing that named it first"),
    Column("elsewhere", Integer, nullable=False, server_default="0", doc="1: another listing names it too, or may"),
    Column("listed", String, nullable=False, doc="run in which a listing named it last"),
    Column("lastmod", String, doc="as the listing gave it last"),
    Column("rank", Float, nullable=False, server_default="0", doc="seconds of lastmod; the greater, the sooner it is fetched"),
    Column("news", Text, doc="the listing's news data, JSON"),
    Column("state", String, nullable=False, server_default="pending"),
    Column("reason", String),
    Column("run", String, doc="run that gave it its state"),
    Column("attempts", Integer, nullable=False, server_default="0"),
    Column("checks", Integer, nullable=False, server_default="0", doc="re-checks in a row that found nothing new"),
    Column("due", Float, doc="seconds since the epoch from which a re-check is wanted; null: never by itself"),
    Column("fetched", Float, doc="seconds since the epoch of the last answer"),
    Column("read_lastmod", String, doc="lastmod when the page was read last"),
    Column("etag", String),
    Column("last_modified", String),
    Column("article", String, doc="id of the article read from it"),
    Column("version", Integer),
    Column("content_hash", String),
    UniqueConstraint("site", "url"),
)
Index("urls_pending", urls.c.site, urls.c.rank.desc(), urls.c.id, sqlite_where=text("state = 'pending'"))
Index("urls_due", urls.c.site, urls.c.due, sqlite_where=text("due IS NOT NULL AND state <> 'pending'"))

sitemaps = Table(
    "sitemaps",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("site", String, nullable=False),
    Column("url", Text, nullable=False),
    Column("parent", Text, doc="index or page that named it; null for a starting point"),
    Column("kind", String),
    Column("outcome", String, nullable=False, doc="read, unchanged, named (not read yet) or a named failure"),
    Column("entries", Integer, nullable=False, server_default="0", doc="page entries it listed when last read"),
    Column("losses", Text, doc="reason -> count of what could not be read, JSON"),
    Column("lastmod", String),
    Column("etag", String),
    Column("last_modified", String),
    Column("run", String, nullable=False, doc="run that asked for it last"),
    UniqueConstraint("site", "url"),
)

runs = Table(
    "runs",
    metadata,
    Column("run", String, primary_key=True),
    Column("site", String, primary_key=True),
    Column("started", Float, nullable=False),
    Column("ended", Float, doc="null while it runs, and after a kill until the same site is crawled again"),
    Column("report", Text, doc="the site's part of RUN.json"),
)

shards = Table(
    "shards",
    metadata,
    Column("path", Text, primary_key=True, doc="relative to the output folder"),
    Column("site", String, nullable=False),
    Column("run", String, nullable=False),
    Column("length", Integer, nullable=False, doc="bytes committed"),
    Column("sha256", String, doc="set when the file was sealed"),
)
facts = Table(
    "facts",
    metadata,
    Column("site", String, primary_key=True),
    Column("name", String, primary_key=True),
    Column("count", Integer, nullable=False),
)
"""What was counted of a site over its runs, e.g. how often its lastmod told the truth."""

archives = Table(
    "archives",
    metadata,
    Column("path", Text, primary_key=True, doc="of a WARC file that has its row in shards"),
    Column("records", Integer, nullable=False, doc="records committed"),
)

assets = Table(
    "assets",
    metadata,
    Column("site", String, primary_key=True),
    Column("url", Text, primary_key=True),
    Column("depth", Integer, nullable=False, doc="1: a page refers to it; 2: a style sheet of depth 1; and so on"),
    Column("outcome", String, doc="what the request came to; null while it is still to be made"),
)
"""Images, styles and scripts that archived pages refer to."""

Index("shards_run", shards.c.site, shards.c.run)
