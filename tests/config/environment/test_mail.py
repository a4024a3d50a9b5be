"""EMAIL_URL: what it may say, and that an error does not repeat it."""

from typing import Any

import pytest

from config.environment.mail import list_mail_settings
from config.environment.variables import SettingError


def find_backend(given: dict[str, Any]) -> str:
    """The module of the backend, as either Django's settings say it."""
    backend: str = given["MAILERS"]["default"]["BACKEND"] if "MAILERS" in given else given["EMAIL_BACKEND"]
    return backend.split(".")[-2]


@pytest.mark.parametrize(
    ("url", "backend"),
    [
        ("", "dummy"),
        ("consolemail://", "console"),
        ("filemail:///tmp/mail", "filebased"),
        ("smtp://localhost:25", "smtp"),
        ("smtp+ssl://user:secret@mail.example.org:465", "smtp"),
    ],
)
def test_email_url_chooses_how_mail_leaves(url: str, backend: str) -> None:
    assert find_backend(list_mail_settings(url)) == backend


@pytest.mark.parametrize("url", ["mail.example.org", "ftp://user:secret@host", "smtp://user:secret@host:abc"])
def test_email_url_that_is_none_says_so_without_its_password(url: str) -> None:
    with pytest.raises(SettingError) as caught:
        list_mail_settings(url)

    assert str(caught.value) == (
        "EMAIL_URL can't be read: write it as smtp+tls://USER:PASSWORD@HOST:587, with one of "
        "consolemail, dummymail, filemail, memorymail, smtp, smtp+ssl, smtp+tls, smtps"
    )
