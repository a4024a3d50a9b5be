"""Makes the virtual environment and installs the pinned packages, once; a second call takes milliseconds.

    python3 scripts/setup.py [--dev] [--venv DIRECTORY] [--python INTERPRETER]

Uses the standard library alone, since it runs before anything is installed, and only syntax that an old Python can
read, so that one gets a sentence and not a SyntaxError. Several calls at once wait for each other.
"""

import argparse
import hashlib
import os
import re
import shutil
import subprocess
import sys
import time

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
OLDEST = (3, 11)
CANDIDATES = ("python3.11", "python3.12", "python3.13", "python3.14")


class SetupError(Exception):
    """What keeps the environment from being made, with the way out."""


def main():
    """Make or renew the environment; return the exit status."""
    options = read_options()
    venv = os.path.join(ROOT, options.venv)
    requirements = "requirements-dev.txt" if options.dev else "requirements.txt"
    try:
        with exclusive(venv + ".lock"):
            prepare(venv, requirements, options.python)
    except SetupError as error:
        print("freehold: " + str(error), file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    return 0


def read_options():
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--dev", action="store_true", help="also what tests and checks need")
    parser.add_argument("--venv", default=".venv", help="where the environment lies, below the project")
    parser.add_argument("--python", help="the interpreter to use; found by itself otherwise")
    return parser.parse_args()


class exclusive:  # noqa: N801 - reads as a statement
    """Hold a lock file while the block runs; where none can be made (read-only checkout), go on without."""

    def __init__(self, path):
        self.path = path

    def __enter__(self):
        import fcntl

        try:
            self.file = open(self.path, "w")
        except OSError:
            self.file = None
        else:
            fcntl.flock(self.file, fcntl.LOCK_EX)

    def __exit__(self, *details):
        if self.file:
            self.file.close()


def prepare(venv, requirements, python):
    """Bring `venv` to what `requirements` asks for, unless its stamps say that it is there."""
    wanted = fingerprint(venv, requirements)
    if any(read_stamp(venv, name) == fingerprint(venv, name) for name in covering(requirements)):
        return
    if not is_whole(venv):
        make_venv(venv, python or find_python())
    install(venv, requirements)
    with open(stamp_path(venv, requirements), "w") as file:
        file.write(wanted)


def covering(requirements):
    """Name the requirement files whose installation holds everything `requirements` asks for."""
    return {requirements, "requirements-dev.txt"}


def fingerprint(venv, requirements):
    """Digest what the environment was made from; its own path is part, since one that was moved is broken."""
    digest = hashlib.sha256(venv.encode())
    for name in ("requirements.txt", requirements):
        with open(os.path.join(ROOT, name), "rb") as file:
            digest.update(file.read())
    return digest.hexdigest()


def stamp_path(venv, requirements):
    """Give the file that remembers an installation."""
    return os.path.join(venv, requirements + ".installed")


def read_stamp(venv, requirements):
    """Give what was installed last, or None."""
    try:
        with open(stamp_path(venv, requirements)) as file:
            return file.read() if is_whole(venv) else None
    except OSError:
        return None


def is_whole(venv):
    """Tell whether the environment is there, at the path it was made for, with an interpreter that runs."""
    python = os.path.join(venv, "bin", "python")
    if not os.path.exists(python):
        return False
    ask = [python, "-c", "import sys; print(sys.prefix)"]
    asked = subprocess.run(ask, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, universal_newlines=True)
    return asked.returncode == 0 and os.path.realpath(asked.stdout.strip()) == os.path.realpath(venv)


def find_python():
    """Give the interpreter to use: the one that runs this, if it is new enough, or the next that is found."""
    if sys.version_info >= OLDEST:
        return sys.executable
    for name in CANDIDATES:
        found = shutil.which(name)
        # A pyenv shim exists for versions that are not switched on: only running it tells.
        if found and subprocess.run([found, "-c", ""], stderr=subprocess.DEVNULL).returncode == 0:
            return found
    raise SetupError(
        "Python %d.%d or newer is needed, and python3 is %d.%d: install one (Debian: apt install python3.11), or name "
        "it with `make PYTHON=/path/to/python`" % (OLDEST + sys.version_info[:2])
    )


def make_venv(venv, python):
    """Make the environment from nothing; a half-made one of before is removed first."""
    say("Virtual environment " + os.path.relpath(venv, ROOT))
    try:
        shutil.rmtree(venv, ignore_errors=True)
        made = subprocess.run(
            [python, "-m", "venv", venv], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, universal_newlines=True
        )
    except OSError as error:
        raise SetupError("%s can't be started (%s): name another with `make PYTHON=…`" % (python, error))
    if made.returncode != 0:
        shutil.rmtree(venv, ignore_errors=True)
        raise SetupError(explain_venv(python, made.stdout))


def explain_venv(python, output):
    """Say why `python -m venv` failed and what helps."""
    if "ensurepip" in output:
        return (
            "%s can't make virtual environments: install its venv package (Debian: apt install python3-venv)" % python
        )
    return "%s -m venv failed: %s" % (python, " ".join(output.split())[-300:])


def install(venv, requirements):
    """Install the pinned packages with pip, counting them as they come."""
    started = time.monotonic()
    say("Packages of %s" % requirements)
    command = [os.path.join(venv, "bin", "python"), "-m", "pip", "install", "--disable-pip-version-check"]
    command += ["--prefer-binary", "-r", os.path.join(ROOT, requirements)]
    pip = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, universal_newlines=True)
    output = follow(pip)
    if pip.wait() != 0:
        errors = [line for line in output if "ERROR" in line] or output[-3:]
        raise SetupError("pip could not install %s: %s" % (requirements, " ".join(" ".join(errors).split())[:600]))
    say("Packages installed in %.0f s" % (time.monotonic() - started))


def follow(pip):
    """Read pip's output to its end, showing how far it is on a terminal; return the lines."""
    lines = []
    seen = 0
    for line in pip.stdout:
        lines.append(line)
        name = re.match(r"\s*(?:Collecting|Downloading|Installing collected packages:?) *([\w.-]*)", line)
        seen += line.lstrip().startswith("Collecting")
        if name and sys.stdout.isatty():
            sys.stdout.write("\r\033[K    %d packages · %s" % (seen, name.group(1)))
            sys.stdout.flush()
    if sys.stdout.isatty():
        sys.stdout.write("\r\033[K")
    return lines


def say(text):
    """Print one step."""
    print("  • " + text, flush=True)


if __name__ == "__main__":
    sys.exit(main())
