"""What stands in the files for servers and containers is what the program knows."""

import re
import shutil
import subprocess
from pathlib import Path

from bot.cli.serve import duties_in
from bot.config import PREFIX, Settings
from bot.values.duty import EVERYTHING

ROOT = Path(__file__).resolve().parents[2]
FILES = [ROOT / "compose.yaml", *sorted((ROOT / "deploy").iterdir())]
# Read by compose.yaml and the Caddyfile themselves.
NOT_OURS = {"DONGHANH_SITE"}


def test_every_setting_named_is_one() -> None:
    named = {name for path in FILES for name in re.findall(rf"\b{PREFIX}[A-Z_]+", path.read_text())}
    known = {f"{PREFIX}{name.upper()}" for name in Settings.model_fields}
    assert named - known == NOT_OURS


def test_the_several_do_everything_between_them_and_are_reached() -> None:
    several = (ROOT / "deploy" / "several.compose.yaml").read_text()
    shares = re.findall(r'"serve", "--only", "([^"]+)"\]', several)
    assert duties_in(shares) == EVERYTHING
    assert len(shares) == len(EVERYTHING)
    port = Settings.model_fields["http_port"].default
    caddy = (ROOT / "deploy" / "several.Caddyfile").read_text()
    assert f"dynamic a web {port}" in caddy
    mounted = re.findall(r"- \./([^:]+):", several) + re.findall(r"dockerfile: (\S+)", several)
    assert [name for name in mounted if not (ROOT / name).exists()] == []


def test_the_proxy_is_trusted_and_led_to_the_port_we_listen_on() -> None:
    compose = (ROOT / "compose.yaml").read_text()
    [subnet] = re.findall(r"subnet: (\S+)", compose)
    assert f'DONGHANH_TRUSTED_PROXIES: "{subnet}"' in compose
    port = Settings.model_fields["http_port"].default
    assert f"reverse_proxy bot:{port}" in (ROOT / "deploy" / "Caddyfile").read_text()
    assert f"127.0.0.1:{port}/healthz" in compose


def test_every_volume_is_declared_and_every_file_is_there() -> None:
    compose = (ROOT / "compose.yaml").read_text()
    used = set(re.findall(r"^      - ([a-z]+):/", compose, re.MULTILINE))
    declared = set(re.findall(r"^  ([a-z]+):$", compose.split("\nvolumes:\n")[1], re.MULTILINE))
    assert used == declared
    mounted = re.findall(r"- \./([^:]+):", compose) + re.findall(r"dockerfile: (\S+)", compose)
    assert [name for name in mounted if not (ROOT / name).exists()] == []


def test_the_unit_is_understood(tmp_path: Path) -> None:
    unit = (ROOT / "deploy" / "donghanh.service").read_text()
    keys = re.findall(r"^([A-Za-z]+)=", unit, re.MULTILINE)
    assert {"DynamicUser", "StateDirectory", "ProtectSystem", "NoNewPrivileges"} <= set(keys)
    analyse = shutil.which("systemd-analyze")
    if analyse is None:
        return
    # The program need not be installed where it is tested.
    copy = tmp_path / "donghanh.service"
    copy.write_text(unit.replace("/opt/donghanh/.venv/bin/donghanh", "/bin/true"))
    done = subprocess.run(
        [analyse, "verify", "--man=no", str(copy)], capture_output=True, text=True, check=False
    )
    assert [line for line in done.stderr.splitlines() if "donghanh" in line] == []
