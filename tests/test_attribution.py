"""Lines that name the original publisher, and lines that only seem to. All names are invented."""

import pytest

from newscrawler.extraction.attribution import looks_like_media, read_attribution

NAMED = [
    ("来源：江城日报", "江城日报"),
    ("2024年03月27日 22:52　来源:江城日报　编辑:小李", "江城日报"),
    ("来源：江城网-《江城日报》2024-05-20 03:15", "江城网-《江城日报》"),
    ("2024-05-15 08:58:52来源：江城网", "江城网"),
    ("发布日期：2016-11-22 浏览次数： 信息来源：市发改委", "市发改委"),
    ("来源丨江城财经", "江城财经"),
    ("来源 | 江城财经", "江城财经"),
    ("来源 江城财经", "江城财经"),
    ("2024-05-20 来源 江城财经 作者 李四", "江城财经"),
    ("(文章来源:江城财经)", "江城财经"),
    ("（来源：江城社 记者张三）", "江城社"),
    ("作者：李四来源：江城网", "江城网"),
    ("来源：江城证券报记者 李四", "江城证券报"),
    ("2020年07月04日 12:10 来源：江城网参与互动", "江城网"),
    ("来源：The Riverside 作者 李四", "The Riverside"),
    ("转自：江城青年报", "江城青年报"),
    ("本文来源于江城财经新闻", "江城财经新闻"),
    ("稿源：江城财经新闻", "江城财经新闻"),
    ("來源：江城新聞網", "江城新聞網"),
    ("本文来自微信公众号“江城观察”（ID：jiangcheng）", "江城观察"),
    ("来源：微信公众号：江城观察", "江城观察"),
    ("来源：李四/江城青年报", "江城青年报"),
    ("出典：河辺新聞", "河辺新聞"),
    ("출처 : 강변일보", "강변일보"),
    ("Source: The Riverside Herald", "The Riverside Herald"),
    ("(Source: The Riverside Herald)", "The Riverside Herald"),
    ("Source : RPA", "RPA"),
    ("Via: Riverside Wire", "Riverside Wire"),
    ("Originally published by Riverside Wire on 21 Mar 2024, 00:29", "Riverside Wire"),
    ("This article was originally published on The Riverside. Read the original article.", "The Riverside"),
    ("Disclaimer: This article was republished from Riverside Wire. The views expressed are", "Riverside Wire"),
    ("Reprinted with permission from the Journal of Rivers.", "Journal of Rivers"),
    ("Quelle: Flussufer Zeitung, 27. März", "Flussufer Zeitung"),
    ("Quelle: fpa", "fpa"),
    ("Zuerst erschienen in Flussufer Zeitung.", "Flussufer Zeitung"),
    ("Fuente: Diario del Río", "Diario del Río"),
    ("Publicado originalmente en Diario del Río el 3 de mayo", "Diario del Río"),
    ("Fonte: Jornal do Rio", "Jornal do Rio"),
    ("Source : Le Journal du Fleuve", "Le Journal du Fleuve"),
    ("Tratto da: Corriere del Fiume", "Corriere del Fiume"),
    ("Bron: Rivierbode", "Rivierbode"),
    ("Źródło: Gazeta Rzeczna", "Gazeta Rzeczna"),
    ("Источник: Речные новости", "Речные новости"),
    ("Источник: РИА Река", "РИА Река"),
    ("Kaynak: Nehir Haber", "Nehir Haber"),
    ("المصدر: وكالة النهر", "وكالة النهر"),
    ("स्रोत: नदी समाचार", "नदी समाचार"),
    ("ที่มา: ข่าวแม่น้ำ", "ข่าวแม่น้ำ"),
    ("Nguồn: Báo Sông", "Báo Sông"),
    ("Sumber: Kabar Sungai", "Kabar Sungai"),
    ("来源：36江", "36江"),
    ("来源：77江城网", "77江城网"),
    ("来源：“江城发布”客户端", "“江城发布”客户端"),
    ("来源：综合自江城网、江城日报", "江城网、江城日报"),
    ("来源单位：市科技局", "市科技局"),
    ("【来源】江城社", "江城社"),
    ("[출처] 강변일보", "강변일보"),
    ("发表于2024-08-24 21:30| 1164次阅读| 来源RIVER| 0 条评论", "RIVER"),
    ("2024-08-24 21:30 来源江城网", "江城网"),
    ("（来源 江城社）", "江城社"),
    ("(Theo Báo Sông)", "Báo Sông"),
    ("(Quelle fpa)", "fpa"),
    ("Com informações da Agência Rio", "Agência Rio"),
    ("SOURCE Riverside Pumps Inc", "Riverside Pumps Inc"),
    ("Source: U.S. Bureau of Rivers", "U.S. Bureau of Rivers"),
]

NOBODY = [
    "图片来源：江城图片社",
    "（资料来源：江城日报、江城网等）",
    "转载请注明来源：本网",
    "转载请注明出处",
    "完整转载请注明来自江城资讯",
    "来源：网络",
    "来源：原创",
    "来源：互联网",
    "来源：微信公众号",
    "来源：原创作品",
    "来源: | 发布时间: 2018-05-17 | 浏览次数: 2168",
    "来源：作者：李四",
    "本文来自网络,仅供学习参考,版权归原作者所有。",
    "本文来源于网络",
    "收入来源：工资",
    "Photo source: Riverside Pictures",
    "Source: Internet",
    "open source software is good",
    "The source of the river",
    "The deal was sourced: nobody knows how",
    "Originally published in March 2022",
    "originally published on the 21st of June 2017",
    "This text was republished from its archive",
    "via the river",
    "The list of sources (source of the river) is long",
    "Source of the River Reopens",
    "市民提供的水来源江边",
    "Quelle: Internet",
    "",
]


@pytest.mark.parametrize(("line", "name"), NAMED)
def test_named(line: str, name: str) -> None:
    found = read_attribution(line)
    assert found is not None
    assert found.name == name
    assert found.raw in line
    assert found.raw.endswith(name)


@pytest.mark.parametrize("line", NOBODY)
def test_nobody(line: str) -> None:
    assert read_attribution(line) is None


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("江城日报", True), ("江城网", True), ("江城广播电视台", True), ("강변일보", True), ("Riverside News", True),
        ("时政新闻", False), ("国际频道", False), ("李四", False), ("News", False), ("by Riverside News", False),
    ],
)  # fmt: skip
def test_names_of_media_by_their_shape(name: str, expected: bool) -> None:
    assert looks_like_media(name) is expected
