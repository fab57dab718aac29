"""Where the files are that are not Python: beside the code in a checkout, else in the wheel."""

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent


def in_checkout() -> bool:
    """True when this runs from a clone of the project and not from an installed wheel."""
    return (_PACKAGE.parent / "pyproject.toml").is_file() and (_PACKAGE.parent / "alembic").is_dir()


def resource(name: str) -> Path:
    """The folder `content`, `locales` or `alembic`: the checkout's, else the copy in the wheel."""
    beside = _PACKAGE.parent / name
    return beside if in_checkout() else _PACKAGE / "_shipped" / name
