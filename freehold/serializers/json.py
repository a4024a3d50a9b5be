"""JSON with whole times."""

from __future__ import annotations

from django.core.serializers import json

from freehold.serializers import ExactEncoder

Deserializer = json.Deserializer


class Serializer(json.Serializer):
    """Takes Django's options."""

    def _init_options(self) -> None:
        super()._init_options()  # type: ignore[misc]  # the stubs leave it out
        self.json_kwargs["cls"] = ExactEncoder
