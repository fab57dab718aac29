"""The lock files: no addresses, everything pinned, and both of one mind."""

import re
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

ROOT = Path(__file__).resolve().parents[2]
LOCKS = ("requirements.lock", "requirements-dev.lock")
PIN = re.compile(r"^([A-Za-z0-9_.-]+)==([^ ;\\]+)", re.MULTILINE)
# A lock is made anywhere and must work everywhere: it may not know from where.
ADDRESSES = ("://", "--index-url", "--extra-index-url", "--find-links", "--trusted-host", "file:")


def pins(lock: str) -> dict[str, set[str]]:
    """The versions a lock names, by package; several when they depend on the platform."""
    found: dict[str, set[str]] = {}
    for name, version in PIN.findall((ROOT / lock).read_text()):
        found.setdefault(canonicalize_name(name), set()).add(version)
    return found


def wanted(*, dev: bool) -> list[Requirement]:
    """What pyproject.toml asks for."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    lines = list(project["project"]["dependencies"])
    if dev:
        lines += project["dependency-groups"]["dev"]
        lines += [line for e in project["project"]["optional-dependencies"].values() for line in e]
    return [Requirement(line) for line in lines]


@pytest.mark.parametrize("lock", LOCKS)
@pytest.mark.parametrize("address", ADDRESSES)
def test_no_lock_holds_an_address(lock: str, address: str) -> None:
    assert address not in (ROOT / lock).read_text()


@pytest.mark.parametrize("lock", LOCKS)
def test_every_pin_has_hashes(lock: str) -> None:
    blocks = re.split(r"\n(?=[A-Za-z0-9])", (ROOT / lock).read_text())
    bare = [
        block.splitlines()[0] for block in blocks if PIN.match(block) and "--hash=" not in block
    ]
    assert bare == []


@pytest.mark.parametrize(("lock", "dev"), [(LOCKS[0], False), (LOCKS[1], True)])
def test_the_lock_answers_pyproject(lock: str, dev: bool) -> None:
    locked = pins(lock)
    wrong = [
        str(want)
        for want in wanted(dev=dev)
        if not any(
            want.specifier.contains(Version(version), prereleases=True)
            for version in locked.get(canonicalize_name(want.name), ())
        )
    ]
    assert wrong == [], "run `make lock`"


def test_tests_run_on_what_is_delivered() -> None:
    delivered, tested = pins(LOCKS[0]), pins(LOCKS[1])
    assert {
        name: versions for name, versions in delivered.items() if tested[name] != versions
    } == {}


def test_other_lock_files_are_not_kept() -> None:
    ignored = (ROOT / ".gitignore").read_text().split()
    assert {"uv.lock", "pylock.toml"} <= set(ignored)
    for path in ROOT.rglob("package-lock.json"):
        if "node_modules" not in path.parts:
            assert '"resolved"' not in path.read_text()
