"""`make migration m="..."`: writes the next migration from what the tables in the code changed.

The migrations run first on an empty SQLite file that is thrown away: nobody's database is touched.
"""

import subprocess
import sys
import tempfile
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.script import Script

from bot.store import database_url, schema

ROOT = Path(__file__).resolve().parents[1]


def main(what: str) -> None:
    config = Config(toml_file=str(ROOT / "pyproject.toml"))
    number = len(list((ROOT / "alembic" / "versions").glob("[0-9]*.py"))) + 1
    with tempfile.TemporaryDirectory() as folder:
        url = database_url(f"sqlite:///{folder}/empty.db")
        with schema.writing(url) as conn:
            schema.upgrade(conn)
            config.attributes["connection"] = conn
            made = command.revision(config, what, autogenerate=True, rev_id=f"{number:04}")
    assert isinstance(made, Script)
    tidy(Path(made.path))


def tidy(path: Path) -> None:
    """As the rest of the house is written: no comments of the tool's, our formatting."""
    lines = path.read_text(encoding="utf-8").splitlines()
    kept = [line for line in lines if not line.strip().startswith("# ###")]
    path.write_text("\n".join(kept) + "\n", encoding="utf-8")
    subprocess.run([sys.executable, "-m", "ruff", "check", "-q", "--fix", str(path)], check=True)
    subprocess.run([sys.executable, "-m", "ruff", "format", "-q", str(path)], check=True)


if __name__ == "__main__":
    main(sys.argv[1])
