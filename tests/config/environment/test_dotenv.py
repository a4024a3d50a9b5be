"""The file `.env`: what is read from it, what wins over it, and one line about each that can't be read."""

from __future__ import annotations

import os
import socket
import stat
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from config.environment.dotenv import WRITTEN, read_dotenv, write_dotenv
from config.environment.variables import SettingError, read_text

ROOT = Path(__file__).resolve().parents[3]
PASSWORD = "hush-hush"


@pytest.fixture(autouse=True)
def _process(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the file beside manage.py be read, and what it sets be gone after the test."""
    monkeypatch.delenv("ENV_FILE")
    for name in ("PROBE", "SECOND"):
        monkeypatch.setenv(name, "")
        monkeypatch.delenv(name)


def read(directory: Path, content: str | bytes, name: str = "PROBE") -> str | None:
    """Give what a variable is once `.env` of this content was read."""
    path = directory / ".env"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    read_dotenv(directory)
    return os.environ.get(name)


# --- What is read ------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("line", "value"),
    [
        ("PROBE=value", "value"),
        ("  PROBE=value  ", "value"),
        ("export PROBE=value", "value"),
        ("PROBE=", ""),
        ("PROBE=a#b", "a#b"),
        ("PROBE='a # b'", "a # b"),
        ('PROBE="a # b"', "a # b"),
        ("PROBE=$HOME", "$HOME"),
        ("PROBE=a=b=c", "a=b=c"),
        ("PROBE=o'brien", "o'brien"),
        ("PROBE=one\r\nSECOND=two\r", "one"),
        ("\ufeffPROBE=after a byte order mark", "after a byte order mark"),
        ("# PROBE=no\n\nPROBE=yes", "yes"),
        ("PROBE=one\nPROBE=two", "two"),
        ("PROBE=ö", "ö"),
    ],
)
def test_line_is_read(line: str, value: str, tmp_path: Path) -> None:
    assert read(tmp_path, line) == value


def test_variable_of_the_process_wins(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PROBE", "process")

    assert read(tmp_path, "PROBE=file\nSECOND=file") == "process"
    assert os.environ["SECOND"] == "file"


def test_variable_blank_in_the_process_wins_and_is_the_default(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PROBE", "")
    read(tmp_path, "PROBE=file")

    assert read_text("PROBE", "default") == "default"


def test_file_missing_is_no_fault(tmp_path: Path) -> None:
    read_dotenv(tmp_path)


def test_file_that_env_file_names_is_read_instead(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ENV_FILE", "other")
    (tmp_path / "other").write_text("SECOND=other")

    assert read(tmp_path, "PROBE=beside") is None
    assert os.environ["SECOND"] == "other"


def test_pipe_that_env_file_names_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ENV_FILE", "secrets")
    os.mkfifo(tmp_path / "secrets")
    with subprocess.Popen(["/bin/sh", "-c", "echo PROBE=piped > secrets"], cwd=tmp_path):
        read_dotenv(tmp_path)

    assert os.environ["PROBE"] == "piped"


# --- What is refused ---------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("content", "message"),
    [
        (f"PROBE={PASSWORD}\n{PASSWORD}", "line 2: can't be read: write NAME=value, without blanks around the ="),
        (
            f"SECRET_KEY: {PASSWORD}",
            "line 1: SECRET_KEY can't be read: write SECRET_KEY=value, without blanks around the =",
        ),
        (f"PROBE = {PASSWORD}", "line 1: PROBE can't be read: write PROBE=value, without blanks around the ="),
        (f"PROBE= {PASSWORD}", "line 1: PROBE can't be read: write PROBE=value, without blanks around the ="),
        (
            f"\nPROBE={PASSWORD} # mine",
            "line 2: the value of PROBE has a # after a blank: put a comment on a line of its own, or such a value "
            "into quotes",
        ),
        *(
            (
                f"PROBE={value}",
                "line 1: the value of PROBE begins with a quote and does not end with it: close it, and put a comment "
                "on a line of its own",
            )
            for value in (f"'{PASSWORD}", f'"{PASSWORD}" # mine', f"\"{PASSWORD}'", '"')
        ),
        (f"PROBE={PASSWORD}\x00", "line 1: it holds a control character: remove it"),
        (f"PROBE={PASSWORD}\x0cSECOND=x", "line 1: it holds a control character: remove it"),
        (f"PROBE={PASSWORD}\u2028SECOND=x", "line 1: it holds a control character: remove it"),
    ],
)
def test_line_that_cant_be_read_is_refused_by_number_without_its_value(
    content: str, message: str, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with pytest.raises(SettingError) as refused:
        read(tmp_path, content)

    assert str(refused.value) == f"{tmp_path}/.env, {message}"
    assert PASSWORD not in str(refused.value) + caplog.text
    assert "PROBE" not in os.environ


@pytest.mark.parametrize("content", [b"PROBE=\xff\xfe", "PROBE=x".encode("utf-16")])
def test_file_is_no_utf_8_is_refused(content: bytes, tmp_path: Path) -> None:
    with pytest.raises(SettingError) as refused:
        read(tmp_path, content)

    assert str(refused.value) == f"{tmp_path}/.env is no UTF-8 text: save it as UTF-8"


def test_file_is_a_directory_is_refused(tmp_path: Path) -> None:
    (tmp_path / ".env").mkdir()

    with pytest.raises(SettingError) as refused:
        read_dotenv(tmp_path)

    assert str(refused.value) == (f"{tmp_path}/.env is a directory: put a file of lines NAME=value there, or remove it")


def make_socket(path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as made:
        made.bind(str(path))


@pytest.mark.parametrize(
    "make",
    [
        os.mkfifo,
        make_socket,
        lambda path: path.symlink_to("/dev/zero"),
        lambda path: (os.mkfifo(path.with_name("pipe")), path.symlink_to("pipe")),
    ],
    ids=["pipe", "socket", "device", "link to a pipe"],
)
def test_file_that_is_no_plain_one_is_refused_at_once(tmp_path: Path, make: Callable[[Path], object]) -> None:
    make(tmp_path / ".env")

    with pytest.raises(SettingError) as refused:
        read_dotenv(tmp_path)

    assert str(refused.value) == (
        f"{tmp_path}/.env is no plain file: put a file of lines NAME=value there, or set ENV_FILE to what is to be read"
    )


def test_file_is_a_link_to_nowhere_is_refused(tmp_path: Path) -> None:
    (tmp_path / ".env").symlink_to("nowhere")

    with pytest.raises(SettingError) as refused:
        read_dotenv(tmp_path)

    assert str(refused.value) == f"{tmp_path}/.env does not exist: make it, or set ENV_FILE to another file"


def test_file_that_env_file_names_is_missing_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ENV_FILE", str(tmp_path / "other"))

    with pytest.raises(SettingError) as refused:
        read_dotenv(tmp_path)

    assert str(refused.value) == f"{tmp_path}/other does not exist: make it, or set ENV_FILE to another file"


def test_file_of_another_account_is_refused(tmp_path: Path) -> None:
    path = tmp_path / ".env"
    path.write_text(f"PROBE={PASSWORD}")
    path.chmod(0o000)

    with pytest.raises(SettingError) as refused, as_somebody_else(tmp_path):
        read_dotenv(tmp_path)

    assert str(refused.value) == (
        f"{path} can't be read (permission denied): let this account read it, or set ENV_FILE=/dev/null to read none"
    )


@contextmanager
def as_somebody_else(path: Path) -> Iterator[None]:
    """Give up root's right to read everything, where the tests have it; the way to the file is open to all."""
    own = os.geteuid()
    for each in [path, *path.parents]:
        if own == 0 and each != Path("/") and each.stat().st_mode & 0o055 != 0o055:
            each.chmod(each.stat().st_mode | 0o055)
    os.seteuid(65534 if own == 0 else own)
    try:
        yield
    finally:
        os.seteuid(own)


def test_command_with_a_line_that_cant_be_read_is_one_line(tmp_path: Path) -> None:
    path = tmp_path / "env"
    path.write_text(f"SECRET_KEY {PASSWORD}")

    run = subprocess.run(
        [sys.executable, "manage.py", "check"],
        cwd=ROOT,
        env={**os.environ, "ENV_FILE": str(path)},
        capture_output=True,
        text=True,
    )

    assert (run.returncode, run.stdout) == (1, "")
    assert run.stderr == (f"freehold: {path}, line 1: can't be read: write NAME=value, without blanks around the =\n")


# --- What is written ---------------------------------------------------------------------------------------------
def test_file_written_is_its_owners_alone_and_names_the_embedded_server(tmp_path: Path) -> None:
    path = tmp_path / ".env"

    assert write_dotenv(path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [each.name for each in tmp_path.iterdir()] == [".env"]
    assert "\nDATABASE_URL=embedded:./var/postgres\n" in path.read_text()


def test_file_that_is_there_is_not_written_over(tmp_path: Path) -> None:
    path = tmp_path / ".env"
    path.write_text("PROBE=mine")

    assert not write_dotenv(path)
    assert path.read_text() == "PROBE=mine"
    assert [each.name for each in tmp_path.iterdir()] == [".env"]


# --- make run and manage.py, in a copy of the project ---------------------------------------------------------------
@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project directory whose .env may be written: everything else is a link to the real one."""
    directory = tmp_path / "a project"
    directory.mkdir()
    for path in ROOT.iterdir():
        if path.name not in {".env", "var", "config", "local.db", "manage.py"}:
            (directory / path.name).symlink_to(path)
    (directory / "manage.py").write_bytes((ROOT / "manage.py").read_bytes())  # Python looks where a link leads
    (directory / "config").mkdir()
    for path in (ROOT / "config").rglob("*"):
        target = directory / path.relative_to(ROOT)
        if path.is_dir():
            target.mkdir(exist_ok=True)
        elif path.suffix != ".pyc":
            target.write_bytes(path.read_bytes())
    return directory


def run(project: Path, *command: str, cwd: str = ".", **environment: str) -> subprocess.CompletedProcess[str]:
    """Run Python in the project as from a terminal that knows nothing of tests."""
    known = {"ENV_FILE", "DATABASE_URL", "TEST_DIALECT", "DJANGO_SETTINGS_MODULE"}
    bare = {name: value for name, value in os.environ.items() if name not in known}
    return subprocess.run(
        [sys.executable, *command], cwd=project / cwd, env={**bare, **environment}, capture_output=True, text=True
    )


SHOW = ("manage.py", "shell", "-c", "from django.conf import settings; print(settings.DATABASES['default'])")


def test_make_run_writes_the_file_once_and_manage_py_reads_it(project: Path) -> None:
    first, second = (run(project, "-m", "config.environment.dotenv") for _ in range(2))
    shown = run(project, *SHOW)

    assert (first.returncode, first.stdout) == (0, "  • .env written: DATABASE_URL=embedded:./var/postgres\n")
    assert (second.returncode, second.stdout, second.stderr) == (0, "", "")
    assert (project / ".env").read_text() == WRITTEN
    assert f"'embedded': '{project}/var/postgres'" in shown.stdout, shown.stderr


def test_path_in_the_file_counts_from_the_project_wherever_the_command_runs(project: Path) -> None:
    (project / "elsewhere").mkdir()
    run(project, "-m", "config.environment.dotenv")
    shown = run(project, "../manage.py", *SHOW[1:], cwd="elsewhere")

    assert f"'embedded': '{project}/var/postgres'" in shown.stdout, shown.stderr


@pytest.mark.parametrize("value", ["sqlite:///mine.db", ""])
def test_make_run_writes_no_file_where_the_environment_says_which_database(project: Path, value: str) -> None:
    ended = run(project, "-m", "config.environment.dotenv", DATABASE_URL=value)

    assert (ended.returncode, ended.stdout, ended.stderr) == (0, "", "")
    assert not (project / ".env").exists()


def test_make_run_leaves_a_file_without_a_database_and_says_so(project: Path) -> None:
    (project / ".env").write_text("DEBUG=1\n")
    ended = run(project, "-m", "config.environment.dotenv")

    assert (ended.returncode, ended.stdout) == (
        0,
        "  • .env has no DATABASE_URL: the default holds. DATABASE_URL=embedded:./var/postgres there would mean the "
        "embedded PostgreSQL\n",
    )
    assert (project / ".env").read_text() == "DEBUG=1\n"


def test_make_run_with_a_file_that_cant_be_read_ends_with_one_line(project: Path) -> None:
    (project / ".env").write_text(f"SECRET_KEY {PASSWORD}\n")
    ended = run(project, "-m", "config.environment.dotenv")

    assert (ended.returncode, ended.stdout) == (1, "")
    assert ended.stderr == (
        f"freehold: {project}/.env, line 1: can't be read: write NAME=value, without blanks around the =\n"
    )
