"""The archives of a run: written beside its articles, committed with its outcomes.

In: a run, exchanges by site. Out: SITE/archive/RUN-NUMBER.warc.gz below the run's folder, each with its row in the ledger.
Must not know: Scrapy, how a record is written.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from sqlalchemy import Connection, select
from sqlalchemy.dialects.sqlite import insert

from newscrawler.archives.captures import Exchange
from newscrawler.archives.remarks import Remark
from newscrawler.archives.writer import ROTATE, SUFFIX, ArchiveWriter, Extents, recover
from newscrawler.history import record_shard
from newscrawler.runs import Run
from newscrawler.shards import ShardError, digest_of
from newscrawler.tables import archives, shards

FOLDER = "archive"
"""Below a site's folder."""


class Shelf:
    """Archives of the sites of `run`. Raises LedgerError, ShardError or OSError where what is promised cannot be kept."""

    def __init__(self, run: Run, rotate: int = ROTATE) -> None:
        self._run = run
        self._writer = ArchiveWriter(rotate)
        self._sites: list[str] = []
        self._open = True
        run.committers.append(self._commit)

    def __contains__(self, site: str) -> bool:
        return site in self._sites

    def begin(self, site: str, description: Mapping[str, str]) -> None:
        """Begin the site's archive; what a stop left uncommitted is cut off first."""
        folder = self._run.folder / site / FOLDER
        run = self._run.sites[site].run
        with self._run.ledger.begin() as conn:
            lengths = {Path(path).name: length for path, length in self._lengths(conn, site).items()}
            changed = recover(folder, run, lengths)
            if changed:
                raise ShardError(
                    f"{folder / changed[0]} holds less than was committed: restore it, or crawl without archive=yes"
                )
            self._record_digests(conn, site)
        self._writer.open(site, folder, run, description)
        self._sites.append(site)

    def add(self, site: str, given: Exchange | Remark) -> None:
        """Archive it with the next commit."""
        self._writer.add(site, given)
        self._run.more_to_commit = True

    def _commit(self, conn: Connection) -> None:
        """Record how long the files are, in the transaction that says what became of their pages."""
        if not self._open:
            return
        for site, extents in self._writer.commit().items():
            self._record_extents(conn, site, extents)

    def end(self) -> None:
        """Make every file complete, under its final name and with its digest in the ledger."""
        self._open = False
        extents = self._writer.commit(last=True)
        with self._run.ledger.begin() as conn:
            for site, grown in extents.items():
                self._record_extents(conn, site, grown)
        self._writer.close()
        with self._run.ledger.begin() as conn:
            for site in self._sites:
                self._record_digests(conn, site)

    def files(self, site: str) -> list[Path]:
        """Return the site's files of this run, complete ones, in order."""
        return sorted((self._run.folder / site / FOLDER).glob(f"{self._run.sites[site].run}-*{SUFFIX}"))

    def _lengths(self, conn: Connection, site: str) -> dict[str, int]:
        mine = (shards.c.site == site, shards.c.run == self._run.sites[site].run)
        below = shards.c.path.startswith(f"{site}/{FOLDER}/", autoescape=True)
        found = conn.execute(select(shards.c.path, shards.c.length).where(*mine, below))
        return {row.path: row.length for row in found}

    def _record_extents(self, conn: Connection, site: str, extents: Extents) -> None:
        for name, extent in extents.items():
            path = self._record(conn, site, name, extent.length, None)
            row = insert(archives).values(path=path, records=extent.records)
            conn.execute(row.on_conflict_do_update(index_elements=["path"], set_={"records": row.excluded.records}))

    def _record_digests(self, conn: Connection, site: str) -> None:
        for path in self.files(site):
            self._record(conn, site, path.name, path.stat().st_size, digest_of(path))

    def _record(self, conn: Connection, site: str, name: str, length: int, sha256: str | None) -> str:
        path = f"{site}/{FOLDER}/{name}"
        record_shard(conn, path=path, site=site, run=self._run.sites[site].run, length=length, sha256=sha256)
        return path
