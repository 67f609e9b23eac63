"""No host is asked faster than its floor, measured in a real crawl of three loopback hosts at once."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import pairwise
from pathlib import Path
from threading import Thread
from typing import Any

import pytest

ROOT = Path(__file__).parent.parent
ROBOTS = {"127.0.0.1": b"User-agent: *\nCrawl-delay: 0.2\nRequest-rate: 10/1\n", "127.0.0.2": b"", "127.0.0.3": b""}
PAGES = 8

SETTINGS = {
    "NEWSCRAWLER_ALLOW_NETWORKS": "127.0.0.0/8",
    "EXTENSIONS": {"scrapy.extensions.throttle.AutoThrottle": None, "newscrawler.extensions.throttle.HostThrottle": 0},
    "ITEM_PIPELINES": {},
    "SPIDER_MODULES": [],
    "AUTOTHROTTLE_START_DELAY": 0.01,
    "AUTOTHROTTLE_TARGET_CONCURRENCY": 8,
    "LOG_LEVEL": "ERROR",
}


class Page(BaseHTTPRequestHandler):
    """Takes a moment for each page, so that requests overlap where they may."""

    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        robots = self.path == "/robots.txt"
        time.sleep(0 if robots else 0.05)
        body = ROBOTS[str(self.server.server_address[0])] if robots else b"<p>A page.</p>"
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: Any) -> None:
        return


@pytest.fixture(scope="module")
def urls() -> Iterator[list[str]]:
    servers = [ThreadingHTTPServer((host, 0), Page) for host in ROBOTS]
    for server in servers:
        server.daemon_threads = True
        Thread(target=server.serve_forever, daemon=True).start()
    bases = [f"http://{server.server_address[0]!s}:{server.server_port}" for server in servers]
    yield [f"{base}/{page}" for page in range(PAGES) for base in bases]
    for server in servers:
        server.shutdown()
        server.server_close()


@pytest.mark.parametrize(("adaptive", "usual", "own"), [(True, 0.5, 0.001), (False, 0.5, 0.001), (False, 0.0, None)])
def test_floors(urls: list[str], adaptive: bool, usual: float, own: float | None) -> None:
    limits = {"127.0.0.1": {"delay": 0.05}, "127.0.0.2": {"delay": 0.15}, "127.0.0.3": {"delay": own, "concurrency": 1}}
    settings = {**SETTINGS, "AUTOTHROTTLE_ENABLED": adaptive, "DOWNLOAD_DELAY": usual}
    job = {"settings": settings, "urls": urls, "limits": limits}
    done = subprocess.run(
        [sys.executable, "tests/crawls/floors.py"],
        input=json.dumps(job),
        capture_output=True,
        text=True,
        cwd=ROOT,
        env={"PYTHONPATH": str(ROOT), "PATH": "/usr/bin:/bin"},
        timeout=60,
        check=True,
    )
    seen = json.loads(done.stdout)
    gaps = {host: min(later - sooner for sooner, later in pairwise(times)) for host, times in seen["times"].items()}
    assert {host: len(times) for host, times in seen["times"].items()} == dict.fromkeys(ROBOTS, PAGES + 1)
    assert gaps["127.0.0.1"] >= 0.19 and gaps["127.0.0.2"] >= 0.14  # one may reach the handler late
    assert seen["most"]["127.0.0.3"] == 1
