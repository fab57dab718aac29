"""Opens a workbook in a process of its own, so that a hostile file can only hurt this process.

Run as a script by `bot.roster.sheets`: it limits its own memory and time, reads the workbook and
writes one JSON line per sheet and per row. It imports nothing of ours, because it starts for each
file and because what it reads is not to be trusted.
"""

import datetime
import html
import json
import re
import sys
import zipfile
from collections.abc import Iterable, Iterator

MEMORY_BYTES = 1536 * 1024 * 1024
CPU_SECONDS = 60
PART_BYTES = 600 * 1024 * 1024
ROWS, COLUMNS = 200_000, 200
_CHUNK, _OVERLAP = 1 << 20, 8192

_ENTITY = re.compile(rb"<!(?:DOCTYPE|ENTITY)", re.IGNORECASE)
_CELL = re.compile(
    rb"<(?:\w+:)?c\b([^>]*)>(?:<(?:\w+:)?f\b[^>]*(?:/>|>[^<]*</(?:\w+:)?f>)(<(?:\w+:)?v\s*/>|"
    rb"<(?:\w+:)?v></(?:\w+:)?v>)?</(?:\w+:)?c>)?"
)
_PLACE = re.compile(rb'\br="([A-Z]{1,3})(\d{1,7})"')
_TAG = re.compile(r"<(?:\w+:)?(?:sheet|Relationship)\b([^>]*)>")
_ATTRIBUTE = re.compile(r'([\w:]+)="([^"]*)"')


class RefusedError(Exception):
    """The one word the reader translates into a sentence."""


def say(line: str) -> None:
    """One line to the process that asked."""
    sys.stdout.write(line + "\n")


def limit_myself() -> None:
    """Less memory and time for this process. On Windows only the parent's clock limits it."""
    if sys.platform == "win32":
        return
    import resource  # not on Windows

    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def check_parts(path: str) -> dict[str, set[tuple[int, int]]]:
    """Look through every XML part: no entities, honest sizes. Gives the broken cells by part."""
    broken: dict[str, set[tuple[int, int]]] = {}
    left = PART_BYTES
    with zipfile.ZipFile(path) as parts:
        for part in parts.infolist():
            if not part.filename.endswith((".xml", ".rels")):
                continue
            cells: set[tuple[int, int]] = set()
            for piece, fresh in _pieces(parts, part):
                left -= fresh
                if left < 0:
                    raise RefusedError("too_large")
                if _ENTITY.search(piece):
                    raise RefusedError("entities")
                if b't="e"' in piece or b"<f" in piece or b":f" in piece:
                    cells.update(_broken(piece))
            if cells:
                broken[part.filename] = cells
    return broken


def _pieces(parts: zipfile.ZipFile, part: zipfile.ZipInfo) -> Iterator[tuple[bytes, int]]:
    """The part in pieces that overlap, so that no tag is cut in two."""
    with parts.open(part) as stream:
        tail = b""
        while chunk := stream.read(_CHUNK):
            yield tail + chunk, len(chunk)
            tail = chunk[-_OVERLAP:]


def _broken(piece: bytes) -> Iterator[tuple[int, int]]:
    """Cells that show an error, and formulas whose value nobody calculated."""
    for cell in _CELL.finditer(piece):
        is_error = b't="e"' in cell[1]
        is_uncalculated = cell[0].endswith(b"c>") and b't="str"' not in cell[1]
        if (is_error or is_uncalculated) and (place := _PLACE.search(cell[1])):
            yield int(place[2]) - 1, _column(place[1])


def _column(letters: bytes) -> int:
    index = 0
    for letter in letters:
        index = index * 26 + letter - ord("A") + 1
    return index - 1


def by_sheet(path: str, broken: dict[str, set[tuple[int, int]]]) -> dict[str, set[tuple[int, int]]]:
    """The same cells by the name of the sheet, which stands two files away from its part."""
    with zipfile.ZipFile(path) as parts:
        sheets = _tags(parts.read("xl/workbook.xml"))
        targets = {tag.get("Id"): tag.get("Target", "") for tag in _tags(_links(parts))}
    found = {}
    for sheet in sheets:
        link = next((value for key, value in sheet.items() if key.endswith(":id")), "")
        part = "xl/" + targets.get(link, "").removeprefix("/xl/")
        found[html.unescape(sheet.get("name", ""))] = broken.get(part, set())
    return found


def _links(parts: zipfile.ZipFile) -> bytes:
    return parts.read("xl/_rels/workbook.xml.rels")


def _tags(xml: bytes) -> list[dict[str, str]]:
    return [dict(_ATTRIBUTE.findall(tag)) for tag in _TAG.findall(xml.decode("utf-8"))]


def plain(value: object) -> object:
    """A cell as JSON: text, number, truth, or {"date": "2027-07-12"} for what Excel made a date."""
    if isinstance(value, datetime.datetime | datetime.date):
        return {"date": value.isoformat()[:10]}
    if isinstance(value, datetime.time | datetime.timedelta):
        return {"time": str(value)}
    return value


def rows_of(rows: Iterable[list[object]], broken: set[tuple[int, int]]) -> Iterator[str]:
    """The rows as JSON lines from Excel's row 1, without the empty ones at the end."""
    empty = 0
    for number, cells in enumerate(rows):
        values = [plain(cell) for cell in cells]
        if broken:
            values = [
                {"error": ""} if (number, index) in broken else value
                for index, value in enumerate(values)
            ]
        while values and values[-1] == "":
            values.pop()
        if not values:
            empty += 1
            continue
        if number >= ROWS:
            raise RefusedError("rows")
        if len(values) > COLUMNS:
            raise RefusedError("columns")
        yield from ("[]" for _ in range(empty))
        empty = 0
        yield json.dumps(values, ensure_ascii=False)


def send(path: str, is_zip: bool) -> None:
    """Write the visible sheets of the workbook to the standard output."""
    from python_calamine import SheetTypeEnum, SheetVisibleEnum, load_workbook  # after the limits

    parts = check_parts(path) if is_zip else {}
    broken = by_sheet(path, parts) if any("worksheets/" in part for part in parts) else {}
    workbook = load_workbook(path)
    for sheet in workbook.sheets_metadata:
        if sheet.typ != SheetTypeEnum.WorkSheet or sheet.visible != SheetVisibleEnum.Visible:
            say(json.dumps({"hidden": sheet.name}))
            continue
        cells = workbook.get_sheet_by_name(sheet.name)
        say(json.dumps({"sheet": sheet.name}))
        left = cells.start[1] if cells.start else 0  # rows come from row 1, columns only from here
        rows: Iterator[list[object]] = ([""] * left + list(row) for row in cells.iter_rows())
        for line in rows_of(rows, broken.get(sheet.name, set())):
            say(line)


def main(path: str, kind: str) -> None:
    """Read, and say with the last line whether all of it was read."""
    sys.stdout.reconfigure(encoding="utf-8", errors="replace")  # type: ignore[union-attr]
    try:
        limit_myself()
        send(path, kind == "zip")
        say('{"end": true}')
    except RefusedError as refused:
        say(json.dumps({"refused": str(refused)}))
    except MemoryError:
        say('{"refused": "too_large"}')
    except Exception as error:  # whatever is wrong with a stranger's file, the answer is one word
        kinds = {"PasswordError": "locked"}
        say(json.dumps({"refused": kinds.get(type(error).__name__, "damaged")}))


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
