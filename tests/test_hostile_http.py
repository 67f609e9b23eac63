"""Servers that mean harm, on loopback, against a real crawl: each ends as a named outcome, in bounded memory and time."""

from __future__ import annotations

import json
import socket
import ssl
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from hostile import CASES, PAGE, Hostile, answer, compressed, made, redirect

ROOT = Path(__file__).parent.parent

SETTINGS = {
    "NEWSCRAWLER_ALLOW_NETWORKS": "127.0.0.0/8",
    "EXTENSIONS": {},
    "ITEM_PIPELINES": {},
    "SPIDER_MODULES": [],
    "DOWNLOAD_DELAY": 0,
    "AUTOTHROTTLE_ENABLED": False,
    "DOWNLOAD_TIMEOUT": 3,
    "CONCURRENT_REQUESTS_PER_DOMAIN": 8,
    "LOG_LEVEL": "ERROR",
}
"""The project's, but for what would write and what would wait."""


def crawl(urls: list[str], *, apart: bool = True, **settings: Any) -> dict[str, Any]:
    done = subprocess.run(
        [sys.executable, "tests/crawls/outcomes.py"],
        input=json.dumps({"settings": {**SETTINGS, **settings}, "urls": urls, "apart": apart}),
        capture_output=True,
        text=True,
        cwd=ROOT,
        env={"PYTHONPATH": str(ROOT), "PATH": "/usr/bin:/bin"},
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "Traceback" not in done.stderr, done.stderr
    return dict(json.loads(done.stdout))


@pytest.fixture(scope="module")
def hostile() -> Iterator[Hostile]:
    for path in CASES:
        made(path)
    server = Hostile(answer(b"User-agent: *\nDisallow: /forbidden\n", "Content-Type: text/plain"))
    yield server
    server.close()


@pytest.fixture(scope="module")
def crawled(hostile: Hostile) -> dict[str, Any]:
    base = f"http://127.0.0.1:{hostile.port}"
    others = [f"http://{host}:{hostile.port}/page" for host in ("inside.test", "metadata.test", "both.test", "nowhere.test")]
    return crawl([base + path for path in CASES] + others + [f"http://127.0.0.1:{free_port()}/page"])


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        return int(listening.getsockname()[1])


@pytest.mark.parametrize("path", CASES)
def test_outcome(crawled: dict[str, Any], hostile: Hostile, path: str) -> None:
    assert crawled["outcomes"][f"http://127.0.0.1:{hostile.port}{path}"] == CASES[path][0]


def test_memory_is_bounded(crawled: dict[str, Any]) -> None:
    assert crawled["peak_mib"] < 400


def test_no_cookie_goes_back(crawled: dict[str, Any], hostile: Hostile) -> None:
    assert hostile.asked and not any(b"\r\nCookie:" in head for head in hostile.asked)


def test_refusals_are_counted(crawled: dict[str, Any]) -> None:
    refused = {key.rpartition("/")[2]: count for key, count in crawled["stats"].items() if key.startswith("guard/refused/")}
    assert refused.keys() == {"length", "loopback", "malformed", "metadata", "port", "private", "userinfo"}


@pytest.mark.parametrize(
    ("host", "outcome"),
    [
        ("inside.test", "address_private"),
        ("metadata.test", "address_metadata"),
        ("both.test", "page"),
        ("nowhere.test", "dns"),
    ],
)
def test_name(crawled: dict[str, Any], hostile: Hostile, host: str, outcome: str) -> None:
    assert crawled["outcomes"][f"http://{host}:{hostile.port}/page"] == outcome


ROBOTS = [
    (answer(b"", status="404 Not Found"), "page"),
    (answer(b"User-agent: *\nDisallow: /\n", status="403 Forbidden"), "page"),
    (redirect("/robots.txt"), "page"),
    (answer(b"User-agent: *\nAllow: /\n", status="500 Oops"), "robots_unavailable"),
    (answer(b"", status="429 Too Many Requests"), "robots_unavailable"),
    (compressed("gzip", b"\x1f\x8b" + PAGE), "robots_unavailable"),
    (b"nonsense\r\n", "not_http"),
    (b"", "reset"),
]


def test_robots() -> None:
    servers = [Hostile(robots) for robots, _ in ROBOTS]
    try:
        urls = [f"http://127.0.0.1:{server.port}/page" for server in servers]
        assert crawl(urls)["outcomes"] == {url: outcome for url, (_, outcome) in zip(urls, ROBOTS, strict=True)}
    finally:
        for server in servers:
            server.close()


def test_what_waits_in_the_slot_is_not_sent_into_a_pause() -> None:
    server = Hostile(answer(b""))
    try:
        urls = [f"http://127.0.0.1:{server.port}/busy?{number}" for number in range(8)]
        done = crawl(urls, apart=False, DOWNLOAD_DELAY=0.25, DOWNLOAD_DELAY_JITTER=0, CONCURRENT_REQUESTS_PER_DOMAIN=1)
        assert sorted(done["outcomes"].values()) == ["http_429"] + ["paused"] * 7
        assert len(server.asked) == 2  # robots.txt and the first page
    finally:
        server.close()


def test_many_endless_bodies_at_once_stay_within_memory(hostile: Hostile) -> None:
    urls = [f"http://127.0.0.1:{hostile.port}/endless?{number}" for number in range(16)]
    extensions = {"newscrawler.extensions.bodies.BodyBudget": 0}
    done = crawl(urls, CONCURRENT_REQUESTS_PER_DOMAIN=16, DOWNLOAD_TIMEOUT=20, DOWNLOAD_MAXSIZE=2**25, EXTENSIONS=extensions)
    assert set(done["outcomes"].values()) <= {"crowded", "too_large"} and len(done["outcomes"]) == 16
    assert done["stats"]["bodies/crowded"] and done["peak_mib"] < 400


def test_a_certificate_nobody_vouches_for_stops_the_host(tmp_path: Path) -> None:
    server = Hostile(answer(b""), self_signed(tmp_path / "server.pem"))
    try:
        url = f"https://127.0.0.1:{server.port}/page"
        done = crawl([url])
        assert done["outcomes"] == {url: "certificate"} and not server.asked
        assert "its certificate was not accepted (" in done["sentences"][0]
    finally:
        server.close()


def self_signed(path: Path) -> ssl.SSLContext:
    """Return a server's context with a fresh certificate for 127.0.0.1."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "127.0.0.1")])
    today = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(today - timedelta(days=1))
        .not_valid_after(today + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .sign(key, hashes.SHA256())
    )
    path.write_bytes(
        key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()) + certificate.public_bytes(Encoding.PEM)
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(path)
    return context
