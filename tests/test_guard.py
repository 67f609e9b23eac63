"""The guard at resolution and before it. Nothing is connected to: the table below is all the resolver knows."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from scrapy import Request
from scrapy.resolver import dnscache
from scrapy.utils.test import get_crawler
from twisted.internet._resolver import HostResolution
from twisted.internet.address import IPv4Address, IPv6Address

from newscrawler.addresses import networks_of
from newscrawler.middlewares.answers import Refused
from newscrawler.middlewares.guard import AddressGuard, GuardedResolver

TABLE = {
    "public.test": ["93.184.215.14", "2606:2800:21f:cb07:6820:80da:af6b:8b2c"],
    "inside.test": ["10.0.0.1", "::ffff:192.168.0.1", "::1"],
    "both.test": ["169.254.169.254", "93.184.215.14"],
    "local.test": ["127.0.0.1"],
    "bücher.test": ["127.0.0.1"],
    "none.test": [],
}


class Table:
    """A name server that the tests hold."""

    def __init__(self, names: dict[str, list[str]]) -> None:
        self.names = names

    def resolveHostName(self, receiver: Any, name: str, port: int = 0, *_: Any) -> HostResolution:
        receiver.resolutionBegan(HostResolution(name))
        for host in self.names[name]:
            receiver.addressResolved((IPv6Address if ":" in host else IPv4Address)("TCP", host, port))
        receiver.resolutionComplete()
        return HostResolution(name)


class Receiver:
    """What a connection is made from."""

    def __init__(self) -> None:
        self.addresses: list[str] = []
        self.complete = 0

    def resolutionBegan(self, resolution: Any) -> None:
        self.resolution = resolution

    def addressResolved(self, address: Any) -> None:
        self.addresses.append(address.host)

    def resolutionComplete(self) -> None:
        self.complete += 1


@pytest.fixture
def resolver() -> GuardedResolver:
    dnscache.clear()
    return GuardedResolver(SimpleNamespace(nameResolver=Table(TABLE)), 100)


def resolve(resolver: GuardedResolver, name: str) -> list[str]:
    receiver = Receiver()
    resolver.resolveHostName(receiver, name, 80)
    assert receiver.complete == 1
    return receiver.addresses


@pytest.mark.parametrize(
    ("name", "addresses", "reason"),
    [
        ("public.test", TABLE["public.test"], None),
        ("inside.test", [], "loopback"),
        ("both.test", ["93.184.215.14"], "metadata"),
        ("local.test", [], "loopback"),
        ("none.test", [], None),
    ],
)
def test_only_public_addresses_pass(resolver: GuardedResolver, name: str, addresses: list[str], reason: str | None) -> None:
    for _ in ("looked up", "from the cache"):
        assert (resolve(resolver, name), resolver.refused.get(name)) == (addresses, reason)


def test_a_network_is_allowed_to_its_host_alone(resolver: GuardedResolver) -> None:
    resolver.allowed = {"local.test": networks_of(["127.0.0.0/8"]), "xn--bcher-kva.test": networks_of(["127.0.0.0/8"])}
    assert [resolve(resolver, name) for name in ("local.test", "bücher.test", "inside.test")] == [["127.0.0.1"]] * 2 + [[]]


def test_a_name_that_turns_inwards_is_not_followed(resolver: GuardedResolver) -> None:
    names = {"rebind.test": ["93.184.215.14"]}
    resolver.original_resolver = Table(names)
    assert resolve(resolver, "rebind.test") == ["93.184.215.14"]
    names["rebind.test"] = ["127.0.0.1"]
    assert resolve(resolver, "rebind.test") == ["93.184.215.14"]
    dnscache.clear()
    assert resolve(resolver, "rebind.test") == [] and resolver.refused == {"rebind.test": "loopback"}


def guard(**settings: Any) -> AddressGuard:
    crawler = get_crawler(settings_dict={"TWISTED_DNS_RESOLVER": GuardedResolver, **settings})
    return AddressGuard.from_crawler(crawler)


def test_a_refused_request_is_named_and_counted() -> None:
    one = guard()
    with pytest.raises(Refused) as caught:
        one.process_request(Request("http://2130706433/"))
    assert (caught.value.failure, caught.value.detail) == ("address", "loopback")
    assert one._crawler.stats and one._crawler.stats.get_value("guard/refused/loopback") == 1


def test_without_the_resolver_nothing_starts() -> None:
    with pytest.raises(ValueError, match="TWISTED_DNS_RESOLVER"):
        guard(TWISTED_DNS_RESOLVER="scrapy.resolver.CachingThreadedResolver")


def test_a_bad_network_is_an_error_at_start() -> None:
    with pytest.raises(ValueError, match="has host bits set"):
        guard(NEWSCRAWLER_ALLOW_NETWORKS=["127.0.0.1/8"])
