"""The firms of a body's region that are no members: the register that a secretariat keeps."""

from collections.abc import Iterator

from django.core.files.uploadedfile import SimpleUploadedFile

from silian.demo.binding.signing import drawn_page
from silian.demo.cast.founding import Founded, code, region
from silian.demo.cast.invention import BRANDS, SCALES, STAFF, Inventor
from silian.demo.cast.people import Staff
from silian.governance.claims.services import make_claim
from silian.governance.members.models import Organisation
from silian.industry.enterprises.models import Profile
from silian.kernel.codes.models import CodeList

FIRMS = 60  # invented ones of each region beside the members
MADE = {  # what an invented firm makes, by a word of its name
    "阀门": ("球阀、闸阀、蝶阀", "Ball, gate and butterfly valves"),
    "新能源": ("储能电池包、逆变器", "Battery packs, inverters"),
    "合金": ("电接触材料、铜合金带材", "Contact materials, copper alloy strip"),
    "汽车零部件": ("制动盘、轮毂轴承", "Brake discs, hub bearings"),
    "装备": ("自动装配线、非标设备", "Assembly lines, special machines"),
    "激光": ("激光切割机、焊接头", "Laser cutters, welding heads"),
    "电气": ("低压断路器、配电箱", "Circuit breakers, switch boxes"),
    "医药": ("片剂、注射剂", "Tablets, injections"),
    "医疗": ("监护仪配件、维修服务", "Monitor parts, repair"),
    "生物": ("诊断试剂、培养基", "Reagents, culture media"),
}
OTHER = ("配套件、技术服务", "Parts, technical service")


def add_register(body: Founded, staff: Staff, inventor: Inventor) -> None:
    """Firms of the region with their products; one is there twice, and one is being claimed."""
    firms = Organisation.objects.bulk_create(new_firms(body, inventor))
    add_double(firms[0])
    add_claim(firms[1], staff)
    members = body.of_kind("enterprise")
    parks = body.of_kind("park")
    Profile.objects.bulk_create(
        (
            profile_of(firm, parks[0] if parks and number % 3 else None)
            for number, firm in enumerate([*members, *firms])
        ),
        ignore_conflicts=True,  # a member of two bodies has one profile
    )


def new_firms(body: Founded, inventor: Inventor) -> Iterator[Organisation]:
    about, draw = body.facts["consortium"], inventor.random
    place = region(about["region"])
    industries = [code(CodeList.Kind.INDUSTRY, value) for value in about["invented_industries"]]
    short = place.name_zh.removesuffix("区").removesuffix("市")
    for number in range(1, FIRMS + 1):
        scale = draw.choice(SCALES)
        word = draw.choice(about["invented_words"])
        yield Organisation(
            kind=Organisation.Kind.ENTERPRISE,
            name_zh=f"{short}{draw.choice(BRANDS)}{word}{number:02}号有限公司",
            name_en=f"Demo regional firm {body.consortium.slug} {number:02}",
            credit_code=inventor.credit_code("91", place.code),
            region=place,
            industry=draw.choice(industries),
            scale=scale,
            staff_count=STAFF[scale] + draw.randrange(40),
            above_scale=scale in {"large", "medium"},
            invented=True,
        )


def add_double(firm: Organisation) -> None:
    """Somebody entered the firm again, without its code."""
    Organisation.objects.create(
        kind=firm.kind,
        name_zh=firm.name_zh.removesuffix("有限公司") + "（有限）公司",
        region=firm.region,
        address="开发区创业路（待核对）",
        invented=True,
    )


def add_claim(firm: Organisation, staff: Staff) -> None:
    """Somebody of the firm wants to keep its data and waits for the secretariat."""
    make_claim(
        firm,
        by=staff.account(f"claimant.{firm.pk}"),
        title="人事行政负责人",
        statement="本人负责公司用工和对外联络，拟在平台发布岗位需求。授权书见附件。",
        proof=SimpleUploadedFile("营业执照与授权书.png", drawn_page(), "image/png"),
    )


def profile_of(firm: Organisation, park: Organisation | None) -> Profile:
    products = next((made for word, made in MADE.items() if word in firm.name_zh), OTHER)
    return Profile(organisation=firm, park=park, products_zh=products[0], products_en=products[1])
