"""The rooms of the house: who may import whom."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[1] / "newscrawler"
SCRAPY_SIDE = {"spiders", "pipelines", "middlewares", "extensions", "commands", "commandline", "settings"}
FRAMEWORKS = {"scrapy", "twisted", "itemadapter"}


def modules() -> list[Path]:
    return sorted(PACKAGE.rglob("*.py"))


def room(path: Path) -> str:
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def imports(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import"
            yield node.module or ""


@pytest.mark.parametrize(
    "path", [p for p in modules() if room(p) not in SCRAPY_SIDE], ids=lambda p: str(p.relative_to(PACKAGE))
)
def test_pure_modules_know_no_scrapy(path: Path) -> None:
    names = set(imports(path))
    assert not {name for name in names if name.split(".")[0] in FRAMEWORKS}
    assert not {name for name in names if name.startswith("newscrawler.") and name.split(".")[1] in SCRAPY_SIDE}


def test_no_import_cycles() -> None:
    graph = {module_name(path): {name for name in imports(path) if name.startswith("newscrawler")} for path in modules()}
    done: set[str] = set()

    def visit(name: str, trail: tuple[str, ...]) -> None:
        assert name not in trail, " -> ".join((*trail, name))
        if name in done:
            return
        for target in graph.get(name, ()):
            visit(target, (*trail, name))
        done.add(name)

    for name in graph:
        visit(name, ())


HEAVY = (
    "sqlalchemy",
    "numpy",
    "rich",
    "opencc",
    "pyarrow",
    "py3langid",
    "fastwarc",
    "warcio",
    "newscrawler.extraction",
    "zstandard",
)
"""What a command imports where it uses it: Scrapy imports all commands to run one of them."""

COMMANDS_ALONE = """
import sys
from pkgutil import iter_modules
from importlib import import_module
import newscrawler.commands, newscrawler.settings
for module in iter_modules(newscrawler.commands.__path__):
    import_module(f"newscrawler.commands.{module.name}")
print(*sys.modules)
"""


def test_the_commands_that_are_not_run_cost_nothing() -> None:
    words = [sys.executable, "-c", COMMANDS_ALONE]
    done = subprocess.run(words, cwd=PACKAGE.parent, capture_output=True, text=True, check=True)
    assert not set(HEAVY) & set(done.stdout.split())


def module_name(path: Path) -> str:
    parts = ("newscrawler", *path.relative_to(PACKAGE).with_suffix("").parts)
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


@pytest.mark.parametrize("path", modules(), ids=lambda p: str(p.relative_to(PACKAGE)))
def test_every_module_says_what_it_is(path: Path) -> None:
    source = path.read_text("utf-8")
    assert not source.strip() or ast.get_docstring(ast.parse(source))
