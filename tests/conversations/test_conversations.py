"""Every .chat file, through the real path, on both databases. `pytest --update` rewrites them."""

from pathlib import Path

import pytest

from bot.config import Settings
from tests.conversations.player import Script, play
from tests.conversations.stage import Congress

FILES = sorted(Path(__file__).parent.glob("*.chat"))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
async def test_conversation(
    path: Path, sample_settings: Settings, congress: Congress, request: pytest.FixtureRequest
) -> None:
    script = Script.read(path)
    body = await play(script, sample_settings, congress)
    if request.config.getoption("--update"):
        path.write_text(script.written(body), encoding="utf-8")
        return
    assert body == list(script.body)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_file_says_what_it_shows(path: Path) -> None:
    assert path.read_text(encoding="utf-8").startswith("# ")
