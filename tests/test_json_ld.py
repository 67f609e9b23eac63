"""JSON-LD as pages write it, broken ways included."""

import pytest

from newscrawler.extraction.json_ld import Graph, text_of

ARTICLE = '{"@type": "NewsArticle", "headline": "River rises"'
SCRIPTS = [
    (ARTICLE + "}", "River rises"),
    ("[" + ARTICLE + "}]", "River rises"),
    ('{"@graph": [{"@type": "WebPage"}, ' + ARTICLE + "}]}", "River rises"),
    ('{"@type": "WebPage", "mainEntity": ' + ARTICLE + "}}", "River rises"),
    ("<!-- " + ARTICLE + "} -->", "River rises"),
    ("//<![CDATA[\n" + ARTICLE + "}\n//]]>", "River rises"),
    (ARTICLE + ', "keywords": ["a", "b",],}', "River rises"),
    ('{"@type": "NewsArticle", "headline": "River\nrises"}', "River rises"),
    ("{&quot;@type&quot;: &quot;NewsArticle&quot;, &quot;headline&quot;: &quot;River rises&quot;}", "River rises"),
    ('{"@type": ["BlogPosting", "Thing"], "headline": "River &amp; town"}', "River & town"),
    ('{"@type": "http://schema.org/ReportageNewsArticle", "headline": "River rises"}', "River rises"),
    ('{"@type": "ItemList", "itemListElement": [' + ARTICLE + "}]}", None),
    ('{"@type": "Product", "headline": "Bridge"}', None),
    (ARTICLE, None),
    ("", None),
    ("null", None),
    ("[" * 5000, None),
    ('{"@type": 7, "headline": {}}', None),
]


@pytest.mark.parametrize(("script", "headline"), SCRIPTS)
def test_the_article_s_node(script: str, headline: str | None) -> None:
    assert text_of(Graph([script]).article("https://riverside.example/1").get("headline")) == headline


def test_of_several_articles_the_page_s_own() -> None:
    scripts = [ARTICLE[:-1] + f' {n}", "url": "https://riverside.example/{n}"}}' for n in (1, 2, 3)]
    assert Graph(scripts).article("https://riverside.example/2")["headline"] == "River rises 2"


def test_a_reference_is_followed() -> None:
    graph = Graph(['{"@graph": [{"@type": "NewsArticle", "author": {"@id": "#jane"}}, {"@id": "#jane", "name": "Jane Doe"}]}'])
    assert [thing["name"] for thing in graph.things(graph.article("")["author"])] == ["Jane Doe"]


def test_missing_dates_are_the_web_page_s() -> None:
    graph = Graph(['[{"@type": "WebPage", "datePublished": "2024-03-27"}, ' + ARTICLE + "}]"])
    assert graph.article("")["datePublished"] == "2024-03-27"
