"""The people of the demo province. They do not exist; their ID numbers only have the right form."""

from dataclasses import dataclass

from app.forms.annex4 import Annex4, UserType
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
