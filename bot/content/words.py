"""The word lists of the Vietnamese style: what delegates must not be told, and what instead.

Source: the glossary and the style rules of the project (UX rule 16, style 1, 4, 7 and 12).
"""

import re

# Whole words, any case. Left: a pattern; right: the cure.
FORBIDDEN = {
    r"check[- ]?in": "điểm danh vào hội trường, hoặc nhận phòng",
    r"check[- ]?out": "trả phòng",
    r"book(?:ing)?": "đặt trước",
    r"form": "phiếu",
    r"link": "đường dẫn",
    r"app": "ứng dụng",
    r"group": "nhóm, hoặc tổ",
    r"admin": "người hỗ trợ",
    r"user": "đại biểu",
    r"token": "mã",
    r"(?:chat)?bot": "Trợ lý Đồng Hành",
    r"e-?mail": "thư điện tử",
    r"website|web": "trang thông tin",
    r"online": "trực tuyến",
    r"offline": "trực tiếp",
    r"lobby": "sảnh",
    r"files?": "tệp, hoặc tài liệu",
    r"slides?": "trang trình chiếu",
    r"hotline": "số điện thoại hỗ trợ",
    r"shuttle": "xe đưa đón",
    r"badge": "thẻ đại biểu",
    r"voucher": "phiếu",
    r"deadline": "hạn cuối",
    r"feedback": "góp ý",
    r"toilet|wc": "nhà vệ sinh",
    r"ok|okay|oke": "được",
    r"lỗi hệ thống": "điều đã xảy ra, việc cần làm, ai giúp",
    r"lỗi của (?:bạn|đại biểu)": "việc cần làm tiếp",
    r"có lẽ|chắc là": "Ban Tổ chức chưa công bố.",
    r"(?:người|dân tộc|tiếng) (?:miên|mèo|thượng|mọi)": "tên dân tộc như trong danh mục Nhà nước",
    r"dân tộc ít người": "tên dân tộc như trong danh mục Nhà nước",
    r"tiếng dân tộc(?! thiểu số)": "tên của tiếng, ví dụ tiếng Mông",
    r"h['’]?mông": "Mông",
    r"gia[- ]?lai (?=ngữ)|gia-rai|j['’]?rai": "Gia Rai",
    r"ê-đê|êđê": "Ê Đê",
    r"ba-na|bahnar": "Ba Na",
    r"k['’]ho|cơ-ho": "Cơ Ho",
    r"khơ-me|khơ me": "Khmer",
}

# Case counts here: "ks" may be part of a name, "KS" is an abbreviation.
ABBREVIATIONS = {
    "BTC": "Ban Tổ chức",
    "ĐB": "đại biểu",
    "TP": "Thành phố",
    "Tp": "Thành phố",
    "SĐT": "số điện thoại",
    "ĐT": "điện thoại",
    "KS": "khách sạn",
    "ĐH": "Đại hội",
    "HN": "hội nghị, hoặc Hà Nội",
    "HT": "hội trường",
    "TL": "tài liệu",
    "UBND": "Ủy ban nhân dân",
    "BCH": "Ban Chấp hành",
    "TW": "Trung ương",
    "CCCD": "căn cước công dân",
    "CMND": "chứng minh nhân dân",
    "BHYT": "bảo hiểm y tế",
    "TT": "trung tâm",
    "PCCC": "phòng cháy, chữa cháy",
    "vv": "đủ các thứ cần kể",
    "v.v": "đủ các thứ cần kể",
    "đ/c": "đồng chí",
    "Đ/c": "đồng chí",
    "P.": "phòng, hoặc phường",
    "Q.": "quận",
    "QR": "mã vuông (QR)",
}
# Known to everybody by these letters, or explained beside them.
SPELLED_LIKE_THIS = frozenset({"SIM", "USB", "ATM", "QR", "DB"})

ADDRESS = ("bạn", "mình", "tớ")
EMOJI_ALLOWED = frozenset("🔊↩🙋🌐✅⚠🆘🙂🙁▶●○")

forbidden_word = re.compile(
    "|".join(
        f"(?P<w{n}>(?<![\\w-])(?:{pattern})(?![\\w-]))" for n, pattern in enumerate(FORBIDDEN)
    ),
    re.IGNORECASE,
)
abbreviation = re.compile(
    r"(?<![\w./-])(?:"
    + "|".join(re.escape(short) for short in sorted(ABBREVIATIONS, key=len, reverse=True))
    + r")(?:(?<=\.)|(?![\w/-]))"
)
explained_code = re.compile(r"[Mm]ã vuông \(QR\)")
clock_style = re.compile(
    r"(?<!\w)\d{1,2}[hg](?:\d{2})?(?!\w)|(?<!\w)\d{1,2}(?::\d{2})?\s?[ap]\.?m\b", re.IGNORECASE
)
address = re.compile(
    r"(?<!\w)(?<!nước )(?<!của )(?<!tự )(?:" + "|".join(ADDRESS) + r")(?! bè)(?!\w)", re.IGNORECASE
)
please = re.compile(r"(?<!\w)vui lòng(?!\w)", re.IGNORECASE)
emoji = re.compile("[\U0001f000-\U0001faff\u2600-\u27bf\u2b00-\u2bff\u23e9-\u23fa]")
roman = re.compile(r"[IVXLC]+")

# The open rhymes oa, oe, uy: our strings carry the tone on the first letter (hòa, khỏe, thủy).
_OLD_TONE = re.compile(
    r"(?<!\w)([bcdđghklmnprstvx]*)(o[àáảãạèéẻẽẹ]|u[ỳýỷỹỵ])(?!\w)"  # never after q: quý
)
_MOVED = {
    old: new
    for base, marks, target in (
        ("a", "àáảãạ", "òóỏõọ"),
        ("e", "èéẻẽẹ", "òóỏõọ"),
        ("y", "ỳýỷỹỵ", "ùúủũụ"),
    )
    for old, new in zip(marks, (mark + base for mark in target), strict=True)
}


def old_tones(text: str) -> dict[str, str]:
    """The words whose tone mark stands the other way, and how we write them.

    Words with a capital are left alone: names keep the spelling of the roster.
    """
    return {hit[0]: hit[1] + _MOVED[hit[2][1]] for hit in _OLD_TONE.finditer(text)}
