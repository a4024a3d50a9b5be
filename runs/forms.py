"""What the page of runs takes from its query string."""

from __future__ import annotations

from typing import Any, Final

from django import forms

from freehold import validate_printable
from runs.models.run import RunStatus

MOST_WORDS: Final = 8
DAYS: Final = [("1", "Today"), ("7", "7 days"), ("30", "30 days"), ("90", "90 days"), ("", "Always")]
SORTS: Final = [("newest", "Newest first"), ("oldest", "Oldest first")]


class TextField(forms.CharField):
    """Text to look for, of characters that a page can hold."""

    def __init__(self, label: str, *, max_length: int) -> None:
        super().__init__(label=label, required=False, max_length=max_length)

    def to_python(self, value: object) -> str | None:
        text: str | None = super().to_python(value)
        validate_printable(text)  # before the validators: Django's own would complain of U+0000 once more
        return text


class RunsForm(forms.Form):
    """Each field for itself: one that makes no sense is reported beside it, and is empty in `cleaned_data`."""

    q = TextField("Search", max_length=100)
    kind = TextField("Kind", max_length=100)
    status = forms.ChoiceField(label="Status", required=False, choices=RunStatus.choices)
    project = forms.UUIDField(label="Project", required=False)
    days = forms.ChoiceField(label="Made in the last", required=False, choices=DAYS)
    sort = forms.ChoiceField(label="Sort by", required=False, choices=SORTS)

    def full_clean(self) -> None:
        super().full_clean()
        for name, field in self.fields.items():
            self.cleaned_data.setdefault(name, field.to_python(None))

    @property
    def words(self) -> list[str]:
        """The words to search for, at most MOST_WORDS."""
        return list(self.cleaned_data["q"].split()[:MOST_WORDS])

    @property
    def conditions(self) -> dict[str, str]:
        """What holds, as the address says it; without what holds anyway."""
        found: dict[str, Any] = {**self.cleaned_data, "sort": self.cleaned_data["sort"].replace("newest", "")}
        return {name: str(value) for name, value in found.items() if value}
