"""Times the register of enterprises: search, filters and facets of one page, over many firms.

Run from the project's root:  python -m benchmarks.register [--firms 26000]
It works in a transaction that is rolled back at the end, on the database of DATABASE_URL (or the
embedded one). The limit is 100 ms at p95 for what the database does for one page.
"""

import argparse
import os
import random
import statistics
import time

from silian.config.database import ensure_database

LIMIT = 0.1  # seconds at p95
TRADES = "阀门 激光 汽车零部件 新能源 电池 鞋业 服装 眼镜 医疗器械 生物医药 软件 物流".split()
PLACES = "龙湾 瓯海 鹿城 洞头".split()
WORDS = [*TRADES, "温州", "龙湾 阀门", "瓯海", "科技", "有限", "0123", "球阀", "第7"]
FILTERS = [
    {},
    {"scale": "small"},
    {"above_scale": "True"},
    {"industry": "34"},
    {"managed": "False"},
]
CODE = "0123456789ABCDEFGHJKLMNPQRTUWXY"


def firms(count: int) -> list[dict[str, object]]:
    from silian.kernel.codes.models import Code  # noqa: PLC0415

    chance = random.Random(26)
    regions = list(Code.objects.current("region").filter(code__startswith="3303", level=3))
    industries = list(Code.objects.current("industry").filter(code__regex="^[0-9]{3,4}$"))
    made = []
    for number in range(count):
        trade = chance.choice(TRADES)
        made.append(
            {
                "name_zh": f"温州{chance.choice(PLACES)}{trade}{number}有限公司",
                "name_en": f"Firm {number}",
                "credit_code": f"91330300{number:09d}"[:17] + chance.choice(CODE),
                "region": chance.choice(regions),
                "industry": chance.choice(industries),
                "address": "",
                "scale": chance.choice(["large", "medium", "small", "micro"]),
                "above_scale": chance.random() < 0.05,
                "staff_count": chance.randrange(5, 900),
                "park": None,
                "products_zh": f"{trade}、球阀" if number % 50 == 0 else trade,
                "products_en": "",
            }
        )
    return made


def measure(count: int) -> None:
    from django.contrib.auth.models import AnonymousUser  # noqa: PLC0415
    from django.core.paginator import Paginator  # noqa: PLC0415
    from django.db import connection  # noqa: PLC0415
    from django.http import QueryDict  # noqa: PLC0415

    from silian.governance.consortia.models import Consortium  # noqa: PLC0415
    from silian.industry.enterprises import policy, services, tables  # noqa: PLC0415
    from silian.kernel.accounts.models import User  # noqa: PLC0415
    from silian.kernel.codes.models import Code  # noqa: PLC0415

    city = Code.objects.current("region").get(code="330300")
    body = Consortium.objects.create(slug="bench", name_zh="基准", region=city)
    user = User.objects.create(username="bench-register", name="Bench")
    rows = firms(count)
    started = time.perf_counter()
    services.enter_enterprises(rows, consortium=body, by=user)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")  # as autovacuum does after so many rows
    print(f"{count} firms entered and indexed in {time.perf_counter() - started:.1f} s")
    times: dict[str, list[float]] = {"facets": [], "page": [], "together": []}
    asked = [
        {**narrow, **({"q": words} if words else {})}
        for words in ["", *WORDS]
        for narrow in FILTERS
    ]
    for _repeat in range(3):
        for query in asked:
            started = time.perf_counter()
            seen = policy.visible_enterprises(AnonymousUser(), body)
            seen = seen.select_related("region", "industry", "enterprise_profile__park")
            found = tables.EnterpriseFilter(query, seen).qs
            _facets, count = tables.facets(found, QueryDict())
            counted = time.perf_counter()
            pages = Paginator(found.order_by("name_zh"), 25)
            pages.count = count  # as the page does
            list(pages.get_page(1))
            done = time.perf_counter()
            times["facets"].append(counted - started)
            times["page"].append(done - counted)
            times["together"].append(done - started)
    for name, taken in times.items():
        p50, p95 = statistics.median(taken), statistics.quantiles(taken, n=20)[-1]
        spent = f"p50 {p50 * 1000:6.1f} ms  p95 {p95 * 1000:6.1f} ms"
        print(f"{name:9} {spent}  {LIMIT / p95:5.1f}x within the limit")
    if statistics.quantiles(times["together"], n=20)[-1] > LIMIT:
        raise SystemExit("over the limit of 100 ms at p95")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--firms", type=int, default=26_000)
    options = parser.parse_args()
    ensure_database()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "silian.config.settings")
    import django  # noqa: PLC0415

    django.setup()
    from django.core.management import call_command  # noqa: PLC0415
    from django.db import connection, transaction  # noqa: PLC0415

    from silian.kernel.codes.imports import load_shipped  # noqa: PLC0415

    call_command("migrate", verbosity=0)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM")  # what an earlier run rolled back, as autovacuum would
    with transaction.atomic():
        load_shipped()
        measure(options.firms)
        transaction.set_rollback(True)


if __name__ == "__main__":
    main()
