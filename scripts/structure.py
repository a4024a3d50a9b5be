"""How large the engine is and how its parts hang together; `make structure` prints it.

    python scripts/structure.py [DIRECTORY OF A CHECKOUT]

Counted is what lies in `freehold/`; the tools for CI (`freehold_lint`, once `freehold/lint`) are looked at for doubled
names alone. A part is a module or package that lies directly in `freehold/`; an arrow goes from a part to one that it
imports, wherever the import stands (the door, `freehold/__init__.py`, aside). Where several classes or modules share a
name, a search for it does not lead to its file. Django's own names (`Command`, `Meta`, the files of a backend, `apps`,
`models`, …) are left out: Django asks for them.
"""

from __future__ import annotations

import ast
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path

DJANGOS_CLASSES = {
    *("Command", "Meta", "Migration", "Serializer", "Deserializer"),
    *("DatabaseWrapper", "DatabaseCreation", "DatabaseSchemaEditor", "DatabaseOperations", "DatabaseFeatures"),
    *("DatabaseClient", "DatabaseIntrospection", "DatabaseErrorWrapper", "SQLCompiler"),
}
DJANGOS_FILES = {
    *("__init__", "admin", "apps", "base", "client", "compiler", "creation", "features", "introspection", "operations"),
    *("schema", "models", "urls", "views", "forms", "middleware", "router", "templatetags", "managers"),
}
TOOLS = (Path("freehold/lint"), Path("freehold_lint"))  # where the tools for CI were, and where they are


def list_files(root: Path) -> tuple[list[Path], list[Path]]:
    """Give the modules of the engine, and those of the tools."""
    found = sorted(
        path.relative_to(root) for name in ("freehold", "freehold_lint") for path in (root / name).rglob("*.py")
    )
    tools = [path for path in found if any(path.is_relative_to(place) for place in TOOLS)]
    return [path for path in found if path not in tools], tools


def read_trees(root: Path, files: Iterable[Path]) -> dict[Path, ast.Module]:
    """Give each file's syntax tree."""
    return {path: ast.parse((root / path).read_text(encoding="utf-8")) for path in files}


def iter_imports(tree: ast.Module, parts: set[str]) -> Iterator[str]:
    """Yield the part of each import of the engine's."""
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module == "freehold":
            yield from (alias.name for alias in node.names if alias.name in parts)
        elif isinstance(node, ast.ImportFrom) and node.module and node.module.startswith("freehold."):
            yield node.module.split(".")[1]
        elif isinstance(node, ast.Import):
            yield from (alias.name.split(".")[1] for alias in node.names if alias.name.startswith("freehold."))


def list_arrows(trees: dict[Path, ast.Module]) -> set[tuple[str, str]]:
    """Give each pair of parts of which the first imports the second."""
    parts = {path.parts[1].removesuffix(".py") for path in trees}
    return {
        (part, other)
        for path, tree in trees.items()
        if path.parts[1] != "__init__.py"  # the door, which hands on from everywhere and imports when asked
        for other in iter_imports(tree, parts)
        if (part := path.parts[1].removesuffix(".py")) != other and other != "lint"
    }


def list_doubled(named: Iterable[tuple[str, Path]], leave_out: set[str]) -> dict[str, list[Path]]:
    """Give the names that stand in several files or several times, with where."""
    places: dict[str, list[Path]] = defaultdict(list)
    for name, path in named:
        places[name].append(path)
    return {name: paths for name, paths in sorted(places.items()) if len(paths) > 1 and name not in leave_out}


def list_classes(trees: dict[Path, ast.Module]) -> list[tuple[str, Path]]:
    """Give each class with its file."""
    return [
        (node.name, path) for path, tree in trees.items() for node in ast.walk(tree) if isinstance(node, ast.ClassDef)
    ]


def print_doubled(title: str, doubled: dict[str, list[Path]]) -> None:
    """Print how many there are, and each."""
    print(f"{title}: {len(doubled)}")
    for name, paths in doubled.items():
        print(f"    {name:16} {', '.join(str(path) for path in paths)}")


def main() -> None:
    """Print the figures."""
    root = Path(sys.argv[1] if len(sys.argv) > 1 else Path(__file__).parent.parent)
    engine, tools = list_files(root)
    trees = read_trees(root, engine)
    both = {**trees, **read_trees(root, tools)}
    lines = sum(len((root / path).read_text(encoding="utf-8").splitlines()) for path in trees)
    print(f"Modules of the engine: {len(trees)}")
    print(f"Lines of the engine: {lines:,}")
    print(f"Arrows between its parts: {len(list_arrows(trees))}")
    print_doubled("Class names that stand twice", list_doubled(list_classes(both), DJANGOS_CLASSES))
    print_doubled("File names that stand twice", list_doubled(((path.stem, path) for path in both), DJANGOS_FILES))


if __name__ == "__main__":
    main()
