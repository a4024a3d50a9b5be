"""requirements.txt names each package that is installed by it, and which release: an image is the same each time."""

from __future__ import annotations

from importlib.metadata import requires, version
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

FILE = Path(__file__).resolve().parents[2] / "requirements.txt"


def list_requirements() -> list[Requirement]:
    """Give the lines that hold for this Python."""
    lines = (line.partition("#")[0].strip() for line in FILE.read_text().splitlines())
    found = [Requirement(line) for line in lines if line]
    return [each for each in found if each.marker is None or each.marker.evaluate()]


def list_needed(requirement: Requirement) -> list[Requirement]:
    """Give what an installed package needs, with its extras."""
    found = [Requirement(each) for each in requires(requirement.name) or []]
    extras = ["", *requirement.extras]
    return [
        each for each in found if each.marker is None or any(each.marker.evaluate({"extra": extra}) for extra in extras)
    ]


def is_exact(requirement: Requirement) -> bool:
    return [each.operator for each in requirement.specifier] == ["=="]


def test_each_package_is_of_one_release_and_so_is_what_it_needs() -> None:
    pinned = list_requirements()
    assert [str(each) for each in pinned if not is_exact(each)] == []
    names = {canonicalize_name(each.name) for each in pinned}
    rest, seen, missing = list(pinned), set[str](), set[str]()
    while rest:
        requirement = rest.pop()
        if str(requirement) in seen:
            continue
        seen.add(str(requirement))
        if canonicalize_name(requirement.name) not in names and not is_exact(requirement):
            missing.add(f"{requirement.name}=={version(requirement.name)}")
        rest += list_needed(requirement)

    assert sorted(missing) == []


def test_what_is_installed_is_what_is_named() -> None:
    assert {each.name: version(each.name) for each in list_requirements()} == {
        each.name: next(iter(each.specifier)).version for each in list_requirements()
    }
