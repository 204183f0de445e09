"""A run in which a test did not run is a red run, with one worker and with two."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent

NOT_RUN = {
    "a skipped test": "import pytest\ndef test_one(): pytest.skip('no database')\n",
    "a skipped module": "import pytest\npytest.skip('no browser', allow_module_level=True)\n",
    "an expected failure": "import pytest\n@pytest.mark.xfail\ndef test_one(): assert False\n",
    "nothing selected": "",
}


def status(folder: Path, text: str, *options: str) -> int:
    (folder / "test_it.py").write_text(text + "def test_good(): pass\n" * bool(text))
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-q",
        "-p",
        "tests.plugins.strict",
        f"--rootdir={folder}",
        *options,
    ]
    return subprocess.run([*command, str(folder)], cwd=ROOT, capture_output=True, check=False).returncode


@pytest.mark.parametrize("options", [(), ("-n", "2")], ids=["one worker", "two workers"])
@pytest.mark.parametrize("text", NOT_RUN.values(), ids=NOT_RUN)
def test_what_did_not_run_did_not_pass(tmp_path: Path, text: str, options: tuple[str, ...]) -> None:
    assert status(tmp_path, text, *options) != 0


def test_a_run_in_which_everything_ran_passes(tmp_path: Path) -> None:
    assert status(tmp_path, "def test_first(): pass\n") == 0
