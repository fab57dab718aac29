"""Settings come from the environment or mounted files; every mistake is named at once."""

from pathlib import Path

import pytest

from bot import config
from bot.config import PREFIX, Settings
from bot.errors import ConfigError


@pytest.fixture(autouse=True)
def bare(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No setting of the machine reaches a test."""
    for name in Settings.model_fields:
        monkeypatch.delenv(f"{PREFIX}{name.upper()}", raising=False)
        monkeypatch.delenv(f"{PREFIX}{name.upper()}_FILE", raising=False)
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))


def test_without_settings_everything_lives_in_the_data_home(tmp_path: Path) -> None:
    here = config.load()
    assert here.data_dir == tmp_path / "donghanh"
    assert here.database == f"sqlite:///{tmp_path}/donghanh/donghanh.db"
    assert here.base_url == "http://127.0.0.1:8080"
    assert not here.simulator


def test_without_a_data_home_it_is_the_home(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.delenv("XDG_DATA_HOME")
    monkeypatch.setenv("HOME", str(tmp_path / "nhà riêng"))
    assert config.load().data_dir == tmp_path / "nhà riêng" / ".local" / "share" / "donghanh"


def test_the_environment_says_what_holds(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DONGHANH_DATABASE_URL", "postgresql://a@b/c")
    monkeypatch.setenv("DONGHANH_PUBLIC_URL", "https://daihoi.example/")
    monkeypatch.setenv("DONGHANH_HTTP_PORT", "9000")
    here = config.load()
    assert (here.database, here.base_url) == ("postgresql://a@b/c", "https://daihoi.example")
    assert here.http_port == 9000


@pytest.mark.parametrize(
    ("listened", "called"),
    [
        ("0.0.0.0", "http://127.0.0.1:8080"),
        ("::", "http://[::1]:8080"),
        ("10.1.2.3", "http://10.1.2.3:8080"),
        ("localhost", "http://localhost:8080"),
    ],
)
def test_where_this_machine_reaches_itself(
    monkeypatch: pytest.MonkeyPatch, listened: str, called: str
) -> None:
    monkeypatch.setenv("DONGHANH_HTTP_HOST", listened)
    assert config.load().local_url == called


@pytest.mark.parametrize("wrong", ["*", "proxy", "10.0.0.0/99", "127.0.0.1, *"])
def test_proxies_are_addresses(monkeypatch: pytest.MonkeyPatch, wrong: str) -> None:
    monkeypatch.setenv("DONGHANH_TRUSTED_PROXIES", wrong)
    with pytest.raises(ConfigError, match="DONGHANH_TRUSTED_PROXIES"):
        config.load()


def test_a_secret_may_come_from_a_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    mounted = tmp_path / "token"
    mounted.write_text("123:abc\n")
    monkeypatch.setenv("DONGHANH_TELEGRAM_TOKEN_FILE", str(mounted))
    assert config.load().telegram_token == "123:abc"
    monkeypatch.setenv("DONGHANH_TELEGRAM_TOKEN", "9:z")
    assert config.load().telegram_token == "9:z"


def test_a_file_that_is_not_there_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("DONGHANH_SECRET_KEY_FILE", str(tmp_path / "none"))
    with pytest.raises(ConfigError, match=r"cannot be read: .*none"):
        config.load()


def test_every_wrong_setting_is_named_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DONGHANH_HTTP_PORT", "many")
    monkeypatch.setenv("DONGHANH_TELEGRAM_MODE", "pigeon")
    monkeypatch.setenv("DONGHANH_WEBCHAT_RATE", "0")
    with pytest.raises(ConfigError) as wrong:
        config.load()
    named = sorted(line.partition(":")[0] for line in str(wrong.value).splitlines()[1:])
    assert named == ["DONGHANH_HTTP_PORT", "DONGHANH_TELEGRAM_MODE", "DONGHANH_WEBCHAT_RATE"]


def test_secrets_are_marked_as_such() -> None:
    zalo = {"zalo_app_secret", "zalo_oa_secret_key", "zalo_verifier_secret"}
    assert config.secret_fields() == {"secret_key", "telegram_token", "demo_key", *zalo}
    telling = ("token", "key", "secret", "password")
    looks = {name for name in Settings.model_fields if any(word in name for word in telling)}
    assert looks == config.secret_fields()
