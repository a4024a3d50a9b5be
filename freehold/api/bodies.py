"""JSON as it is taken and given: strict types, unknown fields refused, every fault told, bounds on depth and length."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Final

import msgspec
from django.http import HttpRequest
from dmr.exceptions import DataParsingError
from dmr.plugins.msgspec import MsgspecJsonParser, MsgspecSerializer
from msgspec import Meta

from freehold.api.faults import FaultsError, list_faults
from freehold.api.problems import ProblemError
from freehold.api.schemas import SchemaGenerator

MOST_LEVELS: Final = 32
_STRINGS: Final = re.compile(rb'"(?:[^"\\]|\\.)*(?:"|\\?\Z)', re.DOTALL)  # an open one too: else each quote is tried
_OTHERS: Final = bytes(set(range(256)) - set(b"[]{}"))
# HTML, 13.1.2.6 and 3.2.5, as freehold.printable has it: no controls but white space, no noncharacters.
_PRINTABLE: Final = "[^\\x00-\\x08\\x0b\\x0e-\\x1f\\x7f-\\x9f\\ufdd0-\\ufdef\\ufffe\\uffff]*$"

END: Final = r"(?!\n)$"
"""The end of a pattern: `$` by itself lets a line break through in Python, and none in JSON Schema."""

Text = Annotated[str, Meta(pattern=f"^{_PRINTABLE}")]
"""Text that pages and PostgreSQL can hold. How long it may be is for each field to say: `Annotated[Text, Meta(…)]`."""

Words = Annotated[str, Meta(pattern=rf"^(?=\s*\S){_PRINTABLE}")]
"""The same, and more than white space, for a name that people look for."""


class Bounded(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """What a request brings, as a base: a field that it does not have is a fault."""


class Parser(MsgspecJsonParser):
    """JSON of a request's body, held to the endpoint's type as it is decoded."""

    __slots__ = ()
    strict = True

    def parse(self, to_deserialize: Any, deserializer_hook: Any = None, *, request: Any, model: Any) -> Any:
        """Give the model's value.

        Raises:
            DataParsingError: this is no JSON, or nested too deeply.
            FaultsError: it is not what the model says.
        """
        if not to_deserialize:
            raise DataParsingError("The body is empty.")
        check_depth(to_deserialize)
        try:
            return super().parse(to_deserialize, deserializer_hook, request=request, model=model)
        except msgspec.ValidationError as error:
            document = super().parse(to_deserialize, deserializer_hook, request=request, model=Any)
            faults = list_faults(document, model, strict=True)
            raise FaultsError(faults or [((), str(error))]) from None


@dataclass
class OpenBody:
    """A body that is read as it comes. `length` is what Content-Length says, None where it comes in chunks."""

    source: Callable[[int], bytes]
    length: int | None
    seen: int = 0

    def read(self, size: int) -> bytes:
        """Give up to so many bytes, and none at the end.

        Raises:
            ProblemError: 400 where it ends before its length. Servers end such a body silently, as they do one in
                chunks that breaks off: of that, what is read has to tell whether it is all.
        """
        found = self.source(size)
        self.seen += len(found)
        if not found and self.length is not None and self.seen < self.length:
            raise ProblemError(400, "The body is shorter than its Content-Length.")
        return found


def open_body(request: HttpRequest) -> OpenBody:
    """Give the body to be read as it comes, also one that says by its last chunk where it ends: Django takes what
    has no length for empty.

    Raises:
        ProblemError: 411 where the server does not say that reading ends with the body (`wsgi.input_terminated`).
    """
    if "chunked" not in request.headers.get("Transfer-Encoding", "").lower():
        length = request.META.get("CONTENT_LENGTH") or ""
        return OpenBody(request.read, int(length) if length.isdecimal() else 0)
    if not request.META.get("wsgi.input_terminated"):
        raise ProblemError(411, "Say by Content-Length how long the body is: this server takes none in chunks.")
    return OpenBody(request.META["wsgi.input"].read, None)


def check_depth(body: bytes) -> None:
    """Raise DataParsingError where lists and objects stand in one another more than MOST_LEVELS times."""
    if body.count(b"{") + body.count(b"[") <= MOST_LEVELS:  # nearly always, and cheap
        return
    depth = 0
    for bracket in _STRINGS.sub(b"", body).translate(None, _OTHERS):
        depth += 1 if bracket in b"[{" else -1
        if depth > MOST_LEVELS:
            raise DataParsingError(f"The body is nested more than {MOST_LEVELS} levels deep.")


class Serializer(MsgspecSerializer):
    """Tells every fault of parameters, which are texts and so are read as what their type says."""

    __slots__ = ()
    schema_generator = SchemaGenerator

    @classmethod
    def from_python(cls, unstructured: Any, model: Any, *, strict: bool | None, extra_namespace: Any = None) -> Any:
        """Give the model's value, or raise FaultsError."""
        try:
            return super().from_python(unstructured, model, strict=strict, extra_namespace=extra_namespace)
        except msgspec.ValidationError as error:
            plain = (
                {name: _make_plain(each) for name, each in unstructured.items()}
                if isinstance(unstructured, dict)
                else unstructured
            )
            raise FaultsError(list_faults(plain, model, strict=bool(strict)) or [((), str(error))]) from None

    @classmethod
    def serialize_validation_error(cls, exc: Exception) -> list[Any]:
        """Give what `problems` reads: a place and a sentence each."""
        faults = exc.faults if isinstance(exc, FaultsError) else [((), str(exc))]
        return [{"loc": list(path), "msg": sentence} for path, sentence in faults]


def _make_plain(value: Any) -> Any:
    return dict(value) if isinstance(value, Mapping) else value
