"""The headings people really write above the columns of a roster, and those we must not read.

All are folded (`bot.text.fold`): small letters, no accents. "Strong" headings name one field;
"weak" ones are used only when no strong one stands in the sheet.
"""

FAMILY, GIVEN = "family name", "given name"  # two columns that make one full name

STRONG: dict[str, str] = {
    "code": """ma db|ma dai bieu|ma so dai bieu|ma so db|so the|ma the|ma so the|so the dai bieu|
        ma the dai bieu|so hieu dai bieu|so hieu the|code|delegate code|delegate id|delegate no|
        delegate number|badge code|badge number|badge no|card code|card number|ma dang ky|
        registration code|so dai bieu|so bao danh|ma khach moi|ma khach""",
    "full_name": """ho ten|ho va ten|ho ten dai bieu|ho va ten dai bieu|ten dai bieu|ho ten day du|
        ho va ten day du|ho ten khai sinh|full name|fullname|name|delegate name|name of delegate|
        ten day du|ho ten khach moi""",
    FAMILY: """ho|ho dem|ho va dem|ho va ten dem|ho ten dem|ho va ten lot|ho lot|ho va chu lot|
        ho chu lot|family name|surname|last name""",
    GIVEN: "ten|ten goi|first name|given name|forename",
    "salutation": """danh xung|xung ho|cach xung ho|kinh xung|loi xung ho|ong ba|ong hoac ba|
        salutation|form of address|mr mrs|mr ms""",
    "delegation": """doan|ten doan|doan dai bieu|thuoc doan|don vi doan|delegation|
        delegation name|doan tinh|doan tinh thanh pho""",
    "role": """chuc danh|chuc danh trong doan|chuc vu trong doan|vai tro|vai tro trong doan|
        nhiem vu trong doan|role|role in delegation|delegation role|tu cach|tu cach dai bieu""",
    "phone": """sdt|so dt|so dien thoai|dien thoai|dt|dien thoai di dong|so dien thoai di dong|
        so di dong|di dong|dtdd|so dtdd|so phone|phone|phone number|phone no|telephone|tel|mobile|
        mobile phone|mobile number|cell phone|sdt lien he|so dien thoai lien he|
        dien thoai lien he|dien thoai ca nhan|sdt ca nhan|so may|hotline ca nhan""",
    "hotel": """khach san|ten khach san|ks|noi luu tru|noi nghi|nha khach|hotel|
        hotel name|accommodation|luu tru|dia diem luu tru|noi an nghi""",
    "room": """phong|so phong|phong so|phong o|phong nghi|phong khach san|so phong nghi|
        so phong o|so phong khach san|phong ks|room|room number|room no|hotel room""",
    "bus": """xe|xe so|so xe|xe o to|xe dua don|so xe dua don|xe dua don so|o to so|o to|xe buyt|
        bus|bus number|bus no|shuttle|shuttle number|vehicle|coach|chuyen xe""",
    "seat": """ghe|ghe so|so ghe|vi tri ghe|vi tri ngoi|cho ngoi|ghe ngoi|so ghe ngoi|
        hang ghe|so do ghe|ghe hoi truong|ghe trong hoi truong|seat|seat number|seat no""",
    "table": """ban|ban an|ban so|so ban|ban an so|so ban an|ban tiec|table|table number|
        table no|dining table""",
    "group": """to|to so|so to|to thao luan|to thao luan so|nhom|nhom so|nhom thao luan|
        group|group number|group no|discussion group|working group""",
    "language": """ngon ngu|ngon ngu dang ky|ngon ngu su dung|tieng|tieng su dung|
        ngon ngu giao tiep|ngon ngu lua chon|language|preferred language|declared language""",
    "comfort": """cach nhan tin|hinh thuc nhan tin|cach nhan thong tin|cach nhan thong bao|
        hinh thuc nhan thong tin|nhan tin bang|comfort|preferred form|message form|
        receives messages as""",
    "status": """trang thai|tinh trang|tinh trang tham du|trang thai tham du|tham du|status|
        attendance status|participation""",
    "badge_place": """noi nhan the|cho nhan the|noi phat the|diem nhan the|dia diem nhan the|
        ban nhan the|badge place|badge pick up|badge pickup|badge collection""",
}
WEAK: dict[str, str] = {
    "code": "ma|ma so|id|so hieu",
    "delegation": "don vi|tinh|tinh thanh pho|tinh thanh|dia phuong|province|unit|organisation",
    "role": "chuc vu|title|position",
    "seat": "vi tri|cho",
    "comfort": "hinh thuc",
    "hotel": "cho o",
    "badge_place": "nhan the",
}

# One unaccented word can be another: "Ban" is a committee, "Bàn" a table. In a sheet whose
# headings have accents, these words count only with theirs.
ACCENTED: dict[str, tuple[str, ...]] = {
    "ban": ("bàn",),
    "to": ("tổ",),
    "ho": ("họ",),
    "doan": ("đoàn",),
    "ma": ("mã",),
    "tieng": ("tiếng",),
    "phong": ("phòng",),
    "cho": ("chỗ",),
}

# Never read (personal data law: sensitive, or not needed): what it is, and the words that show it.
SENSITIVE: dict[str, str] = {
    "ethnic origin": "dan toc|ethnic|ethnicity|ethnic group|thanh phan dan toc|sac toc|toc nguoi",
    "religion": "ton giao|religion|religious|tin nguong|theo dao|he phai|faith",
    "party membership": """dang vien|ngay vao dang|vao dang|ngay chinh thuc|the dang|dang tich|
        tuoi dang|party|ly luan chinh tri|political|dang phai|ket nap""",
    "age": "nam sinh|ngay sinh|ngay thang nam sinh|sinh ngay|tuoi|birth|dob|born|age|birthday",
    "identity papers": """cccd|cmnd|cmt|cmtnd|can cuoc|cc cccd|chung minh|dinh danh|identity|
        id card|passport|ho chieu|national id|so giay to|giay to tuy than""",
    "health": "suc khoe|benh|khuyet tat|di ung|health|disability|allergy|medical|nhom mau",
    "bank account": "ngan hang|so tai khoan|stk|bank|iban",
}
