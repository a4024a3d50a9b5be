"""Text that a page can hold: forms that refuse, and never give back, what HTML has no place for.

    FORM_RENDERER = "freehold.printable.FormRenderer"

A browser may send U+0000, and most other control characters, in an address or a form; neither a page nor a text of
PostgreSQL's can hold the former, and no page should the latter.
"""

from __future__ import annotations

import re
from typing import Any, Final

from django.core.validators import RegexValidator
from django.forms import BoundField
from django.forms.renderers import DjangoTemplates

# HTML, 13.1.2.6 and 3.2.5: text holds no controls but white space, no surrogates and no noncharacters.
UNPRINTABLE: Final = re.compile("[\0-\x08\x0b\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")
validate_printable: Final = RegexValidator(UNPRINTABLE, "Control characters are not allowed.", inverse_match=True)


class _PrintableBoundField(BoundField):
    """Shows U+FFFD, as for bytes that are no text, in the place of each character that the page can't hold."""

    def value(self) -> Any:
        value = super().value()
        return UNPRINTABLE.sub("\N{REPLACEMENT CHARACTER}", value) if isinstance(value, str) else value


class FormRenderer(DjangoTemplates):
    """Django's own, with every form's fields as above."""

    bound_field_class = _PrintableBoundField
