"""Times the search index beside ILIKE, over the same documents and with the same hits allowed.

Run from the project's root:  python -m benchmarks.search [--documents 100000]
It works in a transaction that is rolled back at the end, on the database of DATABASE_URL (or the
embedded one), and leaves nothing behind.
"""

import argparse
import os
import random
import statistics
import time
from collections.abc import Callable
from typing import Any

from silian.config.database import ensure_database

PLACES = "天津 北京 重庆 温州 济南 章丘 龙湾 石家庄 滨海 巴南 杭州 青岛 成都 广州 深圳".split()
FIELDS = "生物医药 医疗器械 智能制造 新能源 新材料 数字经济 汽车零部件 阀门 激光 软件 物流".split()
FORMS = "有限公司 股份有限公司 科技集团 研究院 职业技术学院 中等职业学校 行业协会".split()
JOBS = "药物制剂工 数控操作工 质检员 机电一体化技术员 软件测试员 设备维修工 导游 焊工".split()
QUERIES = [
    "医药",
    "温州 阀门",
    "质检员",
    "智能制造 济南",
    "职业技术学院 软件",
    "engineer 1234",
    "稀见",
]
REPEATS = 5


def generate(count: int) -> list[tuple[str, str]]:
    """Names and texts as an installation has them; one in a thousand holds a rare word."""
    chance = random.Random(2025)
    made = []
    for number in range(count):
        place, trade = chance.choice(PLACES), chance.choice(FIELDS)
        name = (
            f"{place}{chance.choice('宏远新华东方海天博润')}{number}{trade}{chance.choice(FORMS)}"
        )
        text = "，".join(
            f"招聘{chance.choice(JOBS)}，地点{chance.choice(PLACES)}" for _ in range(8)
        )
        rare = "稀见品种" if number % 1000 == 0 else ""
        made.append((name, f"{text}。engineer {number % 5000} {rare}"))
    return made


def seconds(act: Callable[[], Any]) -> float:
    """The median of some runs, after one to warm up."""
    act()
    times = []
    for _ in range(REPEATS):
        started = time.perf_counter()
        act()
        times.append(time.perf_counter() - started)
    return statistics.median(times)


def measure(count: int) -> None:
    from django.db import connection  # noqa: PLC0415  after django.setup

    from silian.kernel.search import words  # noqa: PLC0415
    from silian.kernel.search.models import Document  # noqa: PLC0415

    texts = generate(count)
    started = time.perf_counter()
    rows = [
        ("bench", n, "", name, "", text, f"/{n}/", words.vector(name, text))
        for n, (name, text) in enumerate(texts)
    ]
    cut = time.perf_counter() - started
    columns = "kind, object, consortium, title_zh, title_en, body, url, tokens"
    with connection.cursor() as cursor:
        started = time.perf_counter()
        with cursor.copy(f"COPY search_document ({columns}) FROM STDIN") as copy:
            for row in rows:
                copy.write_row(row)
        cursor.execute("ANALYZE search_document")
        stored = time.perf_counter() - started
    print(f"{count} documents: cut into words in {cut:.1f} s, stored and indexed in {stored:.1f} s")
    print(f"{'query':<22}{'hits':>8}{'ILIKE':>12}{'index':>12}{'ratio':>9}")
    ratios = [compare(Document, words.query, asked) for asked in QUERIES]
    print(f"median: the index is {statistics.median(ratios):.1f} times as fast as ILIKE")


def compare(document: Any, query: Callable[[str], str], asked: str) -> float:
    """Count and best twenty, once by ILIKE on every word and once by the index."""
    from django.contrib.postgres.search import SearchRank  # noqa: PLC0415
    from django.db.models import F, Q  # noqa: PLC0415

    from silian.kernel.search.services import Lexemes  # noqa: PLC0415

    plain = document.objects.filter(kind="bench")
    for word in asked.split():
        plain = plain.filter(Q(title_zh__icontains=word) | Q(body__icontains=word))
    found = document.objects.filter(kind="bench", tokens=Lexemes(query(asked)))
    rank = SearchRank(F("tokens"), Lexemes(query(asked)))
    ranked = found.annotate(rank=rank).order_by("-rank", "pk").values_list("pk", "rank")
    slow = seconds(lambda: (plain.count(), list(plain.order_by("pk").values_list("pk")[:20])))
    fast = seconds(lambda: (found.count(), list(ranked[:20])))
    hits = found.count()
    print(f"{asked:<22}{hits:>8}{slow * 1000:>9.1f} ms{fast * 1000:>9.1f} ms{slow / fast:>9.1f}")
    return slow / fast


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--documents", type=int, default=100_000)
    options = parser.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "silian.config.settings")
    ensure_database()
    import django  # noqa: PLC0415

    django.setup()
    from django.core.management import call_command  # noqa: PLC0415
    from django.db import transaction  # noqa: PLC0415

    call_command("migrate", verbosity=0)
    with transaction.atomic():
        measure(options.documents)
        transaction.set_rollback(True)


if __name__ == "__main__":
    main()
