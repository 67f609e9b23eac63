"""What is written is valid WARC, and survives a stop at any byte."""

from __future__ import annotations

import gzip
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from exchanges import page
from fastwarc import ArchiveIterator
from warcio.archiveiterator import ArchiveIterator as WarcioIterator

from newscrawler.archives.reader import ArchiveReader
from newscrawler.archives.writer import ArchiveWriter, recover


def write(folder: Path, *exchanges, rotate: int = 10**9) -> dict[str, int]:
    writer = ArchiveWriter(rotate)
    writer.open("site", folder, "run", {"software": "newscrawler"})
    for exchange in exchanges:
        writer.add("site", exchange)
    extents = writer.commit(last=True)["site"]
    writer.close()
    return {name: extent.length for name, extent in extents.items()}


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def records(folder: Path) -> list:
    """Return (type, headers, head, body) of every record, as FastWARC reads them, digests verified."""
    found = []
    for path in sorted(folder.glob("*.warc.gz")):
        with path.open("rb") as file:
            for record in ArchiveIterator(file, parse_http=False):
                record.freeze()
                assert record.verify_block_digest()
                found.append((record.headers["WARC-Type"], dict(record.headers.items()), record.reader.read()))
    return found


def test_an_exchange_becomes_an_answer_and_the_request_it_belongs_to(tmp_path):
    write(tmp_path, page(1, address="127.0.0.1", notes={"listed": "http://mirror.example/1"}))
    (info, info_headers, _), (answer, headers, block), (request, request_headers, request_block) = records(tmp_path)
    assert (info, answer, request) == ("warcinfo", "response", "request")
    assert headers["WARC-Date"] == "2026-03-27T12:33:00.250000Z"
    assert headers["WARC-IP-Address"] == "127.0.0.1"
    assert headers["WARC-Warcinfo-ID"] == info_headers["WARC-Record-ID"]
    assert request_headers["WARC-Concurrent-To"] == headers["WARC-Record-ID"]
    assert block.startswith(
        b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\nX-Note: \xb9\xfa\r\nContent-Length: "
    )
    assert request_block == b"GET /1.html HTTP/1.1\r\nHost: mirror.example\r\nUser-Agent: test\r\n\r\n"
    assert gzip.decompress(next(tmp_path.glob("*.gz")).read_bytes()).startswith(b"WARC/1.1\r\n")


@pytest.mark.parametrize(
    ("second", "kind", "profile"),
    [
        (page(2, body=page(1).body), "revisit", "identical-payload-digest"),
        (page(2), "response", None),
        (page(2, body=b""), "response", None),
        (page(1, status=304, body=b""), "revisit", "server-not-modified"),
        (page(2, body=page(1).body, truncated="disconnect"), "response", None),
    ],
)
def test_a_payload_seen_before_becomes_a_revisit(tmp_path, second, kind, profile):
    write(tmp_path, page(1), second)
    written = [(name, headers) for name, headers, _ in records(tmp_path) if name != "request"][2]
    assert written[0] == kind
    assert (written[1].get("WARC-Profile") or "").endswith(profile or "")
    if profile == "identical-payload-digest":
        assert written[1]["WARC-Refers-To-Target-URI"] == page(1).url
        assert written[1]["WARC-Refers-To-Date"] == "2026-03-27T12:33:00.250000Z"


@pytest.mark.parametrize(
    ("given", "line"),
    [
        ({"status": 404}, b"HTTP/1.1 404 Not Found\r\n"),
        ({"status": 599}, b"HTTP/1.1 599 Unknown\r\n"),
        ({"protocol": "h2"}, b"HTTP/1.1 200 OK\r\n"),
        ({"protocol": "HTTP/1.0"}, b"HTTP/1.0 200 OK\r\n"),
        ({"headers": [(b"Content-Length", b"5"), (b"A", b"x\r\nB: y")]}, b"HTTP/1.1 200 OK\r\nContent-Length: "),
    ],
)
def test_status_line_and_headers_are_one_line_each(tmp_path, given, line):
    write(tmp_path, page(1, **given))
    block = records(tmp_path)[1][2]
    head, _, body = block.partition(b"\r\n\r\n")
    assert block.startswith(line)
    assert body == page(1).body
    assert b"\r\nB:" not in head


def count_records(path: Path) -> int:
    with path.open("rb") as file:
        return sum(1 for _ in WarcioIterator(file))


def test_files_rotate_and_bear_their_names_only_when_complete(tmp_path):
    writer = ArchiveWriter(1000)
    writer.open("site", tmp_path, "run", {})
    writer.add("site", page(1))
    writer.add("site", page(2))
    first = writer.commit()["site"]
    assert all(name.endswith(".part") for name in names(tmp_path))
    writer.add("site", page(3))
    second = writer.commit(last=True)["site"]
    writer.close()
    assert names(tmp_path) == sorted({**first, **second})
    assert [(path.stat().st_size, count_records(path)) for path in sorted(tmp_path.iterdir())] == [
        extent for _, extent in sorted({**first, **second}.items())
    ]
    assert [capture.url for capture in ArchiveReader([tmp_path])] == [page(n).url for n in (1, 2, 3)]


@pytest.mark.parametrize("torn", [0, 1, 10, 400])
def test_recover_cuts_back_to_what_was_recorded(tmp_path, torn):
    lengths = write(tmp_path, page(1))
    (name,) = lengths
    (tmp_path / name).rename(tmp_path / (name + ".part"))
    with (tmp_path / (name + ".part")).open("ab") as file:
        file.write(os.urandom(torn))
    (tmp_path / "run-00001.warc.gz.part").write_bytes(b"nobody recorded this")
    (tmp_path / "other-00000.warc.gz.part").write_bytes(b"of another run")
    assert recover(tmp_path, "run", lengths) == []
    assert names(tmp_path) == ["other-00000.warc.gz.part", name]
    assert [capture.body for capture in ArchiveReader([tmp_path / name])] == [page(1).body]
    lengths |= write(tmp_path, page(2))
    assert len(lengths) == 2


def test_recover_names_what_another_hand_changed(tmp_path):
    lengths = write(tmp_path, page(1))
    (name,) = lengths
    assert recover(tmp_path, "run", {name: lengths[name] + 1, "run-00007.warc.gz": 5}) == [name, "run-00007.warc.gz"]
    assert (tmp_path / name).stat().st_size == lengths[name]
    assert recover(tmp_path / "missing", "run", {}) == []


FULL_DISK = """
import json, resource, sys
from exchanges import page
from newscrawler.archives.writer import ArchiveWriter
from pathlib import Path
import signal
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (3000, 3000))
writer = ArchiveWriter()
writer.open("site", Path(sys.argv[1]), "run", {})
for number in range(3):
    writer.add("site", page(number))
print(json.dumps({name: extent.length for name, extent in writer.commit()["site"].items()}))
for number in range(40):
    writer.add("site", page(number + 3))
try:
    writer.commit()
except OSError as error:
    print(error.strerror)
writer.close()
"""


def test_a_full_disk_is_an_error_at_the_commit_and_loses_nothing_recorded(tmp_path):
    paths = {"PYTHONPATH": os.pathsep.join([str(Path(__file__).parent), str(Path(__file__).parents[1])])}
    done = subprocess.run(
        [sys.executable, "-c", FULL_DISK, str(tmp_path)],
        env={**os.environ, **paths},
        capture_output=True,
        text=True,
        check=True,
    )
    recorded, error = done.stdout.splitlines()
    assert error == "File too large"
    assert recover(tmp_path, "run", json.loads(recorded)) == []
    assert [capture.url for capture in ArchiveReader([tmp_path])] == [page(n).url for n in range(3)]


def test_warcio_reads_what_was_written(tmp_path):
    write(tmp_path, page(1), page(2, body=page(1).body), page(3, status=301, body=b""))
    with next(tmp_path.glob("*.gz")).open("rb") as file:
        iterator = WarcioIterator(file, check_digests="raise")
        kinds = []
        for record in iterator:
            record.content_stream().read()
            kinds.append(record.rec_type)
    assert kinds == ["warcinfo", "response", "request", "revisit", "request", "response", "request"]
