"""The suite is unpacked whole or not at all, and what is wrong with the archive is told in one line."""

from __future__ import annotations

import io
import tarfile
from pathlib import Path

import pytest

from conformance import source
from conformance.errors import ConformanceError


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty cache."""
    monkeypatch.setattr(source, "CACHE", tmp_path)
    return tmp_path


def write_archive(cache: Path, *names: str) -> Path:
    archive = cache / f"django-{source.get_version()}.tar.gz"
    with tarfile.open(archive, "w:gz") as tar:
        for name in names:
            member = tarfile.TarInfo(f"django-{source.get_version()}/{name}")
            member.size = 2
            tar.addfile(member, io.BytesIO(b"ok"))
    return archive


def test_tests_alone_are_unpacked(cache: Path) -> None:
    write_archive(cache, "tests/runtests.py", "tests/basic/tests.py", "django/__init__.py")

    tests = source.get_tests()

    assert tests == cache / f"django-{source.get_version()}" / "tests"
    assert sorted(path.name for path in tests.parent.rglob("*.py")) == ["runtests.py", "tests.py"]
    assert source.get_tests() == tests


def test_broken_archive_is_refused_in_one_line(cache: Path) -> None:
    archive = write_archive(cache, "tests/runtests.py")
    archive.write_text("no archive")

    with pytest.raises(ConformanceError) as caught:
        source.get_tests()

    assert str(caught.value) == f"{archive} can't be unpacked (not a gzip file): remove it and try again"


def test_archive_cut_short_leaves_nothing_that_passes_for_whole(cache: Path) -> None:
    archive = write_archive(cache, "tests/runtests.py", "tests/basic/tests.py")
    archive.write_bytes(archive.read_bytes()[:-40])

    with pytest.raises(ConformanceError):
        source.get_tests()

    assert not (cache / f"django-{source.get_version()}").exists()


def test_archive_without_tests_is_refused(cache: Path) -> None:
    archive = write_archive(cache, "django/__init__.py")

    with pytest.raises(ConformanceError) as caught:
        source.get_tests()

    assert str(caught.value) == f"{archive} holds no tests of Django's: remove it and try again"


def test_source_that_can_t_be_fetched_is_told_with_the_way_out(cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", "")
    version = source.get_version()

    with pytest.raises(ConformanceError) as caught:
        source.get_tests()

    assert str(caught.value) == (
        f"pip could not fetch the source of Django {version} (ERROR: No matching distribution found for "
        f"django=={version}): put django-{version}.tar.gz into {cache} by hand, or mend pip's index and try again"
    )
