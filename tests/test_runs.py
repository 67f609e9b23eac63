"""What a run promises: commits that survive any stop, and files that do not depend on who came first."""

import json
import random
from pathlib import Path

import pytest

from newscrawler.accounts import account
from newscrawler.exits import Exit
from newscrawler.finish import Finish
from newscrawler.items import Article, article_id, content_hash
from newscrawler.ledger import Ledger
from newscrawler.rows import Listing, list_urls, take_pending
from newscrawler.runs import Run
from newscrawler.shards import Journal, ShardError
from newscrawler.sites import site_of
from newscrawler.stories import Stories
from newscrawler.visits import Visit

FACTS = (
    ("council", "Arden", "voted", "Monday", "harbour"),
    ("mayor", "Belton", "resigned", "Tuesday", "budget"),
    ("court", "Carrow", "ruled", "Friday", "library"),
    ("museum", "Dunmore", "reopened", "Sunday", "roof"),
    ("ferry", "Eastry", "sank", "Thursday", "engine"),
    ("school", "Farley", "closed", "Saturday", "teachers"),
)
SENTENCES = [
    f"The {noun} of {place} {verb} on {day} after a long debate about its {thing}." for noun, place, verb, day, thing in FACTS
]


def page(site: str, number: int, story: int, when: str) -> Article:
    url = f"http://{site}/{number}"
    body = "\n".join(f"{sentence} Report {story} says that item {story * 7} was {word}." for sentence, word in zip(
        SENTENCES[story % 3 :], ("kept", "lost", "found", "sold", "moved", "burnt"), strict=False))  # fmt: skip
    article = Article(
        id=article_id(url), url=url, canonical_url=url, site=site, title=f"Story {story}", timestamp=when, body=body
    )
    article.content_hash = content_hash(article)
    return article


PAGES = [
    page(site, number, story, f"2024-03-{10 + (number * 5 + len(site)) % 17:02d}T10:00:00+08:00")
    for site in ("a.example", "bb.example")
    for number, story in enumerate((1, 2, 3, 1, 2))
]


def crawl(folder: Path, pages: list[Article], policy: str = "drop") -> tuple[Exit, dict[str, bytes]]:
    """Run `pages` through a run in this order; return its exit code and its files."""
    ledger = Ledger(folder / "ledger.db")
    stories = Stories(ledger.engine)
    run = Run(ledger, folder / "out", "r1")
    run.committers.append(stories.record)
    visits = {}
    for site in sorted({article.site or "" for article in pages}):
        run.open(site, policy)  # type: ignore[arg-type]
        mine = [Listing(article.url) for article in pages if article.site == site]
        with ledger.begin() as conn:
            new = list_urls(conn, site, "r1", "s.xml", mine)
        visits[site] = Visit(site_of(f"http://{site}/"), new=new, sitemaps=[LISTING])
    keep_all(ledger, run, stories, pages)
    code = Finish(visits, {}, stories).seal(run, interrupted=False)
    return code, {str(path.relative_to(folder)): path.read_bytes() for path in sorted((folder / "out").rglob("*.jsonl"))}


def keep_all(ledger: Ledger, run: Run, stories: Stories, pages: list[Article]) -> None:
    rows = {}
    with ledger.begin() as conn:
        for site in run.sites:
            rows |= {row.url: row for row in take_pending(conn, site, 99)}
    for number, article in enumerate(pages):
        match = stories.look_up(article)
        article.cluster = match.cluster if match else article.id
        article.similarity = match.similarity if match else None
        run.keep(rows[article.url], article, match.reason if match else None, match.of if match else None)
        if number % 3 == 2:
            run.commit()
    run.commit()


LISTING = {"url": "s.xml", "kind": "xml", "outcome": "read", "entries": 5, "losses": {}}


def copies_of(pages: list[Article]) -> list[Article]:
    return [Article(**{name: getattr(article, name) for name in Article.__slots__}) for article in pages]


def test_the_files_do_not_depend_on_the_order_of_arrival(tmp_path: Path) -> None:
    first = None
    for seed in range(5):
        pages = copies_of(PAGES)
        random.Random(seed).shuffle(pages)
        folder = tmp_path / str(seed)
        code, files = crawl(folder, pages)
        assert code is Exit.OK
        first = first or files
        assert files == first


def test_the_earliest_copy_is_kept_and_names_the_story(tmp_path: Path) -> None:
    _, files = crawl(tmp_path, copies_of(PAGES))
    kept = [json.loads(line) for name, data in files.items() if "duplicates" not in name for line in data.splitlines()]
    aside = [json.loads(line) for name, data in files.items() if "duplicates" in name for line in data.splitlines()]
    assert len(kept) == 3
    assert len(kept) + len(aside) == len(PAGES)
    for article in kept:
        same = [a for a in PAGES if a.title == article["title"]]
        assert article["timestamp"] == min(a.timestamp or "" for a in same)
        assert article["cluster"] == article["id"]
        assert {line["duplicate_of"] for line in aside if line["title"] == article["title"]} == {article["id"]}
    assert {line["reason"] for line in aside} == {"same_text"}


def test_keep_writes_every_copy_with_its_story(tmp_path: Path) -> None:
    _, files = crawl(tmp_path, copies_of(PAGES), policy="keep")
    lines = [json.loads(line) for data in files.values() for line in data.splitlines()]
    assert len(lines) == len(PAGES)
    assert len({line["cluster"] for line in lines}) == 3
    assert not [name for name in files if "duplicates" in name]


def test_what_was_not_committed_is_cut_off(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "r1.journal.part")
    length = journal.append([b"one\n", b"two\n"])
    journal.append([b"three\n"])
    journal.close()
    with (tmp_path / "r1.journal.part").open("ab") as torn:
        torn.write(b"fo")
    again = Journal(tmp_path / "r1.journal.part", length)
    assert [line for _, line in again.lines()] == [b"one\n", b"two\n"]
    again.append([b"new\n"])
    again.close()
    assert (tmp_path / "r1.journal.part").read_bytes() == b"one\ntwo\nnew\n"


def test_a_journal_that_lost_lines_is_refused(tmp_path: Path) -> None:
    (tmp_path / "r1.journal.part").write_bytes(b"one\n")
    with pytest.raises(ShardError, match="holds 4 of 8 committed bytes"):
        Journal(tmp_path / "r1.journal.part", 8)


def test_a_run_that_was_stopped_is_gone_on_with(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path / "ledger.db")
    pages = [article for article in copies_of(PAGES) if article.site == "a.example"]
    with ledger.begin() as conn:
        list_urls(conn, "a.example", "r1", "s.xml", [Listing(article.url) for article in pages])
    stopped, stories = Run(ledger, tmp_path / "out", "r1"), Stories(ledger.engine)
    stopped.committers.append(stories.record)
    stopped.open("a.example", "drop")
    keep_all(ledger, stopped, stories, pages[:3])
    stopped.sites["a.example"].journal.close()

    run, stories = Run(ledger, tmp_path / "out", "r2"), Stories(ledger.engine)
    run.committers.append(stories.record)
    assert run.open("a.example", "drop").run == "r1"
    keep_all(ledger, run, stories, pages[3:])
    visit = Visit(site_of("http://a.example/"), known=len(pages), sitemaps=[LISTING])
    assert Finish({"a.example": visit}, {}, stories).seal(run, interrupted=False) is Exit.OK
    with ledger.begin() as conn:
        assert account(conn, "a.example") == {"kept": 3, "duplicate": 2}
    assert sorted(path.name for path in (tmp_path / "out" / "a.example").iterdir()) == [
        "r1.duplicates.jsonl", "r1.html", "r1.json", "r1.jsonl",
    ]  # fmt: skip


def test_an_account_that_does_not_balance_is_said_to_be(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path / "ledger.db")
    run, stories = Run(ledger, tmp_path / "out", "r1"), Stories(ledger.engine)
    run.open("a.example", "drop")
    with ledger.begin() as conn:
        list_urls(conn, "a.example", "r1", "s.xml", [Listing("http://a.example/1")])
    visit = Visit(site_of("http://a.example/"), new=2)
    assert Finish({"a.example": visit}, {}, stories).seal(run, interrupted=False) is Exit.UNBALANCED
    report = json.loads((tmp_path / "out" / "a.example" / "r1.json").read_text())
    assert report["problems"] == ["2 URLs were listed, 1 have a state"]


def test_huge_articles_do_not_wait_for_many(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path / "ledger.db")
    run = Run(ledger, tmp_path / "out", "r1")
    run.open("a.example", "drop")
    with ledger.begin() as conn:
        list_urls(conn, "a.example", "r1", "s.xml", [Listing("http://a.example/1")])
        (row,) = take_pending(conn, "a.example", 1)
    article = page("a.example", 1, 1, "2024-03-10")
    run.keep(row, article, None, None)
    assert not run.full
    article.body = "word " * 2_000_000
    run.keep(row, article, None, None)
    assert run.full
    run.commit()
    assert not run.full
    run.sites["a.example"].journal.close()
