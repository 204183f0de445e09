"""Make or refresh `.venv`, or `.venv-proof` for the scanners, from a hashed lock, with the standard library alone.

A stamp in the venv holds the hash of the lock it was filled from, so that a second start costs a few milliseconds.
The project is not built: a `.pth` file puts its root on the path, and `bin/kinerja` is four lines. That needs no
setuptools, no network and no build, and an edit is live at once.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
import sysconfig
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LOCKS = {
    "run": ROOT / "requirements.txt",
    "dev": ROOT / "requirements-dev.txt",
    "proof": ROOT / "requirements-proof.txt",
}
# The scanners ask for versions that the application does not run on: they live apart, and import nothing of it.
VENV = ROOT / (".venv-proof" if sys.argv[1:] == ["proof"] else ".venv")
PYTHON = VENV / "bin" / "python"

SCRIPT = """#!{python}
import sys

from kinerja.cli import main

sys.exit(main())
"""


def say(text: str) -> None:
    print(text, flush=True)


def refuse(text: str) -> None:
    print(text, file=sys.stderr, flush=True)
    sys.exit(1)


def stamp_of(kind: str) -> str:
    """What the venv must have been made from: place (scripts carry it), Python, this recipe, lock."""
    parts = [
        str(ROOT).encode(),
        repr(sys.version_info[:2]).encode(),
        Path(__file__).read_bytes(),
        LOCKS[kind].read_bytes(),
    ]
    return hashlib.sha256(b"\0".join(parts)).hexdigest()


def is_fresh(kind: str) -> bool:
    stamp = VENV / f".stamp-{kind}"
    return PYTHON.exists() and stamp.exists() and stamp.read_text() == stamp_of(kind)


def same_place_and_python() -> bool:
    """False when the tree was moved or Python changed: then nothing in the venv can be kept."""
    place = VENV / ".place"
    return PYTHON.exists() and place.exists() and place.read_text() == f"{ROOT}\n{sys.version_info[:2]}\n"


def bundled_pip() -> Path | None:
    """The pip that comes with Python, as a wheel that runs without being installed."""
    try:
        import ensurepip
    except ImportError:  # Debian keeps it in a package of its own
        return None
    folders = (
        Path(ensurepip.__file__).parent / "_bundled",
        Path(sysconfig.get_config_var("WHEEL_PKG_DIR") or "/"),
    )
    return next((wheel for folder in folders for wheel in sorted(folder.glob("pip-*.whl"))), None)


def create() -> None:
    """A fresh venv. Without pip where Python brings one along, for installing that takes longest of all."""
    make = [sys.executable, "-m", "venv", "--clear", str(VENV)]
    if (
        bundled_pip()
        and subprocess.run([*make, "--without-pip"], check=False, capture_output=True).returncode == 0
    ):
        return
    if subprocess.run(make, check=False, capture_output=True).returncode == 0:
        return
    if os.geteuid() == 0 and shutil.which("apt-get"):
        say("python3-venv is missing: installing it")
        for words in ("update", "install -y --no-install-recommends python3-venv"):
            subprocess.run(["apt-get", "-qq", *words.split()], check=False, stdout=subprocess.DEVNULL)
        if subprocess.run(make, check=False, capture_output=True).returncode == 0:
            return
    shutil.rmtree(VENV, ignore_errors=True)
    refuse(
        "This Python cannot make a virtual environment. Debian: apt-get install python3-venv, then start again."
    )


def install(kind: str) -> None:
    lock = LOCKS[kind]
    command = [
        str(PYTHON),
        "-m",
        "pip",
        "install",
        "-qq",
        "--disable-pip-version-check",
        "--no-input",
        "--require-hashes",
        "--no-deps",  # the lock names them all
        "--no-compile",  # Python does so itself for what is used
        "-r",
        str(lock),
    ]
    wheel = bundled_pip()
    paths = {} if wheel is None else {"PYTHONPATH": str(wheel)}
    if subprocess.run(command, env=os.environ | paths, check=False).returncode != 0:
        refuse(
            f"Not everything in {lock.name} could be installed; the lines above say what. Is there a network?"
        )


def add_project() -> None:
    site = next((VENV / "lib").glob("python3*/site-packages"))
    (site / "kinerja.pth").write_text(f"{ROOT}\n")
    script = VENV / "bin" / "kinerja"
    script.write_text(SCRIPT.format(python=PYTHON))
    script.chmod(0o755)


def ensure(kind: str) -> None:
    # The development lock holds the runtime lock, so either stamp will do for `run`.
    enough = {"run", "dev"} if kind == "run" else {kind}
    if any(map(is_fresh, enough)):
        return
    with (ROOT / f"{VENV.name}.lock").open("w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)  # two makes at once: the second waits and finds it done
        if any(map(is_fresh, enough)):
            return
        began = time.monotonic()
        say(f"Setting up {VENV.name} from {LOCKS[kind].name} (only when it has changed) ...")
        for stamp in VENV.glob(".stamp-*"):
            stamp.unlink()
        if not same_place_and_python():
            create()
            (VENV / ".place").write_text(f"{ROOT}\n{sys.version_info[:2]}\n")
        install(kind)
        if kind != "proof":
            add_project()
        (VENV / f".stamp-{kind}").write_text(stamp_of(kind))
        say(f"... done in {time.monotonic() - began:.0f} s")


if __name__ == "__main__":
    if len(sys.argv) != 2 or sys.argv[1] not in LOCKS:
        print("usage: scripts/venv run|dev|proof", file=sys.stderr)
        sys.exit(2)
    ensure(sys.argv[1])
