"""Checksums of seeds: what changes when the code or the data behind a seed's rows does."""

from __future__ import annotations

import hashlib
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from types import ModuleType

from freehold.errors import SeedError
from freehold.history.sources import Sources, get_name, read
from freehold.seeds import Source


def make_checksum(seed: str, module: Path, sources: tuple[Source, ...]) -> str:
    """Give the SHA-256, in hexadecimal, over the seed's file, its source files and the versions of its packages.

    The rows themselves are not read: that would cost seconds at every start.

    Raises:
        SeedError: a source is missing.
    """
    digest = hashlib.sha256()
    for source in (module, *sources):
        digest.update(_describe(seed, source))
    return digest.hexdigest()


def _describe(seed: str, source: Source) -> bytes:
    if isinstance(source, ModuleType):
        source = Path(str(source.__file__))
    if isinstance(source, Path):
        try:
            # Line ends differ between checkouts on Windows and elsewhere; the rows do not.
            content = source.read_bytes().replace(b"\r\n", b"\n")
        except OSError as error:
            raise SeedError(f"seed {seed}: its source {source} can't be read: {error.strerror}") from error
        return f"file {source.name} {len(content)}\n".encode() + content
    try:
        return f"package {source} {version(source)}\n".encode()
    except PackageNotFoundError as error:
        raise SeedError(f"seed {seed}: its source {source} is not installed: pip install {source}") from error


def find_sources(module: Path, sources: tuple[Source, ...]) -> Sources:
    """Give what the seed's file and its sources hold, for the history; of a package its version."""
    return Sources(dict(_read_source(source, module.parent.parent) for source in (module, *sources)))


def _read_source(source: Source, base: Path) -> tuple[str, bytes | None]:
    if isinstance(source, ModuleType):
        source = Path(str(source.__file__))
    if isinstance(source, Path):
        return get_name(source, base), read(source)
    try:
        return f"package {source}", version(source).encode()
    except PackageNotFoundError:
        return f"package {source}", None
