"""Which of a page's titles is its headline. All pages and names are invented."""

import json

import pytest

from newscrawler.extraction import extract
from newscrawler.extraction.declared_titles import without_names, without_rider
from newscrawler.extraction.metadata import read_metadata
from newscrawler.extraction.title import find_title
from newscrawler.extraction.walk import read_page

PRINTED = "River rises by two metres in one night"
SHARED = "Riverside: the river rises two metres"
PARAGRAPH = "The town's old bridge was closed to all but the fire brigade's own cars, and three reservoirs are being emptied."


def declared(kind: str | None = None, headline: str = "", shared: str = "", tag: str = "") -> str:
    graph = json.dumps({"@type": kind, "headline": headline})
    script = f"<script type=application/ld+json>{graph}</script>" if kind else ""
    return f'{script}<meta property=og:title content="{shared}"><title>{tag}</title>'


def title_of(head: str, body: str) -> str | None:
    page = read_page(f"<html><head>{head}</head><body>{body}</body></html>", "https://riverside.example/1")
    found = find_title(page, read_metadata(page))
    return found.value if found else None


@pytest.mark.parametrize(
    ("head", "body", "title"),
    [
        (declared(shared=f"{PRINTED} | Riverside Herald"), f"<h1>{PRINTED}</h1>", PRINTED),
        (declared("NewsArticle", SHARED, SHARED), f"<h1>{PRINTED}</h1>", SHARED),
        (declared("OpinionNewsArticle", SHARED, SHARED), f"<h1>{PRINTED}</h1>", SHARED),
        (declared("BlogPosting", SHARED, SHARED), f"<h1>{PRINTED}</h1>", PRINTED),
        (declared("NewsArticle", PRINTED, SHARED), f"<h1>{PRINTED}</h1>", PRINTED),
        (declared("NewsArticle", SHARED, PRINTED), f"<h1>{PRINTED}</h1>", PRINTED),
        (declared("NewsArticle", "River rises by two metres", "River rises by two metres"), f"<h1>{PRINTED}</h1>", PRINTED),
        (declared(shared=PRINTED), f"<h1><span>Weather</span> <span>{PRINTED}</span></h1>", PRINTED),
        (declared(shared=PRINTED), f"<h1>Weather: {PRINTED}</h1>", PRINTED),
        (declared(shared=PRINTED), f"<h1>{PRINTED} <small>87 comments</small></h1>", PRINTED),
        (declared(shared=PRINTED), f"<h1>The {PRINTED}</h1>", f"The {PRINTED}"),
        (declared("NewsArticle", f"Weather: {PRINTED}", PRINTED), f"<h1><b>Weather</b> {PRINTED}</h1>", PRINTED),
        (declared(tag=f"{PRINTED} | Weather"), f"<h1>{PRINTED} | Weather</h1>", PRINTED),
        (declared(tag=f"Weather | {PRINTED}"), "<p>No heading</p>", PRINTED),
        (declared(tag="River rises - Weather"), f"<h1>River rises quickly</h1><h2>River rises</h2><p>{PARAGRAPH}</p>",
         "River rises quickly"),
        (declared(shared=PRINTED), f"<h1>{PARAGRAPH * 3}</h1><h2>{PRINTED}</h2>", PRINTED),
        (declared("NewsArticle", f": {PRINTED}", "Other words"), f"<h1>{PRINTED}</h1>", PRINTED),
        (declared(tag="-Riverside Herald"), f"<h1>{PRINTED}</h1>", PRINTED),
        (declared(tag="- He never came back"), "<h1>- He never came back</h1>", "- He never came back"),
        ("", "", None),
    ],
)  # fmt: skip
def test_title(head: str, body: str, title: str | None) -> None:
    assert title_of(head, body) == title


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("River rises - Riverside Herald", "River rises"),
        ("Riverside Herald » River rises", "River rises"),
        ("Mayor: «The river rises»", "Mayor: «The river rises»"),
        ("»The river rises« - Riverside Herald", "»The river rises«"),
        (": River rises |", "River rises"),
        ("Ri\u00adver rises", "River rises"),
    ],
)
def test_names_and_loose_ends_are_taken_off(text: str, title: str) -> None:
    assert without_names(text, {"riversideherald"}) == title


@pytest.mark.parametrize(
    ("text", "title"),
    [("River rises | Weather", "River rises"), ("聚焦 | 河水上涨两米", "聚焦 | 河水上涨两米"), ("River rises", "River rises")],
)
def test_riders(text: str, title: str) -> None:
    assert without_rider(text) == title


def test_the_printed_headline_stays_in_evidence_and_out_of_the_body() -> None:
    text = f"<h1>{PRINTED}</h1><p>{PARAGRAPH}</p><p>{PARAGRAPH[::-1]}</p>"
    page = f"<head>{declared('NewsArticle', SHARED, SHARED)}</head><body><article>{text}</article></body>"
    article = extract(page, "https://riverside.example/news/2024/03/27/river")
    assert article is not None
    assert article.title == SHARED
    assert article.evidence["title"] == f"json-ld headline, as meta og:title; h1: {PRINTED}"
    assert PARAGRAPH in article.body
    assert PRINTED not in article.body
