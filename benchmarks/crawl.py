"""Measure a whole crawl beside a bare Scrapy spider that only downloads the same pages from the same nginx.

    python -m benchmarks.crawl [--pages 1500] [--rounds 3]

Debian's nginx-light on loopback, pages made from the demo's with the words of each varied. CPU time of each child process, by
turns, the least of the rounds: a machine that others share is slower in one minute than in the next.
"""

from __future__ import annotations

import argparse
import random
import re
import resource
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

PROJECT = Path(__file__).parents[1]
DEMO = PROJECT / "data" / "demo" / "mirrors" / "relay"
SEED = 20261124
"""Fixed, so that every run reads the same pages."""

CONF = """daemon off; pid {root}/nginx.pid; error_log {root}/error.log; worker_processes 1;
events {{ worker_connections 512; }}
http {{ types {{ text/html html; text/xml xml; text/plain txt; }} access_log {root}/access.log;
  charset utf-8; etag on; keepalive_requests 100000;
  client_body_temp_path {root}/b;
  proxy_temp_path {root}/p; fastcgi_temp_path {root}/f; uwsgi_temp_path {root}/u; scgi_temp_path {root}/s;
  server {{ {listen} root {root}/www/$server_addr; }} }}
"""
BARE = """
import scrapy
from pathlib import Path

class Bare(scrapy.Spider):
    name = "bare"
    async def start(self):
        for url in Path(self.listed).read_text().split():
            yield scrapy.Request(url, dont_filter=True)
    def parse(self, response):
        pass
"""
HASTE = ("DOWNLOAD_DELAY=0", "AUTOTHROTTLE_ENABLED=False", "CONCURRENT_REQUESTS_PER_DOMAIN=16", "LOG_LEVEL=WARNING")


def varied(page: str, chance: random.Random) -> str:
    """Return the page with the words of its paragraphs in another order: another text of the same length and markup."""

    def shuffle(match: re.Match[str]) -> str:
        words = match[2].split(" ")
        chance.shuffle(words)
        return f"{match[1]}{' '.join(words)}{match[3]}"

    return re.sub(r"(<(?:p|h1)[^<>]*>)([^<>]{20,})(</(?:p|h1)>)", shuffle, page)


def write_site(folder: Path, address: str, count: int) -> list[str]:
    """Write `count` pages and their listing into `folder`; return their addresses."""
    chance = random.Random(f"{SEED} {folder.name}")
    originals = [path for path in sorted(DEMO.rglob("*.html")) if path.stat().st_size > 3000]
    urls = []
    for number in range(count):
        path = folder / str(number // 1000) / f"story-{number}.html"
        path.parent.mkdir(parents=True, exist_ok=True)
        url = f"{address}/{number // 1000}/story-{number}.html"
        original = chance.choice(originals)
        named = f"http://relay.demo.example/{original.parent.relative_to(DEMO)}/"  # each page is its own canonical one
        page = varied(original.read_text("utf-8"), chance).replace(named, url)
        path.write_text(page.replace("http://relay.demo.example", address), "utf-8")
        urls.append(url)
    rows = "".join(f"<url><loc>{url}</loc></url>" for url in urls)
    xml = f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{rows}</urlset>'
    (folder / "sitemap.xml").write_text(xml, "utf-8")
    (folder / "robots.txt").write_text(f"Sitemap: {address}/sitemap.xml\n", "utf-8")
    return urls


@contextmanager
def served(count: int, hosts: int = 1) -> Iterator[tuple[Path, list[str], list[str]]]:
    """Yield (folder, addresses of the sites, pages) of `count` pages behind nginx, spread over `hosts`."""
    nginx = shutil.which("nginx", path="/usr/sbin:/usr/bin:/usr/local/bin")
    if nginx is None:
        raise SystemExit("nginx is missing: apt-get install nginx-light")
    names = [f"127.0.0.{31 + number}" for number in range(hosts)]
    with socket.create_server((names[0], 0)) as free:
        port = free.getsockname()[1]
    with TemporaryDirectory() as folder:
        root, sites = Path(folder), [f"http://{name}:{port}" for name in names]
        root.chmod(0o755)  # nginx's workers are another user
        each = [write_site(root / "www" / name, site, count // hosts) for name, site in zip(names, sites, strict=True)]
        listen = " ".join(f"listen {name}:{port};" for name in names)
        (root / "nginx.conf").write_text(CONF.format(root=root, listen=listen))
        server = subprocess.Popen([nginx, "-c", str(root / "nginx.conf")], stderr=subprocess.DEVNULL)
        time.sleep(0.5)
        try:
            yield root, sites, [url for urls in each for url in urls]
        finally:
            server.terminate()
            server.wait()


def cpu_of(words: list[str], cwd: Path) -> float:
    """Return the CPU seconds of a child process; what it costs to start Python and Scrapy is in it."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run(words, cwd=cwd, capture_output=True, text=True, check=False)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    if done.returncode:
        print(done.returncode, done.stderr[-2000:])
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def bare(root: Path, urls: list[str]) -> float:
    (root / "bare.py").write_text(BARE)
    (root / "urls.txt").write_text("\n".join(urls))
    settings = [word for setting in HASTE for word in ("-s", setting)]
    return cpu_of([sys.executable, "-m", "scrapy", "runspider", "bare.py", "-a", "listed=urls.txt", *settings], root)


def whole(root: Path, address: str) -> float:
    paths = (f"NEWSCRAWLER_OUTPUT={root}/articles", f"NEWSCRAWLER_STATE={root}/state", "NEWSCRAWLER_ALLOW_NETWORKS=127.0.0.0/8")
    settings = [word for setting in (*HASTE, *paths) for word in ("-s", setting)]
    words = [sys.executable, "-m", "scrapy", "crawl", "mirror", "-a", f"url={address}/", *settings]
    return cpu_of(words, PROJECT)


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    options.add_argument("--pages", type=int, default=1500)
    options.add_argument("--rounds", type=int, default=3)
    given = options.parse_args()
    count, rounds = given.pages, list[tuple[float, float]]()
    with served(count) as (root, (site,), urls):
        for _ in range(given.rounds):
            for name in ("articles", "state"):
                shutil.rmtree(root / name, ignore_errors=True)
            rounds.append((bare(root, urls), whole(root, site)))
        lines = sum(path.read_bytes().count(b"\n") for path in (root / "articles").glob("*/*.jsonl"))
    plain, ours = map(min, zip(*rounds, strict=True))
    print(f"bare Scrapy  {plain / count * 1000:6.2f} ms CPU a page")
    print(f"newscrawler  {ours / count * 1000:6.2f} ms CPU a page, {lines} lines of {count} pages")
    print(f"ratio        {ours / plain:6.2f}")


if __name__ == "__main__":
    main()
