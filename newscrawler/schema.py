"""Writes or checks article.schema.json, the JSON Schema of the output's lines.

In: the Article. Out: the file beside this module. Must not know: anything else.

    python -m newscrawler.schema [--check]
"""

import sys
from pathlib import Path

import msgspec

from newscrawler.items import article_schema

FILE = Path(__file__).with_name("article.schema.json")


def main(arguments: list[str]) -> int:
    """Write the file, or with --check return 1 when it is stale."""
    current = msgspec.json.format(msgspec.json.encode(article_schema()), indent=2) + b"\n"
    if "--check" not in arguments:
        FILE.write_bytes(current)
        return 0
    if FILE.exists() and FILE.read_bytes() == current:
        return 0
    print(f"{FILE.name} is stale: run `python -m newscrawler.schema`", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
