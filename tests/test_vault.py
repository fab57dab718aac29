"""What is sealed opens with the right key only; the key file is made once and for one person."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import ConfigError
from bot.vault import Vault, key_in, new_key

OLD, NEW = new_key(), new_key()


@given(st.text())
def test_what_is_sealed_opens_again(text: str) -> None:
    vault = Vault([OLD])
    sealed = vault.seal(text)
    assert vault.open(sealed) == text
    assert (sealed == "") == (text == "")


def test_sealing_twice_looks_different_and_hides_the_text() -> None:
    vault = Vault([OLD])
    first, second = vault.seal("+84900001234"), vault.seal("+84900001234")
    assert first != second
    assert "900001234" not in first + second


def test_another_key_opens_nothing() -> None:
    sealed = Vault([OLD]).seal("+84900001234")
    with pytest.raises(ConfigError, match="does not fit this database"):
        Vault([NEW]).open(sealed)
    with pytest.raises(ConfigError, match="does not fit this database"):
        Vault([OLD]).open(sealed[:-2])


def test_a_key_is_changed_by_putting_the_new_one_first() -> None:
    sealed = Vault([OLD]).seal("+84900001234")
    both = Vault([NEW, OLD])
    assert both.open(sealed) == "+84900001234"
    assert Vault([NEW]).open(both.seal("x")) == "x"


def test_fingerprints_match_within_one_installation_only() -> None:
    here, there = Vault([OLD]), Vault([NEW])
    assert here.fingerprint("+84900001234") == Vault([OLD, NEW]).fingerprint("+84900001234")
    assert here.fingerprint("+84900001234") != here.fingerprint("+84900001235")
    assert here.fingerprint("+84900001234") != there.fingerprint("+84900001234")
    assert len(here.fingerprint("+84900001234")) == 32
    assert here.fingerprint("") == ""


@pytest.mark.parametrize("key", ["", "word", "!" * 44, "MDEyMw=="])
def test_what_is_no_key_is_said(key: str) -> None:
    with pytest.raises(ConfigError, match=r"not a key.*new-key"):
        Vault([key])


def test_the_key_file_is_made_once_and_private(tmp_path: Path) -> None:
    folder = tmp_path / "new" / "folder"
    key = key_in(folder)
    assert key_in(folder) == key
    assert (folder / "secret.key").stat().st_mode & 0o777 == 0o600
    assert [path.name for path in folder.iterdir()] == ["secret.key"]
    assert Vault([key]).open(Vault([key]).seal("a")) == "a"


def test_many_that_start_at_once_get_the_same_key(tmp_path: Path) -> None:
    with ThreadPoolExecutor(16) as threads:
        keys = list(threads.map(lambda _: key_in(tmp_path), range(64)))
    assert len(set(keys)) == 1
    assert [path.name for path in tmp_path.iterdir()] == ["secret.key"]
