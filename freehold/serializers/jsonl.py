"""JSON Lines with whole times."""

from __future__ import annotations

from django.core.serializers import jsonl

from freehold.serializers import ExactEncoder

Deserializer = jsonl.Deserializer


class Serializer(jsonl.Serializer):
    """Takes Django's options."""

    def _init_options(self) -> None:
        super()._init_options()  # type: ignore[misc]  # the stubs leave it out
        self.json_kwargs["cls"] = ExactEncoder
