"""Texts written for the tests of copies: two stories, and forms that a desk fills in each day."""

from __future__ import annotations

BRIDGE = """青石镇横跨柳河的老桥周二上午恢复通车，镇里的中学生不必再绕行七公里去上课。
这座建于1962年的石拱桥去年八月被洪水冲垮两孔。
负责修复的工程师林望舒说，
施工队先在下游架起便桥，再把散落在河床里的2400块石料逐一编号，能用的都砌回了原处。“桥还是那座桥，只是骨头里多了钢筋。”他说。
修复一共花了11个月，费用约860万元，其中三成来自镇上居民和外出务工者的捐款。捐款名单刻在桥头的石碑上，最小的一笔是5元。
卖豆腐的周阿婆每天要过桥四次。她说，便桥走起来晃，担子里的豆腐总要碎几块，如今可以放心挑满。桥头的早点铺也重新支起了棚子。
县水利局表示，上游新设的三个水位站已经联网，水位超过警戒线时，镇上的广播会提前四十分钟响起。类似的站点年底前还要再建9个。
镇小学的美术老师把修桥的过程画成了壁画，画在离桥最近的院墙上。孩子们给每块石头都写了名字，有的叫“大力”，有的叫“不怕水”。"""

LIBRARY = """A town library that closed in 2011 reopened on Saturday in the hall of a disused railway station, and by noon
its volunteers had handed out 412 cards. The reading room looks onto platform two, where a signal still drops at ten past six.
Maud Ferris, who kept the keys through the years of closure, said the books had waited in her barn and in nine spare rooms.
"Nobody threw one out," she said. "Some came back with pressed flowers in them, and one with a letter that was never sent."
The county paid 180,000 pounds for the roof and the heating; the shelves were built by apprentices from the boatyard.
Opening hours will be short at first, from ten until four on weekdays, until a second librarian can be found for evenings.
Trains no longer stop here, but the council has asked for a halt on market days, and a decision is due before the spring.
Children at the village school voted to name the corner with the picture books after the stationmaster's one-eyed cat."""

RIVER = """柳河流域的鱼苗增殖放流昨天开始，首批投放的鲢鱼、鳙鱼和中华倒刺鲃共35万尾，由渔政人员用软管顺着坡道缓缓送入水中。
县农业农村局介绍，放流点都设在禁渔河段，岸上装有摄像头，垂钓者误入时会有语音提醒。
渔民老何上岸已有三年，如今受聘做了巡护员。他的木船停在院子里，船舱改成了花坛，种着韭菜和小葱。
专家建议，市民不要自行放生来路不明的龟和鲶鱼，外来物种会吃掉本地鱼卵，好心反而坏事。"""

LINES = (
    "本站讯 记者从有关方面获悉，以下为报道全文，图文来自合作媒体。\n",
    "\n以上内容转载自合作媒体，仅为传播更多消息，不代表本站立场，如有异议请来信告知，我们会尽快处理。",
)


def market(day: int, index: float, turnover: int, leader: str) -> str:
    return (
        f"12月{day}日，山城股市小幅波动，截至收盘，山城综合指数报{index}点，成交额{turnover}亿元，较上一交易日有所变化。"
        f"盘面上，{leader}板块走势较强，其余板块涨跌互现。北向资金净流入{turnover % 37}.{day}亿元，上涨个股{turnover % 977}只。"
        "分析人士认为，短期市场仍以震荡为主，投资者应当控制仓位，关注业绩确定性较强的公司，并留意海外市场的影响。"
    )


def quake(time: str, place: str, north: float, east: float, size: float, depth: int) -> str:
    return (
        f"The service recorded an earthquake of magnitude {size} at {time} local time {place}. The epicentre was "
        f"at {north} degrees north and {east} degrees east, at a depth of {depth} kilometres. There were no reports of "
        "injuries or damage. The service asks residents who felt the shaking to fill in the form on its website, which helps "
        "to map the effects of each event. Aftershocks are possible during the next days and should be expected by the public."
    )


def match(home: str, away: str, town: str) -> str:
    return (
        f"{home} hosted {away} on a wet evening in {town}, and the crowd sang until the end. The visitors from the "
        f"far side of the valley started well, but {home} grew into the game and deserved to win. Coaches of {away} praised "
        f"the young goalkeeper and said that the long bus ride was no excuse. In {town} the baker had painted a loaf in the "
        f"colours of {home}, and the mayor ate it on the steps of the hall, as she had promised to the "
        f"captain of {away} before the "
        "season."
    )


def appointment(place: str, day: str, name: str) -> str:
    return (
        f"{place}の市立病院は{day}、次の院長に{name}氏が就任すると発表した。市の担当者は「地域の医療を支えてきた経験を生かし、"
        f"職員の力を引き出してほしい」と期待を寄せた。{name}氏は記者会見で「患者と職員の声に耳を傾け、安心して暮らせる町づくりに"
        "貢献したい」と抱負を語った。病院は建物の老朽化や医師の不足といった課題を抱えており、新しい体制で改革を進める。"
    )


def buyback(company: str, day: str, shares: int, price: float) -> str:
    return (
        f"{company} said on {day} that its board had approved a plan to buy back up to {shares} million shares at no more "
        f"than {price} dollars each over the next twelve months. The programme will be paid for out of cash on hand. The "
        f"company does not expect the repurchase to affect its operations or its listing. {company} said that the timing and "
        "amount of any purchases will depend on market conditions and that the programme may be suspended at any time "
        "without notice. Forward-looking statements involve risks, and actual results may differ materially from them."
    )


def rules(heading: str, minute: int, page: int) -> str:
    """Return a page whose beginning stands once more before the date, as a standfirst."""
    body = (
        f"{heading}Wardens close the lower sluice when the river stands above the third mark, and ring the hall (0049 12 557) "
        "to say so. Boats that are moored below the mill must then be taken to the basin, where berths are kept free for them "
        "until the water falls. Children may watch from the upper bridge only, and dogs stay on a lead until the bell has been "
        f"rung twice by the miller's boy. {heading}Whoever is in doubt asks the warden on duty first."
    )
    return f"Rules for the weir\n{body[:95]}\nPosted on 2026/3/2 at 10:{minute}\n{body}\nSource: page {page}"
