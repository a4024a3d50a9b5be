"""What the style sheet and the templates promise, read from their text."""

import re
from itertools import product
from pathlib import Path

import pytest
from django.conf import settings

ROOT = Path(settings.BASE_DIR)
SHEET = (ROOT / "config/static/freehold.css").read_text(encoding="utf-8")
ADMIN_SHEET = (ROOT / "config/static/admin.css").read_text(encoding="utf-8")
UNFOLDS = {"material-symbols-outlined"}  # classes of Unfold's own sheet
TEMPLATES = sorted(
    path
    for app in ("config", "studio", "items", "runs", "auth_app")
    for path in (ROOT / app / "templates").rglob("*.html")
)
TEXT = ("ink", "muted", "auth", "master", "app", "public", "danger", "warning")
GROUNDS = ("paper", "card")


def read_tokens(scheme: str) -> dict[str, str]:
    """The colours of a scheme, by name."""
    light, dark = re.findall(r":root \{(.*?)\}", SHEET, re.DOTALL)[:2]
    tokens = dict(re.findall(r"--([\w-]+): (#[0-9a-f]+)", light))
    return tokens if scheme == "light" else tokens | dict(re.findall(r"--([\w-]+): (#[0-9a-f]+)", dark))


def measure_luminance(colour: str) -> float:
    """WCAG 2.2, relative luminance."""
    digits = colour.lstrip("#")
    digits = "".join(digit * 2 for digit in digits) if len(digits) == 3 else digits
    parts = [int(digits[start : start + 2], 16) / 255 for start in (0, 2, 4)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def measure_contrast(one: str, other: str) -> float:
    high, low = sorted((measure_luminance(one), measure_luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(("text", "ground"), [*product(TEXT, GROUNDS), ("ink", "sunken"), ("muted", "sunken")])
def test_text_keeps_the_contrast_of_wcag_aa(scheme: str, text: str, ground: str) -> None:
    tokens = read_tokens(scheme)
    assert measure_contrast(tokens[text], tokens[ground]) >= 4.5


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("accent", ["auth", "master", "app", "public"])
def test_text_on_an_accent_keeps_the_contrast_of_wcag_aa(scheme: str, accent: str) -> None:
    tokens = read_tokens(scheme)
    assert measure_contrast(tokens["on-accent"], tokens[accent]) >= 4.5


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("ground", GROUNDS)
def test_edge_of_a_control_keeps_the_contrast_of_wcag_aa(scheme: str, ground: str) -> None:
    tokens = read_tokens(scheme)
    assert measure_contrast(tokens["line-strong"], tokens[ground]) >= 3


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
def test_template_holds_nothing_that_a_strict_policy_refuses(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert not re.search(r"\sstyle=|<style|\son\w+=|javascript:|hx-on", text)
    assert not re.search(r"<script(?![^>]*\ssrc=)", text)
    assert not re.search(r"""(?:src|href)=["']?(?:https?:)?//""", text)


def test_every_class_of_a_template_is_in_the_style_sheet() -> None:
    used = {
        (name, ADMIN_SHEET if "admin" in path.parts else SHEET)
        for path in TEMPLATES
        for attribute in re.findall(r'class="([^"]*)"', path.read_text(encoding="utf-8"))
        for name in re.sub(r"\{%.*?%\}|\S*\{\{.*?\}\}\S*", " ", attribute).split()
    }
    missing = {name for name, sheet in used if not re.search(rf"\.{re.escape(name)}\b", sheet)}

    assert missing - {"accent-", *UNFOLDS} == set()
