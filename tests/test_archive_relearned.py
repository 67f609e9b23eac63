"""A site is learned anew in the middle of a crawl: its archive gives the same; what was learned since goes first."""

from __future__ import annotations

import signal
from argparse import Namespace
from pathlib import Path

import pytest

pytest.importorskip("fastwarc")
pytest.importorskip("warcio")

from changing_mirror import serve_changing
from crawling import Output
from forking import Forks, asked, forking
from warcio.archiveiterator import ArchiveIterator
from warcio.checker import Checker

from newscrawler.archives.answers import Place
from newscrawler.archives.captures import Capture
from newscrawler.archives.remarks import RULES, UNSAID, key_of, known_profiles, told_profile, told_reading, unsaved
from newscrawler.archives.survey import ArchivedSites, Survey
from newscrawler.profiles import Profile

PAGES = 100
CHANGE_AFTER = 50
"""Pages, the sample of 24 among them."""


def written(output: Output) -> dict[str, bytes]:
    """Return the articles' files and the profiles."""
    lines = {path.name.partition(".")[2]: path.read_bytes() for path in output.articles.glob("*/*.jsonl")}
    return lines | {path.name: path.read_bytes() for path in (output.state / "profiles").iterdir()}


def offline(output: Output, archive: Output, *more: str) -> list[str]:
    """Return the words that read the archive of a crawl."""
    given = (f"path={archive.articles}", *more)
    return ["crawl", "archive", *[w for a in given for w in ("-a", a)], *[w for s in output.settings() for w in ("-s", s)]]


def check_replay(forks: Forks, live: Output, replayed: Output) -> None:
    """Assert that the crawl read with two profiles, and that its archive, whole, gives the same."""
    live.check_promises()
    versions = {line["evidence"]["body"].split(",")[0] for line in live.lines()}
    assert {"profile version 1", "profile version 2"} <= versions
    archives = sorted(live.articles.glob("*/archive/*.warc.gz"))
    assert Checker(Namespace(inputs=[str(path) for path in archives], verbose=False)).process_all() == 0
    assert forks.run(offline(replayed, live, "processes=1")) == 0, forks.said.read_text()
    assert written(replayed) == written(live)


def remarks(output: Output) -> list[str]:
    """Return the content types of the archive's metadata records."""
    found = []
    for path in sorted(output.articles.glob("*/archive/*.warc.gz")):
        with path.open("rb") as file:
            records = [record for record in ArchiveIterator(file) if record.rec_type == "metadata"]
            assert not any(record.rec_headers.get_header("WARC-Target-URI") for record in records)
            found += [record.content_type.split(".")[-1] for record in records]
    return found


def test_a_site_learned_anew_in_mid_crawl_is_read_the_same_from_its_archive(tmp_path: Path) -> None:
    live = Output(tmp_path / "live")
    with serve_changing(tmp_path / "site", PAGES, CHANGE_AFTER) as mirrors, forking(tmp_path) as forks:
        assert forks.run(live.words(mirrors, "archive=yes")) == 0
        assert "learned anew" in forks.said.read_text()
        check_replay(forks, live, Output(tmp_path / "replayed"))
        told = remarks(live)
        assert told.count("profile+json") == 2
        assert told.count("reading+json") > 24


def test_so_it_is_after_kills_on_both_sides(tmp_path: Path) -> None:
    live, replayed = Output(tmp_path / "live"), Output(tmp_path / "replayed")
    with serve_changing(tmp_path / "site", PAGES, CHANGE_AFTER) as mirrors, forking(tmp_path) as forks:
        words = live.words(mirrors, "archive=yes")
        for hits in (45, 35, 12):
            assert forks.run(words, commit_every=4, kill_when=asked(mirrors, hits)) == -signal.SIGKILL
        assert forks.run(words) == 0, forks.said.read_text()
        assert forks.run(offline(replayed, live, "processes=1"), commit_every=4, kill_at=("commit", 9)) == -signal.SIGKILL
        check_replay(forks, live, replayed)


FIRST, SECOND, MINE = (Profile(site="a", version=version, pages=pages) for version, pages in ((1, 24), (2, 24), (1, 23)))


def told(*profiles: Profile) -> dict[str, Profile]:
    return {key_of(profile): profile for profile in profiles}


@pytest.mark.parametrize(
    ("stored", "archive", "learned", "known", "kept"),
    [
        (None, told(FIRST, SECOND), None, {UNSAID: FIRST, RULES: None, **told(FIRST, SECOND)}, [FIRST, SECOND]),
        (FIRST, told(FIRST, SECOND), None, {UNSAID: FIRST, RULES: None, **told(FIRST, SECOND)}, [SECOND]),
        (SECOND, told(FIRST, SECOND), None, {UNSAID: FIRST, RULES: None, **told(FIRST, SECOND)}, []),
        (MINE, told(FIRST, SECOND), None, {UNSAID: MINE}, []),
        (None, {}, MINE, {UNSAID: MINE, RULES: None}, [MINE]),
        (None, {}, None, {UNSAID: None, RULES: None}, []),
    ],
    ids=["none on file", "half way", "the crawl's own", "changed since", "another tool's", "too few pages"],
)
def test_which_profile_goes_first(stored, archive, learned, known, kept) -> None:
    found = known_profiles(stored, archive, lambda: learned)
    assert found == known
    assert [key_of(profile) for profile in unsaved(stored, found)] == [key_of(profile) for profile in kept]


def test_a_remark_is_about_the_last_capture_so_far(tmp_path: Path) -> None:
    survey = Survey(ArchivedSites((), tmp_path))
    page = Capture(
        url="http://a.example/1",
        status=200,
        headers=[],
        body=b"",
        fetched_at=None,
        notes={"site": "a", "listed": "http://a.example/1"},
    )

    def captures():
        yield Place(0, 0), page
        yield Place(0, 1), page
        survey.hear(*told_profile(FIRST))
        survey.hear(*told_reading("a", "http://a.example/1", key_of(FIRST)))
        survey.hear(*told_reading("a", "http://a.example/unheard-of", key_of(FIRST)))
        yield Place(0, 2), page
        survey.hear(*told_profile(SECOND))
        survey.hear(*told_profile(FIRST))
        for kind, content in (told_profile(FIRST), told_reading("a", "x", "y")):
            survey.hear(kind, content[:-3])
            survey.hear(kind, b'{"format": 99, "site": 7}')

    survey.read(captures())
    (found,) = survey.pages()
    assert [(place.offset, place.profile) for place in found.places] == [(2, None), (1, key_of(FIRST)), (0, None)]
    assert list(survey.profiles["a"]) == [key_of(SECOND), key_of(FIRST)]
    assert survey.counts["unreadable_remark"] == 4
