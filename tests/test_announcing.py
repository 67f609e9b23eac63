"""What others are told of a run, and the settings that say whom and how."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from argparse import Namespace
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
from crawling import PROJECT, Output
from scrapy.settings import Settings

from newscrawler import options
from newscrawler.announcement import GAUGES, facts, metrics
from newscrawler.demo import Mirrors
from newscrawler.exits import Exit
from newscrawler.health import Finding
from newscrawler.reports import SiteReport
from newscrawler.spiders.responses import introduce
from newscrawler.verbosity import apply_verbosity


def report(site: str = "mirror") -> SiteReport:
    return SiteReport(
        run="r1", site=site, url="https://mirror.example/", started="2026-03-01T06:00:00Z", ended="2026-03-01T06:01:30Z",
        status="complete", arguments={}, account={"listed": 7, "states": {"kept": 4, "gone": 3}, "balanced": True},
        this_run={"kept": 4}, reasons={}, examples={}, sitemaps=[], discovery={}, profile=None, removed={}, fields={},
        articles={}, sources={}, files=[], exit=7, problems=["dates_stopped: 4 of 4"],
        health=[Finding("dates_stopped", "4 of 4"), Finding("dates_stopped", "again")],
    )  # fmt: skip


def test_metrics_are_prometheus_text() -> None:
    lines = metrics(report('a"b\\c\nd')).splitlines()
    assert [line.split()[2] for line in lines if line.startswith("# TYPE")] == list(GAUGES)
    site = 'site="a\\"b\\\\c\\nd"'
    assert [line for line in lines if not line.startswith("#")] == [
        f"newscrawler_run_exit_code{{{site}}} 7",
        f"newscrawler_run_ended_timestamp_seconds{{{site}}} 1772344890",
        f"newscrawler_run_duration_seconds{{{site}}} 90",
        f"newscrawler_listed{{{site}}} 7",
        f'newscrawler_pages{{{site},state="kept"}} 4',
        f'newscrawler_pages{{{site},state="gone"}} 3',
        f'newscrawler_run_pages{{{site},state="kept"}} 4',
        f'newscrawler_finding{{{site},cause="dates_stopped"}} 1',
    ]


def test_facts_say_what_went_wrong_and_where_to_look() -> None:
    told = facts(Exit.UNHEALTHY, [report()], Path("/out"))
    assert (told["exit"], told["name"]) == (7, "UNHEALTHY")
    (site,) = told["sites"]
    assert (site["problems"], site["report"]) == (["dates_stopped: 4 of 4"], "/out/mirror/r1.json")


@pytest.fixture
def webhook() -> Iterator[tuple[str, list[bytes]]]:
    """Return an address that takes what is posted, and what it took."""
    taken: list[bytes] = []

    class Taker(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            taken.append(self.rfile.read(int(self.headers["Content-Length"])))
            self.send_response(204)
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:
            """Print nothing."""

    server = HTTPServer(("127.0.0.1", 0), Taker)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    yield f"http://127.0.0.1:{server.server_address[1]}/run", taken
    server.shutdown()
    thread.join()
    server.server_close()


def crawl(output: Output, url: str, *settings: str) -> subprocess.CompletedProcess[str]:
    given = [f"NEWSCRAWLER_OUTPUT={output.articles}", f"NEWSCRAWLER_STATE={output.state}", "DOWNLOAD_DELAY=0", *settings]
    words = [sys.executable, "-m", "scrapy", "crawl", "mirror", "-a", f"url={url}", *(w for s in given for w in ("-s", s))]
    return subprocess.run(words, cwd=PROJECT, capture_output=True, text=True, timeout=60, check=False)


def test_a_failed_run_is_told(demo_mirrors: Mirrors, tmp_path: Path, webhook: tuple[str, list[bytes]]) -> None:
    address, taken = webhook
    demo_mirrors.files["relay"].clear()
    output = Output(tmp_path)
    done = crawl(
        output,
        f"{demo_mirrors.addresses['relay']}/",
        "NEWSCRAWLER_LOG_JSON=yes",
        "NEWSCRAWLER_ALLOW_NETWORKS=127.0.0.0/8",
        f"NEWSCRAWLER_METRICS={tmp_path / 'metrics'}",
        f"NEWSCRAWLER_ON_FAILURE=tee '{tmp_path / 'told $HOME.json'}'",
        f"NEWSCRAWLER_WEBHOOK={address}",
    )
    assert done.returncode == Exit.NOTHING_LISTED
    lines = [json.loads(line) for line in done.stderr.splitlines()]
    assert {"time", "level", "logger", "message"} == set(lines[0])
    assert "No listing found for" in lines[-1]["message"]
    told = json.loads((tmp_path / "told $HOME.json").read_bytes())
    assert told == json.loads(taken[0])
    assert (told["exit"], told["sites"][0]["exit"]) == (Exit.NOTHING_LISTED, Exit.NOTHING_LISTED)
    assert Path(told["sites"][0]["report"]).exists()
    (file,) = (tmp_path / "metrics").iterdir()
    assert "newscrawler_run_exit_code" in file.read_text("utf-8")


def test_who_cannot_be_told_is_logged(demo_mirrors: Mirrors, tmp_path: Path) -> None:
    demo_mirrors.files["relay"].clear()
    (tmp_path / "file").touch()
    done = crawl(
        Output(tmp_path),
        f"{demo_mirrors.addresses['relay']}/",
        f"NEWSCRAWLER_METRICS={tmp_path / 'file'}",
        "NEWSCRAWLER_ON_FAILURE=no-such-command-here",
        "NEWSCRAWLER_WEBHOOK=http://127.0.0.1:9/",
    )
    assert done.returncode == Exit.NOTHING_LISTED
    assert "NEWSCRAWLER_METRICS: " in done.stderr
    assert "NEWSCRAWLER_ON_FAILURE: no-such-command-here: No such file or directory" in done.stderr
    assert "NEWSCRAWLER_WEBHOOK: not sent: its address is not public" in done.stderr
    assert "Traceback" not in done.stderr


def test_the_environment_outweighs_the_file_and_the_file_the_default(tmp_path: Path) -> None:
    file = tmp_path / "newscrawler.toml"
    file.write_text('output = "from/file"\nstate = "from/file"\n', "utf-8")
    found = options.read_options({"NEWSCRAWLER_STATE": "from/environment"}, file)
    wanted = ("NEWSCRAWLER_OUTPUT", "NEWSCRAWLER_STATE", "NEWSCRAWLER_SITES")
    assert [found[name] for name in wanted] == ["from/file", "from/environment", "data/sites"]


@pytest.mark.parametrize(
    ("content", "environment", "sentence"),
    [
        ("colour = 'red'", {}, "colour: there is no such setting (known: sites, "),
        ("output = 3", {}, "output: must be a text in quotes"),
        ("output = ", {}, "newscrawler.toml: Invalid value"),
        ("compression = 'zip'", {}, "NEWSCRAWLER_COMPRESSION: zip: must be zst or gz"),
        ("", {"NEWSCRAWLER_ALLOW_NETWORKS": "10.0.0.0/8, here"}, "NEWSCRAWLER_ALLOW_NETWORKS: 'here' does not appear"),
        ("", {"NEWSCRAWLER_WEBHOOK": "mail:me"}, "NEWSCRAWLER_WEBHOOK: 'mail:me' is not an http(s) address"),
        ("", {"NEWSCRAWLER_ON_FAILURE": "mail 'me"}, "NEWSCRAWLER_ON_FAILURE: No closing quotation"),
        ("", {"NEWSCRAWLER_LOG_JSON": "1"}, "NEWSCRAWLER_LOG_JSON: 1: must be yes or no"),
        ("", {"NEWSCRAWLER_CONTACT": "a\nb"}, "NEWSCRAWLER_CONTACT: must be one line"),
        ("", {"NEWSCRAWLER_OUTPUT": ""}, "NEWSCRAWLER_OUTPUT: must name a folder"),
    ],
)
def test_a_bad_setting_is_a_sentence(tmp_path: Path, content: str, environment: dict[str, str], sentence: str) -> None:
    file = tmp_path / "newscrawler.toml"
    file.write_text(content, "utf-8")
    with pytest.raises(ValueError) as raised:
        options.read_options(environment, file)
    assert sentence in str(raised.value)


@pytest.mark.parametrize(
    ("words", "level"),
    [({}, "INFO"), ({"quiet": True}, "WARNING"), ({"verbose": True}, "DEBUG"), ({"quiet": True, "loglevel": "ERROR"}, "ERROR")],
)
def test_how_much_is_said(words: dict[str, object], level: str) -> None:
    settings = Settings({"LOG_LEVEL": words.get("loglevel"), "NEWSCRAWLER_LOG_JSON": "no"})
    apply_verbosity(settings, Namespace(**{"quiet": False, "verbose": False, "loglevel": None} | words))
    assert settings["LOG_LEVEL"] == level


def test_a_contact_given_later_is_part_of_the_user_agent() -> None:
    settings = Settings({"USER_AGENT": "newscrawler/x"}, priority="project")
    introduce(settings)
    assert settings["USER_AGENT"] == "newscrawler/x"
    settings.set("NEWSCRAWLER_CONTACT", "me@mirror.example", priority="cmdline")
    introduce(settings)
    assert settings["USER_AGENT"].endswith("(+me@mirror.example)")
