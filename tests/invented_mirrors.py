"""Mirrors of invented news, each with habits of its own: what it adds to a story, where, in which language and layout.

`build(habits, pages)` gives pages with the truth about each. The stories are invented words, so that nothing recurs but
what a habit repeats, a wire story that is carried twice, a sentence two papers quote, or a market's daily report.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone

from invented_layouts import breaks, paragraphs, table
from invented_words import headline, sentence


@dataclass
class Story:
    """An article as its publisher wrote it."""

    title: str
    body: list[str]
    source: str
    when: datetime


@dataclass
class Habits:
    """What one mirror does to a story."""

    name: str
    language: str
    layouts: Sequence[Callable[[Habits, Story, list[str], int], str]]
    sources: Sequence[str] = ()
    head: str = ""
    tail: Sequence[str] = ()
    inside_last: str = ""
    inside_first: str = ""
    adverts: Sequence[str] = ()
    related: str = ""
    title_again: bool = False
    shown: str = "%Y-%m-%d %H:%M"
    offset: float = 0
    site: str = "Mirror"
    unsourced: float = 0.0
    """Share of the pages on which the mirror names no source, its line left out."""


@dataclass
class MirrorPage:
    """A page of a mirror, and what is true of it."""

    url: str
    html: str
    story: Story
    source: str | None
    lastmod: str
    lines: list[str]
    """The text and what the mirror put before, between and after it, as printed."""
    related: str
    """Heading of the list of other stories below, or nothing."""

    @property
    def dated(self) -> bool:
        """Whether the page prints when the story was published."""
        return self.lines[0] != self.story.body[0]


def tell(rng: random.Random, habits: Habits) -> Story:
    """Return a new story."""
    paragraphs = [" ".join(sentence(rng, habits.language) for _ in range(rng.randint(1, 4))) for _ in range(rng.randint(3, 9))]
    when = datetime(2024, 2, 20, tzinfo=UTC) + timedelta(minutes=rng.randrange(60 * 24 * 60))
    return Story(headline(rng, habits.language), paragraphs, rng.choice(habits.sources or [""]), when)


def build(habits: Habits, pages: int, seed: int = 7) -> list[MirrorPage]:
    """Return `pages` pages: one story in six is carried twice, a market report every fifth day, a quotation on two."""
    rng = random.Random(f"{habits.name} {seed}")
    stories: list[Story] = []
    market = [sentence(rng, habits.language, 20) for _ in range(3)]
    quoted = sentence(rng, habits.language)
    for number in range(pages):
        story = tell(rng, habits)
        if number % 6 == 5:
            again = stories[-1]
            story = Story(again.title, [*again.body[:-1], sentence(rng, habits.language)], again.source, story.when)
        elif number % 5 == 3:
            figures = " ".join(f"{rng.randint(1000, 9999)}.{rng.randint(10, 99)}" for _ in range(3))
            story.body = [
                f"{market[0]} {figures}",
                market[1],
                sentence(rng, habits.language),
                f"{market[2][:-1]} {rng.randint(10, 99)}%",
            ]
        elif number in (1, 2):
            story.body.insert(1, quoted)
        stories.append(story)
    return [_page(rng, habits, story, stories, number) for number, story in enumerate(stories)]


def _page(rng: random.Random, habits: Habits, story: Story, stories: list[Story], number: int) -> MirrorPage:
    source = None if not habits.sources or rng.random() < habits.unsourced else story.source
    local = story.when.astimezone(timezone(timedelta(hours=habits.offset)))
    words = {"source": source or "", "time": local.strftime(habits.shown), "title": story.title, "n": str(rng.randint(3, 9000))}

    def said(text: str) -> str:
        return "" if "{source}" in text and source is None else text.format(**words)

    lines = list(story.body)
    lines[-1] += said(habits.inside_last)
    lines[0] = said(habits.inside_first) + lines[0]
    own = len(lines)
    if habits.adverts:
        lines.insert(rng.randrange(1, own) if own > 1 else own, rng.choice(habits.adverts))
    block = [line for line in (said(habits.head), *lines, *map(said, habits.tail)) if line]
    if habits.title_again:
        block.append(story.title)
    others = [f'<li><a href="/x/{at}.html">{stories[at].title}</a></li>' for at in rng.sample(range(len(stories)), 4)]
    html = habits.layouts[number % len(habits.layouts)](habits, story, block, number)
    if habits.related:
        html = html.replace("<!--related-->", f"<p>{habits.related}</p><ul>{''.join(others)}</ul>")
    path = f"/{local:%Y%m}/{number:05}.html"
    return MirrorPage(
        f"https://{habits.name}.example{path}",
        html,
        story,
        source,
        story.when.strftime("%Y-%m-%dT%H:%M:%SZ"),
        block,
        habits.related,
    )


MIRRORS = [
    Habits(
        "head-line",
        "zh",
        [paragraphs],
        ["海岸日报", "江湾新闻网", "北岭晚报", "星河财经"],
        head="发布时间：{time}　来源：{source}　浏览次数：{n}",
        tail=["【打印】 【关闭】", "郑重提示：内容由网友转来，与站方立场无涉，看官自辨。"],
        adverts=["》》》扫一扫，天天领红包"],
        related="大家都在看",
        shown="%Y年%m月%d日 %H:%M",
        offset=8,
        site="转贴坊",
    ),
    Habits(
        "break-lines",
        "en",
        [breaks],
        ["Harbour Post", "The Dale Courier", "Northwire", "Isle Herald"],
        head="Filed {time} | read {n} times",
        tail=["Brought to you via {source}", "Text shown as received; rights stay where they were."],
        shown="%d/%m/%Y %H:%M",
        offset=5.5,
        site="Relay Board",
        unsourced=0.2,
    ),
    Habits(
        "inside-last",
        "ja",
        [paragraphs],
        ["海辺新聞", "山風新聞", "みなと日報"],
        head="{time} 掲載",
        inside_last="※この文は{source}の提供によるものです。転用の際はご一報を。",
        shown="%Y/%m/%d %H:%M",
        offset=9,
        site="まわし読み",
    ),
    Habits(
        "two-layouts",
        "ko",
        [paragraphs, table],
        ["바다일보", "산들신문", "강변경제"],
        head="{time} 올림",
        tail=["글 제공 ▶ {source}", "이 글의 생각은 모음터와 같지 않을 수 있습니다", "조회 {n}"],
        offset=9,
        site="모음터",
    ),
    Habits(
        "varying-middle",
        "de",
        [paragraphs],
        ["Küsten Zeitung", "Tal Kurier", "Nord Nachrichten", "Insel Zeitung"],
        head="Zuerst erschienen bei {source} am {time}",
        tail=["Weitergabe ohne Gewähr, Kürzungen vorbehalten durch den Sammler."],
        adverts=["► Täglich mehr davon im Kanal", "► Der Sammler per Brief", "► Freunde einladen lohnt"],
        shown="%d.%m.%Y, %H:%M",
        offset=1,
        site="Der Sammler",
        title_again=True,
    ),
    Habits(
        "inside-first",
        "ru",
        [breaks],
        ["Береговые вести", "Горный листок"],
        head="{time}",
        inside_first="Пересказ с чужих слов. ",
        tail=["Источник: {source}", "За правду слов отвечает писавший."],
        related="Ещё слова",
        shown="%d.%m.%Y %H:%M",
        offset=3,
        site="Пересказ",
    ),
    Habits(
        "right-to-left",
        "ar",
        [paragraphs],
        ["صحيفة الساحل", "بريد الجبل", "نشرة النهر"],
        head="{time} نشر",
        tail=["المصدر: {source} كما وصل", "الموقع ناقل لا غير"],
        offset=3,
        site="الناقل",
    ),
    Habits("says-nothing", "pt", [paragraphs], site="Cópia"),
]
