"""Finds in a text words that may be missing from a vocabulary of skills, by the patterns of duties
and course standards: 熟悉X、Y和Z, 掌握X的操作, 能使用X, 具备X能力, and the titles of units.

A proposal quotes the text and is no more than a proposal: people decide.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from silian.engines.extracting import Dictionary, fold, folded


def any_of(words: str) -> str:
    """An alternative of the words of a text; longer ones are tried first."""
    return "(?:" + "|".join(sorted(words.split(), key=len, reverse=True)) + ")"


MASTERING = """熟练掌握 熟练使用 熟练操作 熟练运用 熟练进行 熟练完成 独立完成 熟悉 熟知 掌握
    了解 理解 精通 学会 懂得 擅长 通晓 认识 会使用 会操作 会用 会编写 使用 操作 运用"""
DOING = """使用 操作 运用 完成 做 分析 调试 识别 标定 读懂 配制 编写 配置 实现 训练 选用 安装
    搭建 绘制 计算 设计 描述 用"""
HAVING = "具备 具有 培养 养成 树立 形成 有 持"  # a trait or a certificate follows
LISTED = re.compile(
    f"(?P<verb>{any_of(MASTERING)}|能够?(?:正确|规范|独立|熟练)?{any_of(DOING)}|{any_of(HAVING)}"
    r"|(?<![社机学协工委])会(?![议计员展场务]))(?P<body>[^，,。；;！!？?\n：:]+)"
)
PREFERRED = re.compile(
    r"(?:^|[，,。；;、])(?:具?有)?(?P<body>[^，,。；;、有熟会持]+?)(?:工作|相关)?"
    r"(?:经验|基础)者?(?:优先|更佳|[一二两三四五\d]年以上)"
)
HEADING = re.compile(
    r"^\s*(?:(?:项目|任务|模块|单元|第|实训|学习情境)\s*[一二三四五六七八九十0-9]+\s*[章节讲]?)?"
    r"[\s:：、.]*(?P<body>[^，,。；;\n：:]+)"
)
SEPARATOR = re.compile(r"、|/|以及|及其|或者|[和与及或](?![谐气])")
LEAD = re.compile(
    r"^(?:(?:一定|良好|较强|较好|扎实|基本|常用|常见|主流|相关|所需|典型|专业|必要|简单|主要)的?|"
    r"相应的?|[一二两三]年以上|\d+年以上|本?企业|"
    + any_of("""各类 各种 至少一种 一种 一门 多种 现代 公司 现场 国家 行业 正确 规范 熟练 独立
    不同 其他 并 应用 使用 操作 运用 掌握 熟悉 了解 过 岗位 本岗位""")
    + ")+"
)
TAIL = re.compile(
    r"(?:等.*|证书?优先|者优先.*|优先.*|的?(?:基本|基础|相关|一般|常规)?"
    + any_of("""操作方法 使用方法 方法 知识 原理 理论 流程 要求 技能 要点 特点 工作经验
    实践经验 经验 软件 语言 者 工作 内容 步骤 规律 规范要求 应用 概念 组成 作用 分类 制度 规则
    规程 标准 策略 进展 技术进展 参数 常识 做法 一般思路""")
    + ")+$"
)
CUT = re.compile(
    r"分析(?=.{2})|识别(?=.)|处理(?=..[^理]?)(?!工)|开发(?=..)|检测(?=.{2})|对(?!焊)|[，(（]|"
    + any_of("""搭建 读取 监控 生成 收集 画 进行 完成 开展 来 用于 从事 实现 解决 排查 测量
    绘制 编写 编制 并""")
)
GENERIC = re.compile(
    "^"
    + any_of("""使用 操作 维护 保养 调试 选用 配置 安装 检测 检验 计算 应用 分类 组成 结构
    功能 作用 用途 编制 制作 制备 设计 测量 管理 性能 结构与原理 拆装 控制 去除 来源 生产 填写
    处理 编程 牌号 搭建 运行 主要 方案 处理方案 填写规范 阶段划分 安装调试 选择 修整""")
    + "$"
)
TRAIT = re.compile(
    "(?:执行|领导|亲和|洞察)力$|.."
    + any_of("能力 意识 精神 素养 资格 资格证 证 证书 思维 习惯 态度")
    + "$"
)
TRAITS = {*HAVING.split(), "要求"}
STOP = set(
    """要求 工作 流程 业务 设备 产品 工艺 技术 方法 知识 能力 经验 标准 规范 资料 问题 文件
    仪器 工具 软件 系统 材料 人员 生产 质量 安全 现场 图纸 电脑 计算机 理论 实践 专业 岗位
    项目 过程 管理 制度 规程 仪表 数据 操作 使用 维护 概念 原理 结构 产品知识 工作经验
    相关经验 生产工艺 专业知识 相关知识 实际 学习能力 工作能力 执行能力 上进心 耐心""".split()
)
COUNTER = re.compile(r"^(?:项目|任务|模块|单元|学习情境)[一二三四五六七八九十\d]*$")
NAME = re.compile(r"^[\w+#.\-－·（）()一-鿿 ]+$")
HAN, LATIN = re.compile(r"[一-鿿]"), re.compile(r"[A-Za-z]{2,}")
CLAUSE_WORDS = re.compile(
    r"其(?!他)|能(?![力量源耗效])|为(?=.)|时$|"
    + any_of("不 我 你 他们 可以 应当 需要 必须 能够 是 在 将 把 被 由 按 根据 通过 者")
)


@dataclass(frozen=True)
class Proposal:
    """A word that may be a skill: ``quote`` is ``text[start:end]``."""

    start: int
    end: int
    quote: str
    rule: str  # "listed", "trait", "preferred" or "heading"


def proposals(text: str, dictionary: Dictionary, *, heading: bool = False) -> list[Proposal]:
    """What ``text`` seems to name as a skill and the vocabulary lacks."""
    known = _known(text, dictionary)
    found: dict[str, Proposal] = {}
    for start, end, rule in _candidates(text, heading):
        word = text[start:end]
        covered = sum(known[start:end])
        if covered * 2 < len(word) and _is_word(word):
            found.setdefault(fold(word), Proposal(start, end, word, rule))
    return sorted(found.values(), key=lambda one: one.start)


def _known(text: str, dictionary: Dictionary) -> bytearray:
    """For each letter whether it belongs to a word of the vocabulary."""
    plain, known = folded(text), bytearray(len(text))
    for start, end, _key in dictionary.matches(plain.text):
        begin, stop = plain.span(start, end)
        known[begin:stop] = b"\x01" * (stop - begin)
    return known


def _candidates(text: str, heading: bool) -> Iterator[tuple[int, int, str]]:
    if heading:
        match = HEADING.match(text)
        for start, end in _items(text, *match.span("body")) if match else ():
            yield start, end, "heading"
        return
    for match in PREFERRED.finditer(text):
        for start, end in _items(text, *match.span("body")):
            yield start, end, "preferred"
    at = 0
    while match := LISTED.search(text, at):
        at = match.start("body")
        trait = match["verb"] in TRAITS
        if text[: match.start()].endswith(("不", "无需", "没", "不要求")):
            continue
        for start, end in _items(text, *match.span("body"), trait=trait):
            if not trait:
                yield start, end, "listed"
            elif TRAIT.search(text[start:end]):
                yield start, end, "trait"


def _items(text: str, start: int, end: int, *, trait: bool = False) -> Iterator[tuple[int, int]]:
    """The bounds of each item of a list, without what stands around its name."""
    at = start
    for mark in [*SEPARATOR.finditer(text, start, end), None]:
        stop = mark.start() if mark else end
        yield from _trimmed(text, at, stop, trait=trait)
        at = mark.end() if mark else end


def _trimmed(text: str, start: int, end: int, *, trait: bool) -> Iterator[tuple[int, int]]:
    start = _skip(text, start, end)
    if cut := CUT.search(text, start + 1, end):
        end = cut.start()
    if not trait and (tail := TAIL.search(text[start:end])):
        end = start + tail.start()
    if (of := text.rfind("的", start, end)) > start:
        start, end = (start, of) if GENERIC.match(text[of + 1 : end]) else (of + 1, end)
    start = _skip(text, start, end)
    if start < end:
        yield start, end


def _skip(text: str, start: int, end: int) -> int:
    while start < end and text[start].isspace():
        start += 1
    lead = LEAD.match(text[start:end])
    return start + lead.end() if lead and start + lead.end() < end else start


def _is_word(word: str) -> bool:
    if (
        not 2 <= len(word) <= 14
        or word in STOP
        or GENERIC.match(word)
        or COUNTER.match(word)
        or not NAME.match(word)
    ):
        return False
    return bool(HAN.search(word) or LATIN.search(word)) and not CLAUSE_WORDS.search(word)
