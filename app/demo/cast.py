"""The people of the demo province. They do not exist; their ID numbers only have the right form."""

from dataclasses import dataclass
from enum import IntEnum

from app.forms.annex4 import NO_ACCOUNT, Annex4, UserType
from app.policy import Post
from app.services.management_forms import Annex2

PROVINCE, CITY, COUNTY, SCHOOL = "吉林省教育厅", "长春市教育局", "农安县教育局", "农安县合隆镇中心小学"
"""From the top down, the units that the holder's certificate passes through."""

ADDRESSES = {
    PROVINCE: "吉林省长春市人民大街6755号",
    CITY: "吉林省长春市南关区文昌路2号",
    COUNTY: "吉林省长春市农安县农安镇宝塔街18号",
    SCHOOL: "吉林省长春市农安县合隆镇育才路18号",
}

BOTH = (Post.SYSTEM, Post.SECURITY)


@dataclass(frozen=True)
class Administrator:
    """Somebody who holds posts in a unit of the demo."""

    unit: str
    login: str
    name: str
    id_number: str
    mobile: str
    posts: tuple[Post, ...]

    @property
    def form(self) -> Annex2:
        """Their 附件2, reviewed by the head of their own office."""
        return Annex2(
            unit_name=self.unit,
            name=self.name,
            id_number=self.id_number,
            office_phone="0431-83220000",
            email=f"{self.login}@example.com",
            mobile=self.mobile,
            posts=self.posts,
            address=ADDRESSES[self.unit],
            reviewed_by="韩立",
            reviewed_on="2026-09-01",
        )


ADMINISTRATORS = (
    Administrator(PROVINCE, "sheng-guanli", "李敏", "220102198003054529", "13804310001", BOTH),
    Administrator(PROVINCE, "sheng-shenji", "周正", "220102197511120313", "13804310002", (Post.AUDITOR,)),
    Administrator(CITY, "cc-guanli", "王海涛", "22010419820716321X", "13804310003", BOTH),
    Administrator(CITY, "cc-shenji", "赵婷", "220104198809210028", "13804310004", (Post.AUDITOR,)),
    Administrator(COUNTY, "na-guanli", "刘洋", "22012219851204341X", "13804310005", BOTH),
    Administrator(COUNTY, "na-shenji", "孙悦", "22012219900115004X", "13804310006", (Post.AUDITOR,)),
    Administrator(SCHOOL, "hl-xitong", "陈静", "220122198706082222", "13804310007", (Post.SYSTEM,)),
    Administrator(SCHOOL, "hl-anquan", "何伟", "220122198305191014", "13804310008", (Post.SECURITY,)),
    Administrator(SCHOOL, "hl-shenji", "马兰", "220122197909303625", "13804310009", (Post.AUDITOR,)),
)

HOLDER = Annex4(
    unit_name=SCHOOL,
    name="王𬭊",
    id_number="220122199003074618",
    office_phone="0431-83221234",
    email="wangyun@example.com",
    mobile="13904310010",
    school_type="211",
    user_types=frozenset({UserType.INFORMATION, UserType.INQUIRER}),
    wants_certificate=True,
    existing_account="无",
    address=ADDRESSES[SCHOOL],
    remarks="负责学校教师信息的采集与维护，曾用名王㛃。",
)
HOLDER_LOGIN = "hl-wangyun"

SIGNERS = ("王𬭊", "郑重", "冯雪", "陈静")
"""Who signs the holder's form: applicant, department, office, user management department."""


@dataclass(frozen=True)
class Desk:
    """Somebody at work in one of their posts."""

    login: str
    post: Post

    @property
    def holder(self) -> Administrator:
        """Who it is."""
        return next(person for person in ADMINISTRATORS if person.login == self.login)


PROVINCE_SYSTEM, PROVINCE_SECURITY = Desk("sheng-guanli", Post.SYSTEM), Desk("sheng-guanli", Post.SECURITY)
PROVINCE_AUDITOR = Desk("sheng-shenji", Post.AUDITOR)
CITY_SYSTEM, CITY_SECURITY = Desk("cc-guanli", Post.SYSTEM), Desk("cc-guanli", Post.SECURITY)
COUNTY_SYSTEM, COUNTY_SECURITY = Desk("na-guanli", Post.SYSTEM), Desk("na-guanli", Post.SECURITY)
SCHOOL_SYSTEM, SCHOOL_SECURITY = Desk("hl-xitong", Post.SYSTEM), Desk("hl-anquan", Post.SECURITY)

ABOVE = {
    CITY: (PROVINCE_SYSTEM, PROVINCE_SECURITY),
    COUNTY: (CITY_SYSTEM, CITY_SECURITY),
    SCHOOL: (COUNTY_SYSTEM, COUNTY_SECURITY),
}
"""Who creates and who authorises the administrators of a unit: those of the unit that it reports to."""


class Stage(IntEnum):
    """How far somebody's application has come, from nothing to a download code; each waits for the next."""

    NOTHING = 0
    ENTERED = 1
    SIGNED = 2
    SUBMITTED = 3
    RETURNED = 4
    """Aside: what is accepted was never returned."""
    ACCEPTED = 5
    CREATED = 6
    GRANTED = 7
    AT_COUNTY = 8
    AT_CITY = 9
    AT_PROVINCE = 10
    APPROVED = 11
    CODE_ISSUED = 12
    PAST = 13
    """Somebody has gone on with it, or given it up."""


@dataclass(frozen=True)
class Applicant:
    """Somebody of the practice material, whose application waits at a stage for whoever logs in."""

    stage: Stage
    login: str
    name: str
    id_number: str
    mobile: str
    user_type: UserType = UserType.INFORMATION
    existing_account: str = NO_ACCOUNT
    unit: str = SCHOOL

    @property
    def form(self) -> Annex4:
        """Their 附件4."""
        return Annex4(
            unit_name=self.unit,
            name=self.name,
            id_number=self.id_number,
            office_phone="0431-83221234",
            email=f"{self.login}@example.com",
            mobile=self.mobile,
            school_type="211" if self.unit == SCHOOL else "",
            user_types=frozenset({self.user_type}),
            wants_certificate=self.user_type is UserType.INFORMATION,
            existing_account=self.existing_account,
            address=ADDRESSES[self.unit],
        )


_S, _INQUIRER = Stage, UserType.INQUIRER
APPLICANTS = (
    Applicant(_S.ENTERED, "hl-zhaoxd", "赵晓东", "990001198705244673", "13904310021", _INQUIRER),
    Applicant(_S.SIGNED, "hl-liujun", "刘㛃", "990002199312278574", "13904310022"),
    Applicant(_S.SUBMITTED, "hl-sunhy", "孙海燕", "990003198809019609", "13904310023", UserType.TRAINING),
    Applicant(_S.RETURNED, "hl-zhoumin", "周敏", "990012196801078927", "13904310024"),
    Applicant(_S.ACCEPTED, "hl20170317", "吴立新", "990004198204211530", "13904310025", existing_account="hl20170317"),
    Applicant(_S.CREATED, "hl-zhengli", "郑丽", "990005199603044806", "13904310026", _INQUIRER),
    Applicant(_S.GRANTED, "hl-fengg", "冯刚", "990006198304136569", "13904310027"),
    Applicant(_S.AT_COUNTY, "hl-chuyn", "褚雅宁", "990007197110081135", "13904310028"),
    Applicant(_S.AT_CITY, "hl-weigq", "卫国强", "990008199104143868", "13904310029"),
    Applicant(_S.AT_PROVINCE, "hl-jiangx", "蒋欣", "99000919730706880X", "13904310030"),
    Applicant(_S.AT_PROVINCE, "hl-shenyt", "沈玉婷", "990010199302057321", "13904310031"),
    Applicant(_S.APPROVED, "hl-hancl", "韩春雷", "990011198708052354", "13904310032"),
    Applicant(_S.CODE_ISSUED, "hl-yangfan", "杨帆", "990013197403282704", "13904310033"),
    Applicant(_S.SUBMITTED, "na-zhuwj", "朱文静", "990014197706076525", "13904310034", _INQUIRER, unit=COUNTY),
)
"""From the top down, along the way of a certificate; one in each place where somebody has to do something."""
