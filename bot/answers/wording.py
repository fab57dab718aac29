"""What delegates write for what organisers wrote: chat spellings, words alike, mere greetings.

Data only, and only for Vietnamese and English. An event adds its own chat spellings
("HTQT" = "Hội trường Quốc tế") when it asks; it never has to touch this file.
"""

from collections.abc import Mapping

# One typed form, every meaning it may have. Two meanings are two readings of the question, and the
# one that fits the approved questions best wins, so no meaning is ever forced on the delegate.
CHAT: Mapping[str, tuple[str, ...]] = {
    "k": ("không",),
    "ko": ("không",),
    "kg": ("không",),
    "khg": ("không",),
    "kh": ("không", "khách"),
    "hok": ("không",),
    "hong": ("không",),
    "hông": ("không",),
    "khum": ("không",),
    "0": ("0", "không"),
    "dc": ("được", "địa chỉ", "đồng chí"),
    "đc": ("được", "địa chỉ", "đồng chí"),
    "đk": ("đăng ký", "được", "điều kiện"),
    "dk": ("đăng ký", "được", "điều kiện"),
    "j": ("gì",),
    "ji": ("gì",),
    "z": ("vậy",),
    "dz": ("vậy",),
    "zậy": ("vậy",),
    "v": ("vậy",),
    "vs": ("với",),
    "zới": ("với",),
    "r": ("rồi",),
    "roài": ("rồi",),
    "bt": ("biết", "bình thường"),
    "bik": ("biết",),
    "bít": ("biết",),
    "mk": ("mình",),
    "mik": ("mình",),
    "lm": ("làm",),
    "cx": ("cũng",),
    "cug": ("cũng",),
    "nhiu": ("nhiêu", "nhiều"),
    "nh": ("nhiêu", "nhiều"),
    "bnhiu": ("bao nhiêu",),
    "bnh": ("bao nhiêu",),
    "bn": ("bao nhiêu", "bạn"),
    "mún": ("muốn",),
    "mun": ("muốn",),
    "tks": ("cảm ơn",),
    "thks": ("cảm ơn",),
    "cmon": ("cảm ơn",),
    "camon": ("cảm ơn",),
    "ks": ("khách sạn",),
    "p": ("phòng", "phút"),
    "ph": ("phòng", "phút"),
    "phg": ("phòng",),
    "ng": ("người",),
    "bh": ("bây giờ", "bao giờ"),
    "ntn": ("như thế nào",),
    "tnao": ("thế nào",),
    "h": ("giờ",),
    "sđt": ("số điện thoại",),
    "sdt": ("số điện thoại",),
    "đt": ("điện thoại",),
    "dt": ("điện thoại",),
    "đb": ("đại biểu",),
    "db": ("đại biểu",),
    "đbiểu": ("đại biểu",),
    "đh": ("đại hội",),
    "dh": ("đại hội",),
    "hn": ("hội nghị", "hà nội", "hôm nay"),
    "ht": ("hội trường",),
    "btc": ("ban tổ chức",),
    "tl": ("tài liệu", "trả lời"),
    "cccd": ("căn cước công dân",),
    "tp": ("thành phố",),
    "wc": ("nhà vệ sinh",),
    "ctrinh": ("chương trình",),
    "trc": ("trước",),
    "đag": ("đang",),
    "hqua": ("hôm qua",),
    "hnay": ("hôm nay",),
}


# Short words of other languages that Telex rules would otherwise turn into Vietnamese syllables.
BORROWED = """
taxi taxis bus car fax file wifi of as is or us if so sos sms gps os ios visa pass passport test
text web app email mail box bar spa sim esim usb laptop lap lab lobby internet facebook zalo
telegram ok okay has was his her does do for from are our use user buffet vip max maximum mix
fix tax six sex next exit extra express fast first last list least east west door floor room
food good book too see free meet need week feel seat tea pad post poster print scan slide
slides news jazz pizza size show tour view new now how who two law raw draw saw low grab ups
"""

# Different regions and ages say one thing in different words; each line is one thing.
ALIKE: Mapping[str, tuple[str, ...]] = {
    "where": ("ở đâu", "chỗ nào", "nơi nào", "ở mô", "đi mô", "chỗ mô", "đằng nào", "hướng nào"),
    "when": (
        "mấy giờ",
        "bao giờ",
        "khi nào",
        "chừng nào",
        "lúc nào",
        "khi mô",
        "giờ nào",
        "hồi nào",
    ),
    "how": ("như thế nào", "làm sao", "làm thế nào", "cách nào", "ra sao", "kiểu gì", "làm răng"),
    "car": ("ô tô", "xe hơi", "xe con", "xe ô tô"),
    "ill": ("ốm", "bệnh", "bị đau", "khó chịu trong người", "mệt", "không khỏe"),
    "toilet": ("nhà vệ sinh", "phòng vệ sinh", "toilet", "nhà cầu", "nhà xí", "đi vệ sinh"),
    "breakfast": ("ăn sáng", "cơm sáng", "điểm tâm", "bữa sáng"),
    "lunch": ("ăn trưa", "cơm trưa", "bữa trưa"),
    "dinner": ("ăn tối", "cơm tối", "ăn chiều", "cơm chiều", "bữa tối"),
    "lost": ("mất", "thất lạc", "đánh rơi", "làm rơi", "bị rơi", "bỏ quên", "để quên"),
    "call": ("số điện thoại", "đường dây nóng", "hotline", "số máy", "gọi cho ai", "gọi số nào"),
    "wifi": ("wifi", "wi fi", "mạng internet", "vào mạng", "internet"),
    "stay": ("khách sạn", "chỗ nghỉ", "nơi nghỉ", "chỗ ở", "nơi ở", "nhà nghỉ", "nhà khách"),
    "shuttle": ("xe đưa đón", "xe đón", "xe trung chuyển", "xe buýt", "xe bus", "xe đưa đi"),
    "badge": ("thẻ đại biểu", "thẻ đeo", "thẻ tên", "thẻ ra vào", "phù hiệu"),
    "dress": ("trang phục", "ăn mặc", "mặc gì", "quần áo", "đồ gì"),
    "late": ("muộn", "trễ"),
    "doctor": ("y tế", "bác sĩ", "trạm xá", "thuốc", "cấp cứu"),
    "meatless": ("ăn chay", "đồ chay", "món chay", "cơm chay", "suất chay"),
}

# Words that greet, plead or name the speaker: they carry no intent, known or not.
FILLERS: Mapping[str, str] = {
    "vi": """
xin chào hello hi alo dạ vâng ạ à ơi ừ oke ok okay cảm ơn cám nhé nha nhỉ với vậy z v thì là tôi
mình em cháu con anh chị bác cô chú đồng chí bạn ad admin bot shop cho hỏi giúp nhờ được rồi và
của nhiều lắm tốt buổi sáng chiều thanks thank you bye tạm biệt
""",
    "en": """
hello hi hey ok okay thanks thank you bye please a an the is are am do does i we my me to of for
can could would will it its in on at and there what good morning afternoon evening
""",
}
