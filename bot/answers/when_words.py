"""How people name days and hours, in Vietnamese with or without accents and in English.

Data only. A word written here with its accents also stands for the word typed without any; a word
typed with other accents is another word. Patterns are looked for in small letters.
"""

from collections.abc import Mapping

import regex

from bot.text import fold

_ACCENTED = regex.compile(r"(?<!\\)[a-zà-ỹđ]*[à-ỹđ][a-zà-ỹđ]*")


# Words that are looked for in a text typed with the keyboard's Telex or VNI off.
_VIETNAMESE_WORDS = """
sang trua chieu toi dem khuya ngay hom bua buoi nay mai qua kia mot thu hai ba tu nam sau bay chu
nhat gio phut ruoi kem thang luc tuan truoc
"""
EVERY_WORD = frozenset(_VIETNAMESE_WORDS.split())

# Words that are said without their accents, and are still nothing but a part of the day.
CLEAR_PARTS = frozenset({"trua", "chieu", "khuya", "noon", "midday", "lunchtime"})
# None of them is a Vietnamese word typed without accents, as "do", "the", "day" and "an" are.
_ENGLISH_WORDS = """
today tonight tomorrow tmr yesterday morning afternoon evening night what when where which are is
we does how programme schedule monday tuesday wednesday thursday friday saturday sunday lunch
dinner breakfast
"""
ENGLISH = regex.compile(rf"\b(?:{'|'.join(_ENGLISH_WORDS.split())})\b")


def _pattern(written: str) -> regex.Pattern[str]:
    either = _ACCENTED.sub(lambda word: f"(?:{word[0]}|{fold(word[0])})", written)
    return regex.compile(rf"(?<![\p{{L}}\p{{N}}])(?:{either})(?![\p{{L}}\p{{N}}])")


PARTS_OF_DAY: Mapping[str, str] = {
    "sang": "morning",
    "morning": "morning",
    "trua": "noon",
    "noon": "noon",
    "midday": "noon",
    "lunchtime": "noon",
    "chieu": "afternoon",
    "afternoon": "afternoon",
    "toi": "evening",
    "dem": "evening",
    "khuya": "evening",
    "evening": "evening",
    "night": "evening",
}

NUMBERS: Mapping[str, int] = {
    "mot": 1,
    "hai": 2,
    "ba": 3,
    "tu": 4,
    "bon": 4,
    "nam": 5,
    "sau": 6,
    "bay": 7,
    "tam": 8,
    "chin": 9,
    "muoi": 10,
    "muoi mot": 11,
    "muoi hai": 12,
    "gieng": 1,
    "nhat": 1,
    "dau": 1,
    "dau tien": 1,
    "one": 1,
    "two": 2,
    "three": 3,
    "four": 4,
    "five": 5,
    "six": 6,
    "seven": 7,
    "eight": 8,
    "nine": 9,
    "ten": 10,
    "eleven": 11,
    "twelve": 12,
    "first": 1,
    "second": 2,
    "third": 3,
    "fourth": 4,
    "fifth": 5,
    **{f"{number}{end}": number for number in range(1, 32) for end in ("st", "nd", "rd", "th")},
    **{
        name: number
        for number, names in enumerate(
            (
                ("january", "jan"),
                ("february", "feb"),
                ("march", "mar"),
                ("april", "apr"),
                ("may",),
                ("june", "jun"),
                ("july", "jul"),
                ("august", "aug"),
                ("september", "sep"),
                ("october", "oct"),
                ("november", "nov"),
                ("december", "dec"),
            ),
            start=1,
        )
        for name in names
    },
}

_PART = "sáng|trưa|chiều|tối|đêm|khuya"
_MEAL = r"(?P<meal>(?:ăn|cơm|bữa|suất|tiệc|món)\s+)?"
_NOT_A_NAME = (
    "(?<!(?:ban|chị|cô|bà|ông|chú|bác|anh|hoa|tên|cành|hoàng|tuyết|thanh|quỳnh|ngọc|phương|xuân|"
    "thị|khách sạn|ks|nhà hàng|nhà|đường|phố|bạch) )"
)

# What looks like a time and is none: hidden before anything else is looked for.
NEVER = (
    regex.compile(r"(?<!\d)\+?\d(?:[\s.]?\d){7,}"),  # a telephone
    # A room, a bus, a group, unless what follows makes it an hour: "xe 7h", "họp tổ 2 giờ".
    _pattern(
        r"(?:phòng|p|tổ|xe|số|ghế|hàng|bàn|cửa|cổng|tầng|đoàn|khu|thẻ|mã|nhà|đường|ngõ|hẻm|km|"
        r"nghị quyết|quyết định|nghị định|công văn|khóa|khoá|nhiệm kỳ|điều|trang|bài|đội|lô|tòa|"
        r"toà|"
        r"room|group|bus|number|no|seat|gate|table|floor|row|desk|page|article|delegation|hall)"
        r"\s*(?:số\s*|number\s*)?\d++(?:[/.-]\d++)*(?!\s*(?:h|g\d|giờ|:\d|am|pm|o'?clock))"
    ),
    _pattern(r"24/24|24/7|7/7|24/24h|24h/24|24h/24h|24\s*(?:h|giờ|tiếng)"),
    _pattern(
        r"\d+\s+ngày(?:\s+\d+\s+đêm)?|mấy ngày|ngày (?:\d+|một|hai|ba) (?:bữa|lần|suất|viên|chai)"
    ),
    _pattern(r"\d+/\d+\s+(?:suất|phần|đại biểu|số|đoàn)"),
    # How long, and in how long.
    _pattern(
        r"(?:trong|mất|hết|suốt|cách|for)\s+(?:khoảng\s+)?\d+\s*(?:h|giờ)(?!\s*(?:\d|sáng|chiều|tối|trưa))"
    ),
    _pattern(r"\d+\s*(?:h|giờ)\s+(?:nữa|đồng hồ|liền|liên tục)"),
    _pattern(r"\d+(?:\.\d+)?g"),
    _pattern(
        r"mai mốt|mai kia|mai mối|mai sau|mai châu|mai dịch|ngày nay|năm nay|dạo này|"
        r"lần thứ \w+|theo thứ tự|số thứ tự|"
        r"(?:hàng|tổ|người|xe|tầng|phiên|bài|dãy|ghế|cửa|bàn|đại hội|khóa|buổi|câu|cái|phòng|cổng|"
        r"trang|đoàn|vòng|số|theo|lớp) thứ (?:hai|ba|tư|năm|sáu|bảy|\d+)|"
        r"(?:toà|tòa|nhà|khu|phòng|cổng|cửa|xe|block|đường) t[2-7]|khu cn"
    ),
    _pattern(
        r"sáng (?:tạo|kiến|sủa|suốt)|(?:ánh|ngời|phát|buồng) sáng|tối (?:đa|thiểu|ưu|thui|om|tăm)|"
        r"(?:phòng|trời|đường|hơi|quá) tối(?! nay| mai)|chiều (?:cao|dài|rộng|sâu|theo|lòng)|"
        r"(?<!thứ |ngày )(?:một|hai|1|2) chiều|(?:ngược|máy) chiều|"
        r"đêm (?:văn nghệ|giao lưu|hội|diễn|nhạc)|"
        r"chào (?:buổi )?(?:sáng|trưa|chiều|tối)|buổi (?:sáng|chiều|tối) (?:tốt lành|vui vẻ)|"
        r"good (?:morning|afternoon|evening|night)|(?:culture|cultural) (?:evening|night)"
    ),
    # "Bây giờ" typed without accents is far oftener meant than seven o'clock.
    regex.compile(
        r"(?<!(?:luc|vao|khoang|tu|den|truoc|sau) )\bbay gio\b(?!\s*(?:sang|ruoi|kem|\d))"
    ),
    # "Đây 2 ngày", typed without accents.
    _pattern(r"(?<=(?:ở|tại|đến|tới|vào) )(?:day) \d+|day \d+ (?:ngày|người|phòng|giờ)"),
    _pattern(r"(?:mồng|mùng) (?:\d+|một|hai)"),  # a day of the moon
)


def _beside(rel: str) -> regex.Pattern[str]:
    """A part of the day and a word that tells the day: "chiều mai"; a meal keeps its name."""
    return _pattern(rf"(?:{_MEAL}(?P<part>{_PART})\s+)(?P<said>{rel})")


# Days by their distance from today; the longer sayings first.
RELATIVE: tuple[tuple[regex.Pattern[str], int], ...] = (
    (_pattern("(?P<said>day before yesterday)"), -2),
    (_pattern(r"(?P<said>(?:the )?day after tomorrow)"), 2),
    (_beside("nay|ni|này"), 0),
    (_beside("(?:ngày |hôm )?(?:mai|mơi)"), 1),
    (_beside("(?:hôm )?qua"), -1),
    (_beside("(?:hôm )kia"), -2),
    (_beside("(?:ngày |bữa )?(?:mốt|kia)"), 2),
    (_pattern("(?P<said>(?:ngày )?hôm nay|bữa nay|(?:ngày )?hôm ni|bữa ni|hnay|today|tonight)"), 0),
    (_pattern("(?P<said>this)(?= (?:morning|afternoon|evening))"), 0),
    (_pattern("(?P<said>(?:ngày )?hôm qua|bữa qua|hqua|yesterday|last night)"), -1),
    (_pattern("(?P<said>hôm kia|bữa kia|hôm kìa)"), -2),
    (_pattern("(?P<said>(?:ngày|bữa|hôm) (?:kia|mốt)|(?:^|(?<=[,.?!;] ?))mốt)"), 2),
    (
        _pattern(
            "(?P<said>(?:ngày|bữa|hôm) (?:mai|mơi)|tomorrow|tomorow|tommorow|tommorrow|tmr|tmrw)"
        ),
        1,
    ),
    (_pattern(rf"{_NOT_A_NAME}(?P<said>mai)(?! (?:hoa|lan|phương|hương|thị|văn|linh|vàng))"), 1),
    (_pattern("(?:^)(?P<said>nay)(?= (?:có|họp|làm|ăn|mấy|đi|được|còn|mình|tôi))"), 0),
)

_ORDINAL = "nhất|hai|ba|tư|bốn|năm|[1-9]"
EVENT_DAYS = (
    _pattern("(?:ngày|hôm) thứ (?P<number>nhất)"),
    _pattern(rf"(?:ngày|hôm) thứ (?P<number>{_ORDINAL}) (?:của )?(?:đại hội|hội nghị|kỳ họp)"),
    _pattern(r"(?:ngày|hôm|bữa) (?P<number>đầu|cuối)(?: tiên| cùng)?"),
    _pattern(r"(?:on )?day (?P<number>\d{1,2}|one|two|three|four|five)"),
    _pattern(
        r"(?:on )?(?:the )?(?P<number>first|second|third|fourth|fifth|last|"
        r"[1-9](?:st|nd|rd|th)) day"
    ),
)

_MONTHS = (
    "january|february|march|april|may|june|july|august|september|october|november|december|"
    "jan|feb|mar|apr|jun|jul|aug|sep|oct|nov|dec"
)
_YEAR = r"(?P<year>20\d\d|\d\d)"
DATES = (
    _pattern(
        r"(?:ngày|hôm)?\s*(?P<day>\d{1,2}) tháng "
        rf"(?P<month>\d{{1,2}}|giêng|hai|ba|tư|năm|sáu|bảy|tám|chín|mười)(?: năm {_YEAR})?"
    ),
    _pattern(rf"(?:ngày|hôm|on)\s*(?P<day>\d{{1,2}})[.-](?P<month>\d{{1,2}})(?:[.-]{_YEAR})?"),
    _pattern(
        rf"(?:(?:ngày|hôm|on)\s*)?(?P<day>0?[1-9]|[12]\d|3[01])/(?P<month>0?[1-9]|1[0-2])(?:/{_YEAR})?"
    ),
    _pattern(rf"(?:on )?(?:the )?(?P<day>\d{{1,2}})(?:st|nd|rd|th)?(?: of)? (?P<month>{_MONTHS})"),
    _pattern(rf"(?:on )?(?P<month>{_MONTHS}) (?:the )?(?P<day>\d{{1,2}})(?:st|nd|rd|th)?"),
    _pattern(
        r"(?:ngày|hôm)\s*(?P<day>0?[1-9]|[12]\d|3[01])(?!\s*(?:tháng|[/.:-]\d|h\b|giờ|người))"
    ),
    _pattern(r"(?:on )?the (?P<day>[12]?\d|3[01])(?:st|nd|rd|th)"),
)

_SHIFT = r"(?:\s+(?P<shift>(?:tuần )?(?:này|nay|sau|tới|trước)))?"
WEEKDAYS = (
    _pattern(
        rf"(?:hôm |ngày |bữa )?thứ\s*(?P<weekday>hai|ba|tư|bốn|năm|sáu|bảy|bẩy|[2-7]){_SHIFT}"
    ),
    _pattern(rf"(?:hôm |ngày |bữa )?(?P<weekday>t[2-7]|chủ nhật|chúa nhật|cn){_SHIFT}"),
    _pattern(
        r"(?:on )?(?P<shift>next |last )?(?P<weekday>monday|tuesday|wednesday|thursday|friday|"
        r"saturday|sunday|tues|wednes|thurs|(?<=on )(?:mon|tue|wed|thu|fri|sat|sun))"
    ),
)
# Weeks from this one.
SHIFTS = (
    (regex.compile("tuần (?:sau|tới)|tuan (?:sau|toi)|next "), 1),
    (regex.compile("trước|truoc|last "), -1),
)

_HOUR_WORD = r"(?P<hour>\d{1,2}|mười hai|mười một|một|hai|ba|bốn|năm|sáu|bảy|tám|chín|mười)\s*giờ"
# "8h toi phai lam gi" speaks of me, not of the evening.
_AFTER_HOUR = (
    r"(?:\s*(?P<part>sáng|trưa|chiều|đêm|khuya|"
    r"tối(?=\s*(?:$|[?.,!]|nay|mai|qua|thứ|ngày|hôm|có|t\d))))?"
)
_ENGLISH_HOUR = r"(?P<hour>\d{1,2}|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve)"
_MINUTES = (
    r"(?:\s*(?:(?P<minute>[0-5]?\d)(?!\d|/)(?:\s*(?:phút|p|ph))?|(?P<half>rưỡi)|"
    r"kém\s*(?P<less>[0-5]?\d)))?"
)
CLOCKS = (
    _pattern(rf"(?:lúc |vào |khoảng )?{_HOUR_WORD}{_MINUTES}{_AFTER_HOUR}"),
    _pattern(rf"(?:lúc |vào )?(?P<hour>\d{{1,2}})\s*h{_MINUTES}{_AFTER_HOUR}"),
    _pattern(rf"(?:lúc |vào )?(?P<hour>\d{{1,2}})g(?P<minute>[0-5]\d){_AFTER_HOUR}"),
    _pattern(
        r"(?:at )?(?P<hour>\d{1,2})(?:[:.](?P<minute>[0-5]\d))?\s*(?P<half_day>am|pm|a\.m|p\.m)\.?"
    ),
    _pattern(rf"(?:lúc |vào |at )?(?P<hour>\d{{1,2}})\s?:\s?(?P<minute>[0-5]\d){_AFTER_HOUR}"),
    _pattern(r"(?:at )?(?P<hour>\d{1,2}) ?o'?clock"),
    _pattern(rf"(?:at )?(?P<half>half) past {_ENGLISH_HOUR}"),
    _pattern(rf"(?:at )?(?P<quarter>quarter) past {_ENGLISH_HOUR}"),
    _pattern(rf"(?:at )?(?P<less>quarter) to {_ENGLISH_HOUR}"),
    _pattern(r"at (?P<hour>\d{1,2})(?=\s*(?:$|[?.,!]|in the|on|today|tomorrow|this))"),
)

PARTS = _pattern(
    rf"{_MEAL}(?P<said>(?P<sure>buổi |ban )?(?P<part>{_PART}))|"
    r"(?P<said>(?P<sure>in the |at |the )?"
    r"(?P<part>morning|noon|midday|afternoon|evening|night|lunchtime))"
)
