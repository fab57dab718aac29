"""What a file is by its first bytes and its table of contents, before anything parses it.

Names lie: web pages are called .xls, and the small file that fills a disk is called .xlsx. The
checks here read no more than the directory of the archive.
"""

import zipfile
from pathlib import Path

from bot.i18n import N_
from bot.roster.notes import RosterRefused

FILE_BYTES = 64 * 1024 * 1024
_UNPACKED_BYTES = 600 * 1024 * 1024
_ENTRIES = 3000
_RATIO = 300  # the most repetitive honest sheet measured packs about 60 to 1
_SMALL_BYTES = 4 * 1024 * 1024  # below this a high ratio harms nobody

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_WORKBOOK_NAMES = (".xlsx", ".xlsm", ".xls", ".xlsb", ".ods", ".xltx", ".xltm", ".ots")
_ODS = b"application/vnd.oasis.opendocument.spreadsheet"


def _wide(name: str) -> bytes:
    return name.encode("utf-16-le")


def kind_of(path: Path) -> str:
    """ "zip" (.xlsx, .ods), "ole" (.xls) or "text" (.csv). Raises RosterRefused for the rest."""
    try:
        size = path.stat().st_size
        with path.open("rb") as file:
            start = file.read(4096)
    except OSError:
        raise RosterRefused(N_("The file “{name}” cannot be opened."), name=path.name) from None
    if size > FILE_BYTES:
        raise RosterRefused(N_("The file is larger than {most} MB."), most=FILE_BYTES >> 20)
    if not start.strip(b"\0 \r\n\t"):
        raise RosterRefused(N_("The file is empty."))
    if start.startswith(b"PK"):
        _check_archive(path)
        return "zip"
    if start.startswith(_OLE):
        _check_ole(path.read_bytes())
        return "ole"
    _check_text(path, start)
    return "text"


def _check_archive(path: Path) -> None:
    try:
        with zipfile.ZipFile(path) as archive:
            _check_sizes(archive.infolist())
            _check_contents(archive)
    except (zipfile.BadZipFile, EOFError, OSError, NotImplementedError, RuntimeError, ValueError):
        raise RosterRefused(
            N_("The workbook is cut short or damaged; copy or download it again.")
        ) from None


def _check_sizes(entries: list[zipfile.ZipInfo]) -> None:
    unpacked = sum(entry.file_size for entry in entries)
    packed = max(1, sum(entry.compress_size for entry in entries))
    if len(entries) > _ENTRIES or unpacked > _UNPACKED_BYTES:
        raise RosterRefused(
            N_("The workbook is too large once unpacked; keep only the roster in it.")
        )
    if unpacked > _SMALL_BYTES and unpacked > _RATIO * packed:
        raise RosterRefused(
            N_(
                "The workbook unpacks to {times} times its size, which no roster does; it was not "
                "opened."
            ),
            times=unpacked // packed,
        )


def _check_contents(archive: zipfile.ZipFile) -> None:
    names = set(archive.namelist())
    if any(name.endswith("vbaProject.bin") or name.startswith("Basic/") for name in names):
        _refuse_macros()
    if "xl/workbook.xml" in names:
        return
    is_named = "mimetype" in names and archive.getinfo("mimetype").file_size < 200
    if not is_named or archive.read("mimetype").strip() != _ODS:
        _refuse_stranger()
    _check_ods(archive)


def _check_ods(archive: zipfile.ZipFile) -> None:
    with archive.open("META-INF/manifest.xml") as manifest:
        if b"encryption-data" in manifest.read(1 << 20):
            _refuse_locked()


def _check_ole(whole: bytes) -> None:
    if _wide("EncryptedPackage") in whole:
        _refuse_locked()
    if _wide("_VBA_PROJECT") in whole:
        _refuse_macros()
    if not any(_wide(name) + b"\0\0" in whole for name in ("Workbook", "Book")):
        _refuse_stranger()


def _check_text(path: Path, start: bytes) -> None:
    head = start.lstrip(b"\xef\xbb\xbf\xff\xfe \r\n\t").replace(b"\0", b"").lower()
    if head.startswith((b"<", b"mime-version:")) or b"<html" in head or b"<table" in head:
        raise RosterRefused(
            N_(
                "This is a web page with the name of a table; open it in "
                "Excel and save it as .xlsx."
            )
        )
    is_wide = start.startswith((b"\xff\xfe", b"\xfe\xff")) or start.count(0) > len(start) / 8
    is_binary = not is_wide and any(byte < 9 or 13 < byte < 27 for byte in start)
    if is_binary or head.startswith(b"%pdf") or path.suffix.lower() in _WORKBOOK_NAMES:
        _refuse_stranger()


def _refuse_stranger() -> None:
    raise RosterRefused(N_("This is not a workbook; save the list as .xlsx, .ods or “CSV UTF-8”."))


def _refuse_macros() -> None:
    raise RosterRefused(N_("The workbook has macros, which are never run; save it as .xlsx."))


def _refuse_locked() -> None:
    raise RosterRefused(
        N_(
            "The workbook is locked with a password; take the password "
            "off in Excel and save it again."
        )
    )
