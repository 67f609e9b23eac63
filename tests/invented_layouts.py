"""Layouts of the invented mirrors: a story and the lines around it to HTML."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from invented_mirrors import Habits, Story

MENU = "".join(f'<li><a href="/{name}/">{name}</a></li>' for name in ("home", "world", "money", "sport", "contact"))


def paragraphs(habits: Habits, story: Story, block: list[str], number: int) -> str:
    """Every line a paragraph of one element."""
    text = "".join(f"<p>{line}</p>" for line in block)
    return frame(
        habits,
        story,
        f'<article class="post post-{number}"><h1>{story.title}</h1><div class="text">{text}<!--related--></div></article>',
    )


def breaks(habits: Habits, story: Story, block: list[str], number: int) -> str:
    """Lines divided by <br> in one element."""
    text = "<br/><br/>".join("\u3000\u3000" + line if habits.language in ("zh", "ja") else line for line in block)
    return frame(
        habits, story, f'<div id="main"><h2 class="tit">{story.title}</h2><div class="con">{text}</div><!--related--></div>'
    )


def table(habits: Habits, story: Story, block: list[str], number: int) -> str:
    """An old layout: everything in tables."""
    text = "".join(f"<p>{line}</p>" for line in block)
    return frame(
        habits,
        story,
        f'<table class="old"><tr><td class="side">{MENU}</td><td><font size="5">{story.title}</font></td></tr>'
        f'<tr><td colspan="2" class="cont">{text}<!--related--></td></tr></table>',
    )


def frame(habits: Habits, story: Story, main: str) -> str:
    """The page around it."""
    return (
        f'<!DOCTYPE html><html lang="{habits.language}"><head><title>{story.title} - {habits.site}</title></head>'
        f'<body><header><a class="logo" href="/">{habits.site}</a><ul class="menu">{MENU}</ul></header><main>{main}</main>'
        f"<footer><p>{habits.site}</p><p>© 2024</p></footer></body></html>"
    )
