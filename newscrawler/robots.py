"""robots.txt as rules for one agent.

In: the file's bytes. Out: Rules: what may be fetched, how often, where the sitemaps are, which AI agents are turned away.
Must not know: Scrapy, how the file was fetched.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import urljoin

from protego import Protego

RULES_LIMIT = 500 * 1024
"""Bytes that rules are read from; RFC 9309 2.5 asks for at least this. Sitemap lines count wherever they stand."""

SITEMAPS_LIMIT = 10_000
"""Sitemap lines kept; the largest real files name a few thousand."""

LONGEST_DELAY = 3600.0
"""Seconds; a longer crawl-delay is read as this, as for a site's own `delay`."""

AI_AGENTS = (
    "AI2Bot", "Amazonbot", "anthropic-ai", "Applebot-Extended", "Bytespider", "CCBot", "ChatGPT-User", "Claude-Web",
    "ClaudeBot", "cohere-ai", "cohere-training-data-crawler", "Diffbot", "FacebookBot", "Google-CloudVertexBot",
    "Google-Extended", "GPTBot", "ImagesiftBot", "Meta-ExternalAgent", "Meta-ExternalFetcher", "MistralAI-User",
    "OAI-SearchBot", "omgili", "omgilibot", "PanguBot", "Perplexity-User", "PerplexityBot", "PetalBot", "Timpibot",
    "Webzio-Extended", "YouBot",
)  # fmt: skip
"""Agents that gather text for models, by the names their operators publish."""

SITEMAP = re.compile(rb"(?:\A|[\r\n])(?:\xef\xbb\xbf)?[ \t]*site-?map[ \t]*:[ \t]*([^\s#]+)", re.I)
USER_AGENT = re.compile(r"^[ \t]*user-?agent[ \t]*:[ \t]*([^#\r\n]*)", re.I | re.M)
SIGNAL = re.compile(r"^[ \t]*content-signal[ \t]*:([^#\r\n]*)", re.I | re.M)
"""Source: https://contentsignals.org (search=yes, ai-train=no)."""


@dataclass(frozen=True, slots=True)
class Rules:
    """What a host's robots.txt says to our agent."""

    agent: str
    sitemaps: tuple[str, ...] = ()
    crawl_delay: float | None = None
    """Seconds between requests."""
    request_rate: float | None = None
    """The same from Request-rate: its seconds over its requests."""
    opt_outs: tuple[str, ...] = ()
    """AI agents named in the file and kept from the front page, and content signals that say no (ai-train=no)."""
    unavailable: str | None = None
    """Why the file cannot be had, e.g. http_503; nothing may be fetched meanwhile."""
    parsed: Protego = field(default_factory=Protego, repr=False)

    @property
    def floor(self) -> float:
        """Seconds that must lie between two requests."""
        return max(self.crawl_delay or 0.0, self.request_rate or 0.0)

    def can_fetch(self, url: str) -> bool:
        """True if `url` may be fetched."""
        return self.unavailable is None and self.parsed.can_fetch(url, self.agent)


def parse_rules(body: bytes, agent: str, url: str) -> Rules:
    """Return the rules of the file at `url` for `agent`, a product token or a whole User-Agent header.

    Any bytes do: what is no rule is passed over.
    """
    text = body[:RULES_LIMIT].decode("utf-8-sig", "ignore")
    named = {name.strip().lower() for name in USER_AGENT.findall(text)}
    parsed = Protego.parse(USER_AGENT.sub(lambda line: line[0] if concerns(line[1], agent) else "User-agent: -", text))
    rate = parsed.request_rate(agent)
    return Rules(
        agent=agent,
        sitemaps=tuple(dict.fromkeys(sitemaps_of(body, url))),
        crawl_delay=bounded(parsed.crawl_delay(agent)),
        request_rate=bounded(rate.seconds / rate.requests if rate else None),
        opt_outs=(*refused_agents(parsed, named), *signals_of(text)),
        parsed=parsed,
    )


def concerns(name: str, agent: str) -> bool:
    """True if the group of user agent `name` is asked about. The others are read as one, or a file could grow in memory
    by its number of agents times its number of rules."""
    name = name.strip().lower()
    return "*" in name or name in agent.lower() or name in LOWER_AI_AGENTS


LOWER_AI_AGENTS = frozenset(name.lower() for name in AI_AGENTS)


def sitemaps_of(body: bytes, url: str) -> Iterator[str]:
    for count, line in enumerate(SITEMAP.finditer(body)):
        if count == SITEMAPS_LIMIT:
            return
        try:
            yield urljoin(url, line[1].decode("utf-8", "ignore"))
        except ValueError:
            continue


def refused_agents(parsed: Protego, named: set[str]) -> Iterator[str]:
    return (name for name in AI_AGENTS if name.lower() in named and not parsed.can_fetch("/", name))


def signals_of(text: str) -> Iterator[str]:
    signals = (signal.strip().lower() for line in SIGNAL.findall(text) for signal in line.split(","))
    return (signal for signal in dict.fromkeys(signals) if signal.endswith("=no"))


def bounded(delay: float | None) -> float | None:
    return None if delay is None else min(delay, LONGEST_DELAY)
