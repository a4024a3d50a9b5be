"""What compose.yaml starts, started without a container engine: the same commands in plain processes, each with the
environment that the file gives it and nothing else."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from freehold import embedded
from freehold.passfile import find_password
from tests.config.processes import ROOT, Visitor, find_port
from tests.freehold.backends.postgresql.poolers import lend, wait_for

SERVICES = ("web", "api", "admin")
NGINX = "/usr/sbin/nginx"
POOLER = "localhost"  # the server is 127.0.0.1, which is another host to a password file
_VARIABLE = re.compile(r"\$\{\w+:-([^}]*)\}")  # no variable is set here: what stands behind :- holds


def read_compose(*over: str) -> dict[str, Any]:
    """Give compose.yaml with its defaults, under those of other files."""
    found: dict[str, Any] = {}
    for name in ("compose.yaml", *over):
        given = json.dumps(yaml.safe_load((ROOT / name).read_text()))
        found = _merge(found, json.loads(_VARIABLE.sub(r"\1", given)))
    return found


def _merge(under: Any, over: Any) -> Any:
    if isinstance(under, dict) and isinstance(over, dict):
        return {**under, **{key: _merge(under.get(key), value) for key, value in over.items()}}
    return over


def read_command() -> list[str]:
    """Give the image's CMD."""
    line = next(each for each in (ROOT / "Dockerfile").read_text().splitlines() if each.startswith("CMD "))
    return json.loads(line.removeprefix("CMD "))  # type: ignore[no-any-return]


@dataclass
class Machine:
    """A directory in which the file's hosts, secrets and volumes lie."""

    directory: Path
    over: tuple[str, ...] = ()
    ports: dict[str, int] = field(default_factory=dict)
    processes: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)

    @property
    def services(self) -> dict[str, Any]:
        """What the files say of each."""
        return read_compose(*self.over)["services"]  # type: ignore[no-any-return]

    def get_environment(self, name: str) -> dict[str, str]:
        """Give the environment of one of the file's services, with paths and hosts of this machine."""
        given = self.services[name]["environment"]
        place = {
            "//db/": f"//127.0.0.1:{self.ports['db']}/",
            "@db/": f"@127.0.0.1:{self.ports['db']}/",
            "//pooler:6432/": f"//{POOLER}:{self.ports.get('pooler')}/",
            "/run/secrets": f"{self.directory}/secrets",
            "/logins": f"{self.directory}/logins",
        }
        found = {key: str(value) for key, value in given.items()}
        for old, new in place.items():
            found = {key: value.replace(old, new) for key, value in found.items()}
        port = {"PORT": str(self.ports[name])} if name in SERVICES else {}
        found |= {"POOLER": POOLER} if "POOLER" in found else {}
        own = {"PATH": os.defpath, "PYTHON": sys.executable, "LOGINS": f"{self.directory}/logins"}
        return {**own, "ENV_FILE": "/dev/null", "DEBUG": "0", **found, **port}

    def run_step(self, name: str, *words: str) -> str:
        """Run one of the steps before the services, with words behind its command; give what it said."""
        command = [*self.services[name]["command"], *words]
        ran = subprocess.run(
            command, cwd=ROOT, env=self.get_environment(name), capture_output=True, text=True, timeout=300
        )
        assert ran.returncode == 0, ran.stdout + ran.stderr
        return ran.stdout + ran.stderr

    def start(self, name: str, **more: str) -> None:
        """Start one of the services by the image's command, with more of an environment."""
        words = {"0.0.0.0": "127.0.0.1", "8000": str(self.ports[name])}
        program, *rest = [words.get(each, each) for each in read_command()]
        with (self.directory / f"{name}.log").open("ab") as log:
            self.processes[name] = subprocess.Popen(
                [str(Path(sys.executable).with_name(program)), *rest],
                cwd=ROOT,
                env={**self.get_environment(name), **more},
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def start_pooler(self, mode: str = "transaction") -> None:
        """Start the pooler by its own script, with the hosts and paths of this machine in its configuration."""
        place = self.directory / "pooler"
        place.mkdir(exist_ok=True)
        words = {
            "host=db port=5432": f"host=127.0.0.1 port={self.ports['db']}",
            "listen_addr = 0.0.0.0": "listen_addr = 127.0.0.1",
            "listen_port = 6432": f"listen_port = {self.ports['pooler']}",
            "auth_file = /tmp/users": f"auth_file = {place}/users",
            "pool_mode = transaction": f"pool_mode = {mode}",
        }
        text = (ROOT / "deploy" / "pooler" / "pgbouncer.ini").read_text()
        for old, new in words.items():
            assert old in text
            text = text.replace(old, new)
        (place / "pgbouncer.ini").write_text(text)
        account = lend(place)
        for service in SERVICES if account else ():
            for path in (login := self.directory / "logins" / f"{service}_rw", *login.iterdir()):
                shutil.chown(path, account["user"])
        own = {"PATH": f"{os.defpath}:/usr/sbin", "LOGINS": f"{self.directory}/logins", "POOLER": POOLER}
        with (self.directory / "pooler.log").open("ab") as log:
            self.processes["pooler"] = subprocess.Popen(
                ["sh", "run.sh"],
                cwd=ROOT / "deploy" / "pooler",
                env={**own, "USERS": f"{place}/users", "CONFIGURATION": f"{place}/pgbouncer.ini"},
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                **account,
            )
        wait_for(self.ports["pooler"])

    def kill(self, name: str) -> None:
        """End a service with all its workers, as `kill -9` does."""
        os.killpg(self.processes[name].pid, signal.SIGKILL)
        self.processes[name].wait()

    def is_healthy(self, name: str) -> bool:
        """Run the file's health check."""
        _, _, *arguments = self.services[name]["healthcheck"]["test"]
        command = [sys.executable, *arguments]
        return subprocess.run(command, cwd=ROOT, env=self.get_environment(name), capture_output=True).returncode == 0

    def wait(self, name: str) -> None:
        """Return when it is healthy."""
        deadline = time.monotonic() + 60
        while not self.is_healthy(name):
            is_late = time.monotonic() > deadline or self.processes[name].poll() is not None
            assert not is_late, (self.directory / f"{name}.log").read_text()
            time.sleep(0.2)

    def end(self) -> None:
        for process in self.processes.values():
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGTERM)
                process.wait(timeout=30)


@contextmanager
def opening_machine(directory: Path, *over: str) -> Iterator[Machine]:
    """Give a machine with a server, whose database `freehold` is empty, and two secrets."""
    path = str(directory / "server")
    (directory / "secrets").mkdir(mode=0o700)
    with ExitStack() as stack:
        embedded.start(path)
        stack.callback(embedded.stop, path)
        address = embedded.get_address(path)
        ports = {"db": int(address["port"]), **{each: find_port() for each in (*SERVICES, "pooler")}}
        machine = Machine(directory, over, ports)
        stack.callback(machine.end)
        password = find_password(Path(address["passfile"]), user="postgres", host="127.0.0.1") or ""
        for name, text in {"postgres": password, "key": os.urandom(40).hex()}.items():
            (directory / "secrets" / name).write_text(f"{text}\n")
        yield machine


@contextmanager
def proxying(machine: Machine) -> Iterator[str]:
    """Run the file's proxy in front of the services; give its address."""
    port, place = find_port(), machine.directory / "proxy"
    (place / "logs").mkdir(parents=True)
    text = (ROOT / "deploy" / "proxy.conf").read_text().replace("listen 8080", f"listen 127.0.0.1:{port}")
    for name in SERVICES:
        text = text.replace(f"//{name}:8000", f"//127.0.0.1:{machine.ports[name]}")
    kept = "".join(
        f"{each}_temp_path {place}/{each};\n" for each in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    (place / "nginx.conf").write_text(f"pid {place}/pid;\nevents {{}}\nhttp {{\naccess_log off;\n{kept}{text}}}\n")
    command = [NGINX, "-p", str(place), "-e", str(place / "error.log"), "-c", str(place / "nginx.conf")]
    process = subprocess.Popen([*command, "-g", "daemon off;"])
    try:
        url = f"http://localhost:{port}"
        deadline = time.monotonic() + 20
        while time.monotonic() < deadline and not _is_up(url):
            time.sleep(0.1)
        yield url
    finally:
        process.terminate()
        process.wait(timeout=20)


def _is_up(url: str) -> bool:
    try:
        return Visitor().open(f"{url}/readyz").status > 0
    except OSError:
        return False
