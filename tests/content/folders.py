"""Small content folders for tests: a complete good one, and ways to spoil it."""

from pathlib import Path

from bot.content import Checked, check

STEPS = ("mine.room", "programme.today", "helper.start")
PNG = b"\x89PNG\r\n\x1a\n" + b"a small picture"

EVENT = """\
slug = "thu"
time_zone = "Asia/Ho_Chi_Minh"
first_day = 2027-01-18
days = 2
languages = ["vi", "en", "km"]
topics = ["hotel", "security"]
hotline = "0900 000 000"

[vi]
name = "Đại hội Thử"
short_name = "Đại hội"

[en]
name = "Trial Congress"
short_name = "Congress"

[topic.hotel]
vi = "Khách sạn"
en = "Hotel"

[topic.security]
vi = "An ninh"
en = "Security"
"""

ANSWER = """\
audience = "linked"
source = "Tiểu ban Lễ tân"
updated = 2026-11-20T08:10:00+07:00
place = "sen-hong"
item = "khai-mac"

[vi]
title = "Nhận phòng"
text = \"\"\"
Phòng của đại biểu: **{room}**.
Mời đại biểu nhận chìa khóa ở quầy lễ tân.\"\"\"
short = "Phòng **{room}**."
questions = [
  "nhận phòng ở đâu",
  "mấy giờ nhận phòng", # a remark, [with] "signs"
  "lấy chìa khóa phòng",
  "tôi muốn nhận phòng",
  "nhận phòng thế nào",
  "quầy lễ tân ở đâu",
]

[en]
title = "Get your room"
text = "Your room: {room}."
questions = ["get my room", "room key", "when can I check in", "hotel desk", "key", "my room"]

[km]
draft = true
title = "បន្ទប់"
"""

PERSONAL = """\
source = "Tiểu ban Lễ tân"
updated = 2026-11-20T08:10:00+07:00
go = "mine.room"
[vi]
title = "Phòng của tôi"
questions = ["phòng nào", "tôi ở phòng mấy", "số phòng", "ngủ ở đâu", "tầng mấy", "phòng tôi"]
[en]
title = "My room"
questions = ["which room", "room number", "where do I sleep", "floor", "my bed", "room please"]
"""

HOTEL = """\
kind = "hotel"
lat = 21.0278
lon = 105.8342
phone = "0900 000 101"
picture = "sen-hong.png"
sign = "Khách sạn Sen Hồng"
matches = ["Sen Hồng", "KS Sen Hồng"]

[vi]
name = "Khách sạn Sen Hồng"
directions = "Cửa chính ở bên phải."
caption = "Mặt trước khách sạn."

[en]
name = "Sen Hồng Hotel"
directions = "The door is on the right."
caption = "The front of the hotel."
"""

DESK = """\
kind = "desk"
audience = "public"
phone = "0900 000 102"
hours = "06:00-22:00"
topics = ["hotel"]
languages = ["vi", "km"]
sign = "Bàn hướng dẫn số 1"

[vi]
name = "Bàn hướng dẫn số 1"
directions = "Ở sảnh chính."

[en]
name = "Help desk 1"
directions = "In the main hall."
"""

DAY = """\
day = 1

[[item]]
id = "don-tiep"
start = "07:30"
end = "09:00"
audience = ["group:1", "role:Trưởng đoàn"]
kind = "registration"
[item.vi]
title = "Đón tiếp"
[item.en]
title = "Welcome"

[[item]]
id = "khai-mac"
start = "09:00"
end = "10:30"
place = "ban-1"
kind = "session"
[item.vi]
title = "Khai mạc"
note = "Mời đại biểu đeo thẻ."
[item.en]
title = "Opening"
"""

PDF = b"%PDF-1.4\n1 0 obj << /Type /Catalog >> endobj\ntrailer << /Root 1 0 R >>\n%%EOF\n"

RULES = """\
audience = "public"
version = "2"
sensitivity = "open"
source = "Đoàn Thư ký"
updated = 2026-11-19T08:20:00+07:00

[vi]
title = "Nội quy"
summary = "Đại biểu đeo thẻ trong hội trường."
file = "noi-quy.pdf"

[en]
title = "House rules"
summary = "Wear your badge in the hall."
file = "noi-quy-en.pdf"
"""

DRAFT = """\
official = true
sensitivity = "returned"
source = "Đoàn Thư ký"
updated = 2026-11-19T08:20:00+07:00
place = "ban-1"

[vi]
title = "Dự thảo nghị quyết"
where = "Mời đại biểu ký nhận tại bàn hướng dẫn."

[en]
title = "Draft resolution"
where = "Sign for it at the help desk."
"""

GOOD: dict[str, str | bytes] = {
    "event.toml": EVENT,
    "answers/hotel/nhan-phong.toml": ANSWER,
    "answers/hotel/phong-cua-toi.toml": PERSONAL,
    "places/sen-hong.toml": HOTEL,
    "places/ban-1.toml": DESK,
    "programme/day-1.toml": DAY,
    "media/sen-hong.png": PNG,
    "documents/noi-quy.toml": RULES,
    "documents/du-thao.toml": DRAFT,
    "documents/files/noi-quy.pdf": PDF,
    "documents/files/noi-quy-en.pdf": PDF + b"%en",
}


def write(folder: Path, files: dict[str, str | bytes]) -> Path:
    """Write the files and give the folder back."""
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return folder


def spoilt(folder: Path, name: str, old: str, new: str) -> Path:
    """The good folder with one replacement in one file."""
    content = GOOD[name]
    assert isinstance(content, str)
    assert content.count(old) >= 1, old
    return write(folder, {**GOOD, name: content.replace(old, new, 1)})


def found(checked: Checked) -> list[str]:
    """Mistakes, then warnings, as `file:line rule`."""
    both = (*checked.mistakes, *checked.warnings)
    return [f"{one.file}:{one.line} {one.rule}" for one in both]


def checked(folder: Path) -> Checked:
    """The folder checked with the steps of these tests."""
    return check(folder, steps=STEPS)
