"""The documents: their tables are fresh, their blocks run, their links lead somewhere, and no command is missing."""

from __future__ import annotations

import importlib.util
import os
import re
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path
from types import ModuleType
from typing import NamedTuple

import pytest
from servers import MIRRORS

from newscrawler.archives.arguments import KEYS as ARCHIVE_KEYS
from newscrawler.arguments import KEYS
from newscrawler.demo import serve
from newscrawler.hosts import Failure
from newscrawler.sites import Site, load_site, site_of
from newscrawler.tables import STATES

ROOT = Path(__file__).parents[1]
LIMIT = 60
"""Seconds a block may take: many times what it does."""

EXAMPLE = "https://mirror.example/"
"""The address in the documents; here one of the demo's mirrors answers for it."""

BLOCK = re.compile(r"<!-- (run|toml) -->\n```(\w+)\n(.*?)```", re.S)
LINK = re.compile(r"\]\(([^)\s]+)\)")


class Block(NamedTuple):
    document: str
    kind: str
    language: str
    text: str


def load_tables() -> ModuleType:
    spec = importlib.util.spec_from_file_location("document_tables", ROOT / "docs" / "tables.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


TABLES = load_tables()
DOCUMENTS: list[Path] = [*TABLES.documents(), ROOT / "CONTRIBUTING.md", ROOT / "CHANGELOG.md"]


def text_of(name: str) -> str:
    return (ROOT / name).read_text("utf-8")


def blocks(kind: str) -> list[Block]:
    found = ((str(path.relative_to(ROOT)), block) for path in DOCUMENTS for block in BLOCK.findall(path.read_text("utf-8")))
    return [Block(document, *block) for document, block in found if block[0] == kind]


def test_tables_are_fresh(capsys: pytest.CaptureFixture[str]) -> None:
    assert TABLES.main(["--check"]) == 0, capsys.readouterr().err


@pytest.mark.parametrize("name", ["article", "exits", "commands", "settings"])
def test_the_readme_has_the_table(name: str) -> None:
    assert TABLES.TABLES[name]() in text_of("README.md")


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.name)
def test_links_lead_somewhere(path: Path) -> None:
    for link in LINK.findall(path.read_text("utf-8")):
        file, _, anchor = link.partition("#")
        if link.startswith("http"):
            continue
        target = path.parent / file if file else path
        assert target.exists(), link
        assert not anchor or anchor in anchors(target), link


def anchors(path: Path) -> set[str]:
    headings = re.findall(r"^#+ (.*)$", path.read_text("utf-8"), re.M)
    return {re.sub(r"[^\w -]", "", heading).strip().lower().replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("name", TABLES.commands())
def test_every_command_has_an_example_and_a_place(name: str) -> None:
    command = TABLES.commands()[name]
    assert f": scrapy {name}" in command.short_desc(), "short_desc ends with an example, `: scrapy NAME ...`"
    assert f"\n## {name}\n" in text_of("docs/commands.md")


def test_the_documents_name_no_other_command() -> None:
    known = {*TABLES.commands(), "crawl", "shell", "fetch", "COMMAND"}
    for path in DOCUMENTS:
        named = set(re.findall(r"\bscrapy ([a-zA-Z]+)\b", "\n".join(code_of(path.read_text("utf-8")))))
        assert named <= known, path.name


def code_of(text: str) -> Iterator[str]:
    yield from re.findall(r"```\w+\n(.*?)```", text, re.S)
    yield from re.findall(r"`([^`\n]+)`", text)


@pytest.mark.parametrize(
    ("document", "names"),
    [
        ("docs/commands.md", KEYS),
        ("docs/commands.md", ARCHIVE_KEYS),
        ("docs/add-a-site.md", [name for name in Site.__struct_fields__ if name != "name"]),
        ("docs/operating.md", STATES),
        ("docs/operating.md", Failure.__args__),  # type: ignore[attr-defined]
    ],
    ids=["arguments of mirror", "arguments of archive", "keys of a site", "states", "failures"],
)
def test_every_word_of_a_closed_list_is_documented(document: str, names: list[str]) -> None:
    text = text_of(document)
    assert [name for name in names if not re.search(rf"[`\[\"]?\b{name}\b", text)] == []


@pytest.mark.parametrize("block", blocks("toml"), ids=lambda block: block.document)
def test_sites_of_the_documents_load(block: Block, tmp_path: Path) -> None:
    path = tmp_path / "mirror.toml"
    path.write_text(block.text, "utf-8")
    assert load_site(path).url == tomllib.loads(block.text)["url"]


@pytest.fixture(scope="module")
def example() -> Iterator[str]:
    with serve(MIRRORS) as mirrors:
        yield f"{next(iter(mirrors.addresses.values()))}/"


RUNNABLE = [list(group) for _, group in groupby(blocks("run"), key=lambda block: block.document)]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a fresh folder in which `scrapy` and `python` are this project's, crawling at full speed."""
    shutil.copy(ROOT / "scrapy.cfg", tmp_path)
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "demo").symlink_to(ROOT / "data" / "demo")
    hasty = "from newscrawler.settings import *\nDOWNLOAD_DELAY = 0\nAUTOTHROTTLE_ENABLED = False\n"
    (tmp_path / "hasty.py").write_text(hasty, "utf-8")
    (tmp_path / "scrapy").write_text(f'#!/bin/sh\nexec "{sys.executable}" -m scrapy "$@"\n', "utf-8")
    (tmp_path / "scrapy").chmod(0o755)
    (tmp_path / "python").symlink_to(sys.executable)
    return tmp_path


def run(folder: Path, words: list[str]) -> str:
    """Return what the command prints; it must succeed."""
    environment = {
        **os.environ,
        "PATH": f"{folder}:{os.environ['PATH']}",
        "PYTHONPATH": f"{folder}:{ROOT}",
        "SCRAPY_SETTINGS_MODULE": "hasty",
        "COLUMNS": "80",
    }
    done = subprocess.run(words, cwd=folder, env=environment, capture_output=True, text=True, timeout=LIMIT, check=False)
    assert done.returncode == 0, f"{words[-1]}\n{done.stdout}\n{done.stderr}"
    return done.stdout


@pytest.mark.parametrize("story", RUNNABLE, ids=lambda story: story[0].document)
def test_blocks_run(story: list[Block], example: str, folder: Path) -> None:
    """The blocks of a document run one after another in a fresh folder, as its reader would type them."""
    for block in story:
        if block.language == "python":
            assert run(folder, [sys.executable, "-c", block.text]).strip()
        else:
            words = block.text.replace(EXAMPLE, example).replace("site=mirror.example", f"site={site_of(example).name}")
            run(folder, ["bash", "-euo", "pipefail", "-c", words])


def test_the_readme_shows_what_the_demo_prints(folder: Path) -> None:
    shown = re.search(r"```text\n.*?scrapy demo\n(.*?)```", text_of("README.md"), re.S)
    assert shown
    assert steady(shown[1]) == steady(run(folder, ["scrapy", "demo"]))


def steady(output: str) -> list[str]:
    """Return the lines without what differs from run to run: ports, and the moment."""
    return [re.sub(r"(127\.0\.0\.\d+[:-])\d+|\d{8}T\d{6}Z", r"\1", line).rstrip() for line in output.splitlines()]


SCHEDULED = [
    ("deploy/newscrawler.service", r"^ExecStart=(.*)$"),
    ("deploy/crontab", r"^\d[\d/* ]* (cd .*)$"),
]


@pytest.mark.parametrize(("file", "line"), SCHEDULED, ids=["systemd", "cron"])
def test_scheduled_lines_run(file: str, line: str, example: str, folder: Path) -> None:
    """What systemd and cron are told crawls the sites of data/sites."""
    found = re.search(line, text_of(file), re.M)
    assert found
    (folder / "data" / "sites").mkdir(parents=True)
    (folder / "data" / "sites" / "mirror.toml").write_text(f'url = "{example}"\nallow_networks = ["127.0.0.0/8"]\n', "utf-8")
    (folder / ".venv" / "bin").mkdir(parents=True)
    (folder / ".venv" / "bin" / "scrapy").symlink_to(folder / "scrapy")
    run(folder, ["sh", "-c", found[1].replace("/opt/newscrawler", str(folder)) + " -a limit=5" * file.endswith(".service")])
    assert list((folder / "data" / "articles" / "mirror").glob("*.jsonl"))


def test_a_failed_run_is_mailed_by_cron(folder: Path) -> None:
    """Cron mails what is printed: of a failed run, all, with its exit code."""
    (line,) = re.findall(SCHEDULED[1][1], text_of("deploy/crontab"), re.M)
    (folder / ".venv" / "bin").mkdir(parents=True)
    (folder / ".venv" / "bin" / "scrapy").symlink_to(folder / "scrapy")
    assert run(folder, ["sh", "-c", line.replace("/opt/newscrawler", str(folder))]).startswith("exit 2: ")
