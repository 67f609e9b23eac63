"""Nobody is let in: no request, redirect or name leads to an address that is neither public nor allowed.

In: every request, and every address a name resolves to. Out: the same, or Refused("address", REASON), counted as
guard/refused/REASON. What the resolver lets through is what the connection is made to: nothing can change in between.
Must not know: sites; the spider says which networks a site's host may be in, by AddressGuard.allow.

Settings: TWISTED_DNS_RESOLVER = "newscrawler.middlewares.guard.GuardedResolver", and NEWSCRAWLER_ALLOW_NETWORKS, a list of
CIDR that any host may be in (empty by default). A proxy resolves names by itself: behind one, it must hold this line.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from ipaddress import ip_address
from typing import Any

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.exceptions import CannotResolveHostError
from scrapy.resolver import CachingHostnameResolver
from scrapy.utils.httpobj import urlparse_cached
from scrapy.utils.misc import load_object
from twisted.internet.base import ReactorBase
from twisted.internet.interfaces import IAddress, IHostResolution, IResolutionReceiver
from zope.interface import implementer

from newscrawler.addresses import Network, Refusal, check_address, check_url, networks_of
from newscrawler.middlewares.answers import Refused


@implementer(IResolutionReceiver)
class GuardedReceiver:
    """Passes on the addresses that may be connected to and reports the others."""

    def __init__(self, receiver: Any, allowed: tuple[Network, ...], report: Callable[[Refusal], None]) -> None:
        self.resolutionBegan = receiver.resolutionBegan
        self.resolutionComplete = receiver.resolutionComplete
        self._pass_on = receiver.addressResolved
        self._allowed = allowed
        self._report = report

    def addressResolved(self, address: Any) -> None:
        reason = check_address(ip_address(address.host), self._allowed)
        if reason:
            self._report(reason)
        else:
            self._pass_on(address)


class GuardedResolver(CachingHostnameResolver):
    """Scrapy's resolver for IPv4 and IPv6, less the addresses that must not be spoken to."""

    def __init__(self, reactor: ReactorBase, cache_size: int) -> None:
        super().__init__(reactor, cache_size)
        self.allowed: dict[str, tuple[Network, ...]] = {}
        """Host -> networks it may be in although they are not public."""
        self.refused: dict[str, Refusal] = {}
        """Host -> why one of its addresses was left out, at its last resolution."""

    def resolveHostName(
        self,
        resolutionReceiver: IResolutionReceiver,
        hostName: str,
        portNumber: int = 0,
        addressTypes: Sequence[type[IAddress]] | None = None,
        transportSemantics: str = "TCP",
    ) -> IHostResolution:
        host = ascii_name(hostName)
        self.refused.pop(host, None)
        receiver: Any = GuardedReceiver(
            resolutionReceiver, self.allowed.get(host, ()), lambda reason: self.refused.update({host: reason})
        )
        return super().resolveHostName(receiver, hostName, portNumber, addressTypes, transportSemantics)


def ascii_name(host: str) -> str:
    """Return `host` as it stands in a URL: Twisted hands international names to the resolver in Unicode."""
    try:
        return host.encode("idna").decode("ascii").lower()
    except UnicodeError:
        return host.lower()


class AddressGuard:
    """Refuses what a request's text shows already, and names the resolver's refusals."""

    def __init__(self, crawler: Crawler) -> None:
        resolver = crawler.settings["TWISTED_DNS_RESOLVER"]
        if not issubclass(load_object(resolver), GuardedResolver):
            raise ValueError(f"TWISTED_DNS_RESOLVER: {resolver} lets any address through; use {__name__}.GuardedResolver")
        self._crawler = crawler
        self._everywhere = networks_of(crawler.settings.getlist("NEWSCRAWLER_ALLOW_NETWORKS"))
        self._allowed: dict[str, tuple[Network, ...]] = {}

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> AddressGuard:
        return cls(crawler)

    def allow(self, host: str, networks: Iterable[str]) -> None:
        """Let `host`, and no other, be in `networks` (CIDR). Raises ValueError."""
        self._allowed[host] = networks_of(networks)

    def process_request(self, request: Request) -> None:
        host = urlparse_cached(request).hostname or ""
        allowed = self._everywhere + self._allowed.get(host, ())
        if reason := check_url(request.url, allowed):
            raise self._refusal(reason)
        if request.url in request.meta.get("redirect_urls", ()):
            raise Refused("redirect_loop")
        self._resolver().allowed[host] = allowed

    def process_exception(self, request: Request, exception: Exception) -> None:
        if isinstance(exception, CannotResolveHostError):
            reason = self._resolver().refused.get(urlparse_cached(request).hostname or "")
            if reason:
                raise self._refusal(reason) from exception

    def _refusal(self, reason: Refusal) -> Refused:
        assert self._crawler.stats
        self._crawler.stats.inc_value(f"guard/refused/{reason}")
        return Refused("address", reason)

    def _resolver(self) -> GuardedResolver:
        """Return the resolver of the running reactor. Raises RuntimeError where it is not ours: nothing is sent then."""
        from twisted.internet import reactor

        resolver = getattr(reactor, "nameResolver", None)
        if not isinstance(resolver, GuardedResolver):
            raise RuntimeError("the reactor resolves names without the guard: run the crawl by Scrapy's own process")
        return resolver
