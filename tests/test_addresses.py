"""Every spelling of an address that must not be spoken to, and the ones that may."""

from ipaddress import ip_address

import pytest

from newscrawler.addresses import check_address, check_url, networks_of

REFUSED = {
    "ftp://mirror.example/": "scheme",
    "file:///etc/passwd": "scheme",
    "data:text/html,x": "scheme",
    "javascript:alert(1)": "scheme",
    "//mirror.example/": "scheme",
    "http://mirror.example/" + "x" * 8000: "length",
    "http:///path": "malformed",
    "http://[::1/": "malformed",
    "http://[v1.x]/": "malformed",
    "http://mirror.example:99999/": "malformed",
    "http://mirror.example:x/": "malformed",
    "http://mirror.example\\@127.0.0.1/": "malformed",
    "http://mirror.example/\r\nHost: x": "malformed",
    "http://a..b/": "malformed",
    "http://%31%32%37.0.0.1/": "malformed",
    "http://" + "a" * 70 + ".example/": "malformed",
    "http://1.2.3.4.5/": "malformed",
    "http://256.1.1.1/": "malformed",
    "http://mirror.999/": "malformed",
    "http://0x" + "f" * 500 + "/": "malformed",
    "http://08.0.0.1/": "malformed",
    "http://user@127.0.0.1/": "userinfo",
    "http://mirror.example@127.0.0.1/": "userinfo",
    "http://user:secret@mirror.example/": "userinfo",
    "http://mirror.example:0/": "port",
    "http://mirror.example:22/": "port",
    "http://mirror.example:25/": "port",
    "http://127.0.0.1/": "loopback",
    "http://127.1/": "loopback",
    "http://2130706433/": "loopback",
    "http://0x7f000001/": "loopback",
    "http://0X7F.1/": "loopback",
    "http://0177.0.0.01/": "loopback",
    "http://017700000001/": "loopback",
    "http://127.0.0.1./": "loopback",
    "http://１２７.0.0.1/": "loopback",
    "http://127。0。0。1/": "loopback",
    "http://①27.0.0.1/": "loopback",
    "http://127.0.0.1:8080/": "loopback",
    "http://[::1]/": "loopback",
    "http://[0:0:0:0:0:0:0:1]/": "loopback",
    "http://[::ffff:127.0.0.1]/": "loopback",
    "http://[::ffff:7f00:1]/": "loopback",
    "http://[::127.0.0.1]/": "loopback",
    "http://[64:ff9b::7f00:1]/": "loopback",
    "http://[2002:7f00:1::]/": "loopback",
    "http://0/": "unspecified",
    "http://0.0.0.0/": "unspecified",
    "http://0.1.2.3/": "unspecified",
    "http://[::]/": "unspecified",
    "http://10.0.0.1/": "private",
    "http://172.16.0.1/": "private",
    "http://192.168.1.1/": "private",
    "http://[fd12::1]/": "private",
    "http://[2002:c0a8:101::]/": "private",
    "http://[64:ff9b:1::1]/": "reserved",
    "http://169.254.1.1/": "link_local",
    "http://[fe80::1]/": "link_local",
    "http://[fe80::1%25eth0]/": "link_local",
    "http://169.254.169.254/latest/meta-data/": "metadata",
    "http://0xa9fea9fe/": "metadata",
    "http://[::ffff:169.254.169.254]/": "metadata",
    "http://[fd00:ec2::254]/": "metadata",
    "http://100.100.100.200/": "metadata",
    "http://100.64.0.1/": "shared",
    "http://224.0.0.1/": "multicast",
    "http://239.255.255.250/": "multicast",
    "http://[ff02::1]/": "multicast",
    "http://240.0.0.1/": "reserved",
    "http://255.255.255.255/": "reserved",
    "http://[2001:0:7f00:1::1]/": "reserved",
}

FREE = [
    "http://mirror.example/",
    "https://mirror.example:8443/a?b=c@d",
    "http://news_site.example./",
    "http://新闻.example/",
    "http://93.184.215.14/",
    "http://[2606:2800:21f:cb07:6820:80da:af6b:8b2c]/",
    "http://[::ffff:93.184.215.14]/",
    "http://[64:ff9b::5db8:d70e]/",
    "http://0x5d.184.215.14/",
    "http://127.0.0.1.nip.example/",
]


@pytest.mark.parametrize(("url", "reason"), REFUSED.items())
def test_refused(url: str, reason: str) -> None:
    assert check_url(url) == reason


@pytest.mark.parametrize("url", FREE)
def test_free(url: str) -> None:
    assert check_url(url) is None


@pytest.mark.parametrize(
    ("url", "networks", "reason"),
    [
        ("http://127.0.0.1/", ["127.0.0.0/8"], None),
        ("http://2130706433/", ["127.0.0.0/8"], None),
        ("http://[::ffff:127.0.0.1]/", ["127.0.0.0/8"], None),
        ("http://[::1]/", ["127.0.0.0/8"], "loopback"),
        ("http://[::1]/", ["127.0.0.0/8", "::1/128"], None),
        ("http://10.0.0.1/", ["127.0.0.0/8"], "private"),
        ("http://user@127.0.0.1/", ["127.0.0.0/8"], "userinfo"),
        ("http://127.0.0.1:22/", ["127.0.0.0/8"], "port"),
    ],
)
def test_allowed_networks(url: str, networks: list[str], reason: str | None) -> None:
    assert check_url(url, networks_of(networks)) == reason


@pytest.mark.parametrize(
    ("address", "reason"), [("127.0.0.2", "loopback"), ("93.184.215.14", None), ("fe80::1%eth0", "link_local")]
)
def test_resolved_address(address: str, reason: str | None) -> None:
    assert check_address(ip_address(address)) == reason


def test_a_network_that_is_none_is_an_error() -> None:
    with pytest.raises(ValueError, match=r"127\.0\.0\.1/8"):
        networks_of(["127.0.0.1/8"])
