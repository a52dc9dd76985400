"""Names, codes and numbers that are plainly invented, the same ones for the same seed."""

from collections.abc import Iterator
from copy import copy
from datetime import date, timedelta
from itertools import count
from random import Random

from stdnum.cn import ric

from silian.kernel.codes.checks import credit_check_character

SURNAMES = "林周陈沈许何吕施严华金魏陶姜戚谢邹喻柏水窦章云苏潘葛奚范彭郎鲁韦昌马苗凤花方俞任袁柳"
# Solar terms and weather: nobody is likely to take these people for real ones.
GIVEN = """立春 雨水 惊蛰 春分 清明 谷雨 立夏 小满 芒种 夏至 小暑 大暑
立秋 处暑 白露 秋分 寒露 霜降 立冬
小雪 大雪 冬至 小寒 大寒 晴川 听雨 远山 流云 朝露 晚晴 星野 长风
青禾 知秋 望舒 惊鸿 栖梧 南枝 北辰 东篱""".split()
BRANDS = """启明 长庚 扶摇 青禾 澄泓 景和 云帆 恒岳 瑞川 鼎新 博远 华光 天衡 凌云
朗润 同川 至诚 海若 元启 伯乐
明湖 百脉 墨泉 龙盘 清照 漱玉 锦屏 南屏 东瓯 九龄""".split()
SUFFIX = {
    "enterprise": "{word}有限公司",
    "hospital": "{place}{brand}医院",
    "institute": "{place}{brand}{word}研究院",
    "association": "{place}{word}行业协会",
    "secondary": "{place}{brand}中等职业学校",
}
SUFFIX_EN = {
    "enterprise": "Demo enterprise {number}",
    "hospital": "Demo hospital {number}",
    "institute": "Demo research institute {number}",
    "association": "Demo industry association {number}",
    "secondary": "Demo secondary vocational school {number}",
}
SCALES = ["large", "medium", "small", "small", "micro"]
STAFF = {"large": 1200, "medium": 420, "small": 90, "micro": 12}


class Inventor:
    """Draws without repeating itself where a repetition would clash."""

    def __init__(self, seed: int) -> None:
        self.seed = seed
        self.random = Random(seed)  # noqa: S311  a demo, not a secret
        self.names = self._people()
        self.taken: set[str] = set()
        self.serials = count(1)
        self.people = count(1)

    def apart(self, story: str) -> "Inventor":
        """One with dice of its own for ``story``: what other stories draw does not change it.

        What must not be repeated is still not repeated between the two.
        """
        other = copy(self)
        other.random = Random(f"{self.seed} {story}")  # noqa: S311
        return other

    def _people(self) -> Iterator[str]:
        every = [surname + given for given in GIVEN for surname in SURNAMES]
        while True:
            self.random.shuffle(every)
            yield from every

    def person(self) -> str:
        return next(self.names)

    def organisation(self, kind: str, place: str, words: list[str]) -> tuple[str, str]:
        """A Chinese and an English name that no organisation has yet."""
        while True:
            brand, word = self.random.choice(BRANDS), self.random.choice(words)
            pattern = SUFFIX[kind] if kind != "enterprise" else "{place}{brand}" + SUFFIX[kind]
            name = pattern.format(place=place, brand=brand, word=word)
            if name not in self.taken:
                self.taken.add(name)
                return name, SUFFIX_EN[kind].format(number=next(self.serials))

    def credit_code(self, first: str, region: str) -> str:
        """A well-formed unified social credit code that nobody holds."""
        body = "".join(self.random.choices("0123456789ABCDEFGHJKLMNPQRTUWXY", k=9))
        first17 = first + region + body
        return first17 + credit_check_character(first17)

    def identity_number(self, year: int) -> str:
        """An identity number of somebody born in ``year`` that nobody holds: its check character is
        right, but no place has the number 000000.
        """
        number = next(self.people)
        born = date(year, 1, 1) + timedelta(days=number * 37 % 365)
        first17 = f"000000{born:%Y%m%d}{number % 1000:03}"
        return first17 + str(ric.calc_check_digit(first17 + "0"))

    def mobile(self) -> str:
        return "199" + "".join(self.random.choices("0123456789", k=8))
