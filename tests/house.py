"""Reads the house as text and as syntax trees, for the tests that hold its rules."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
ROOMS = ("content", "learning", "members", "media")
TEMPLATES = ROOT / "site" / "templates"
STATIC = ROOT / "site" / "static"


@cache
def modules(*, with_migrations: bool = False) -> dict[str, Path]:
    """Every module of the rooms and of `config` by its dotted name."""
    found = {}
    for folder, base in [*((ROOT / room, ROOT) for room in ROOMS), (ROOT / "site" / "config", ROOT / "site")]:
        for path in sorted(folder.rglob("*.py")):
            if with_migrations or "migrations" not in path.parts:
                parts = path.relative_to(base).with_suffix("").parts
                found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return found


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(), str(path))


def imports(path: Path) -> Iterator[str]:
    """The dotted names that a module imports, wherever it does so."""
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def chains(path: Path) -> Iterator[tuple[int, str, list[str]]]:
    """Each `Name.word.word(…).word` of a module: line, first name, and all the words that follow."""
    whole = tree(path)
    parents = {child: node for node in ast.walk(whole) for child in ast.iter_child_nodes(node)}
    for node in ast.walk(whole):
        if isinstance(node, ast.Name) and isinstance(parents.get(node), ast.Attribute):
            yield node.lineno, node.id, list(_words_after(node, parents))


def _words_after(node: ast.AST, parents: dict[ast.AST, ast.AST]) -> Iterator[str]:
    step = parents[node]
    while isinstance(step, ast.Attribute) or (isinstance(step, ast.Call) and step.func is node):
        if isinstance(step, ast.Attribute):
            yield step.attr
        node, step = step, parents[step]


def templates() -> Iterator[tuple[str, str]]:
    """Name and text of every template of ours."""
    for path in sorted(TEMPLATES.rglob("*.*")):
        yield str(path.relative_to(TEMPLATES)), path.read_text()


def static(kind: str) -> Iterator[tuple[str, str]]:
    """Name and text of every style sheet or script of ours; what is vendored stands in folders of its own."""
    for path in sorted((STATIC / kind).glob(f"*.{kind}")):
        yield f"{kind}/{path.name}", path.read_text()
