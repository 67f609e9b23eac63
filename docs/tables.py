"""Writes or checks the tables of the documents that the code knows better than a person.

In: the Article, the exit codes, the commands, the settings. Out: README.md and docs/*.md, between `<!-- table NAME -->` and
`<!-- end -->`. Must not know: anything else.

    python docs/tables.py [--check]
"""

import importlib
import inspect
import pkgutil
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from scrapy.commands import ScrapyCommand

import newscrawler.commands
from newscrawler.exits import Exit
from newscrawler.items import Article, Removal, article_schema
from newscrawler.options import OPTIONS, PREFIX

ROOT = Path(__file__).parents[1]
TABLE = re.compile(r"(?<=<!-- table )(\w+) -->\n.*?(?=<!-- end -->)", re.S)


def documents() -> list[Path]:
    return [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]


def fields_table(item: type) -> str:
    """Return a row a field of `item`, with the schema's type and description."""
    properties = article_schema()["$defs"][item.__name__]["properties"]
    rows = ((f"`{name}`", type_of(schema), schema["description"]) for name, schema in properties.items())
    return table(("Field", "Type", "What it holds"), rows)


def type_of(schema: dict[str, Any]) -> str:
    """Return a JSON type in a reader's words."""
    if "anyOf" in schema:
        return " or ".join(sorted((type_of(one) for one in schema["anyOf"]), key="null".__eq__))
    if "$ref" in schema:
        return "object"
    if schema["type"] == "array":
        return f"list of {type_of(schema['items'])}s"
    return str(schema["type"])


def exits_table() -> str:
    return table(("Code", "Name", "Meaning"), ((str(int(code)), f"`{code.name}`", code.meaning) for code in Exit))


def settings_table() -> str:
    rows = (
        (
            f"`{PREFIX}{option.name}`",
            f"`{option.name.lower()}`",
            f"`{option.default}`" if option.default else "none",
            option.meaning,
        )
        for option in OPTIONS
    )
    return table(("In the environment or with `-s`", "In newscrawler.toml", "Default", "Meaning"), rows)


def commands_table() -> str:
    return table(("Command", "What it does, with an example"), commands_rows())


def commands_rows() -> Iterator[tuple[str, str]]:
    for name, command in commands().items():
        what, _, example = command.short_desc().partition(": scrapy ")
        yield f"`scrapy {name}`", f"{what}: `scrapy {example}`"


def commands() -> dict[str, ScrapyCommand]:
    """Return the project's own commands by name."""
    found = {}
    for module in pkgutil.iter_modules(newscrawler.commands.__path__):
        for value in vars(importlib.import_module(f"newscrawler.commands.{module.name}")).values():
            if inspect.isclass(value) and issubclass(value, ScrapyCommand) and value.__module__.endswith(f".{module.name}"):
                found[module.name] = value()
    return found


def table(head: tuple[str, ...], rows: Iterator[tuple[str, ...]]) -> str:
    lines = [head, tuple("---" for _ in head), *rows]
    return "".join(f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in line)} |\n" for line in lines)


TABLES = {
    "article": lambda: fields_table(Article),
    "removal": lambda: fields_table(Removal),
    "exits": exits_table,
    "settings": settings_table,
    "commands": commands_table,
}


def with_tables(text: str) -> str:
    """Return the document with its tables as they are now."""
    return TABLE.sub(lambda found: f"{found[1]} -->\n{TABLES[found[1]]()}", text)


def main(arguments: list[str]) -> int:
    """Write the documents, or with --check return 1 when one is stale."""
    stale = [path for path in documents() if with_tables(path.read_text("utf-8")) != path.read_text("utf-8")]
    for path in stale:
        if "--check" in arguments:
            print(f"{path.relative_to(ROOT)} is stale: run `python docs/tables.py`", file=sys.stderr)
        else:
            path.write_text(with_tables(path.read_text("utf-8")), "utf-8")
    return int(bool(stale) and "--check" in arguments)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
