"""The ledger can be made anew from the files that readers have."""

from pathlib import Path

import pytest
from test_runs import PAGES, copies_of, crawl

from newscrawler.accounts import account
from newscrawler.items import article_id
from newscrawler.ledger import Ledger, LedgerError
from newscrawler.rebuild import rebuild
from newscrawler.stories import Stories


def test_a_rebuilt_ledger_knows_pages_and_stories(tmp_path: Path) -> None:
    crawl(tmp_path, copies_of(PAGES))
    old, new = Ledger(tmp_path / "ledger.db"), Ledger(tmp_path / "new.db")
    assert rebuild(tmp_path / "out", new) == {"runs": 2, "articles": 3, "duplicates": 7}
    ids = [article_id(article.url) for article in PAGES]
    assert Stories(new.engine).labels(ids) == Stories(old.engine).labels(ids)
    for site in ("a.example", "bb.example"):
        with old.begin() as before, new.begin() as after:
            assert account(after, site) == account(before, site)


def test_a_file_that_is_gone_is_counted_and_its_pages_are_new_again(tmp_path: Path) -> None:
    crawl(tmp_path, copies_of(PAGES))
    for path in (tmp_path / "out").rglob("*.duplicates.jsonl"):
        path.unlink()
    counts = rebuild(tmp_path / "out", Ledger(tmp_path / "new.db"))
    assert counts == {"runs": 2, "articles": 3, "missing": 2}


def test_reports_that_are_gone_lose_no_page(tmp_path: Path) -> None:
    crawl(tmp_path, copies_of(PAGES))
    for path in (tmp_path / "out").rglob("*.json"):
        path.unlink()
    counts = rebuild(tmp_path / "out", new := Ledger(tmp_path / "new.db"))
    assert counts == {"articles": 3, "duplicates": 7, "unreported": len(list((tmp_path / "out").rglob("*.jsonl")))}
    with new.begin() as conn:
        assert sum(sum(account(conn, site).values()) for site in ("a.example", "bb.example")) == len(PAGES)


def test_a_file_that_a_person_cut_is_named(tmp_path: Path) -> None:
    crawl(tmp_path, copies_of(PAGES))
    path = max((tmp_path / "out").rglob("*.duplicates.jsonl"))
    path.write_bytes(path.read_bytes()[:-9])
    with pytest.raises(LedgerError, match=f"{path} is not as it was sealed"):
        rebuild(tmp_path / "out", Ledger(tmp_path / "new.db"))
