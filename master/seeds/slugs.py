"""Readable ASCII slugs for names in any Latin spelling."""
# ruff: noqa: RUF001 - letters that look like others are what this is about

from __future__ import annotations

import re

from master.seeds.geonames import strip_accents

# Letters that Unicode does not take apart into a base letter and a mark.
LETTERS = str.maketrans(
    {"ı": "i", "ł": "l", "Ł": "L", "ø": "o", "Ø": "O", "đ": "d", "Đ": "D", "ð": "d", "Ð": "D", "ħ": "h", "Ħ": "H"}
    | {"ß": "ss", "æ": "ae", "Æ": "Ae", "œ": "oe", "Œ": "Oe", "þ": "th", "Þ": "Th", "ə": "e", "Ə": "E"}
    | dict.fromkeys("'’‘ʻʼ`", "")
)


def slugify(text: str) -> str:
    """Give lower-case letters and digits with single hyphens between; empty where the text has neither."""
    plain = strip_accents(text.translate(LETTERS)).lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")
