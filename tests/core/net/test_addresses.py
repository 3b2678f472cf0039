from ipaddress import ip_address, ip_network

import pytest

from core.net import Code, Refused, special_range
from core.net.addresses import dialable

# fmt: off
SPECIAL = [
    "0.0.0.0", "0.255.255.255", "10.0.0.1", "100.64.0.1", "100.127.255.255", "127.0.0.1",
    "127.255.255.255", "168.63.129.16", "169.254.169.254", "172.16.0.1", "172.31.255.255",
    "192.0.0.1", "192.0.0.192", "192.0.2.7", "192.31.196.1", "192.52.193.1", "192.88.99.1",
    "192.168.255.255", "192.175.48.1", "198.18.0.1", "198.19.255.255", "198.51.100.1",
    "203.0.113.9", "224.0.0.1", "239.255.255.255", "240.0.0.1", "255.255.255.255", "::", "::1",
    "::7f00:1", "::ffff:7f00:1", "::ffff:8.8.8.8", "::ffff:0:7f00:1", "64:ff9b::7f00:1",
    "64:ff9b:1::7f00:1", "100::1", "100:0:0:1::1", "2001::1", "2001:0:7f00:1::", "2001:2::1",
    "2001:10::1", "2001:20::1", "2001:db8::1", "2002:7f00:1::", "2002:808:808::",
    "2620:4f:8000::1", "3fff::1", "5f00::1", "fc00::1", "fd00:ec2::254", "fe80::1", "febf::1",
    "fec0::1", "ff02::1", "ff0e::1", "4000::1", "1::1", "fe80::1%lo", "2606:2800::1%eth0",
]
# fmt: on

# fmt: off
PUBLIC = [
    "1.1.1.1", "8.8.8.8", "9.255.255.255", "11.0.0.0", "100.63.255.255", "100.128.0.0",
    "126.255.255.255", "128.0.0.0", "169.253.255.255", "172.15.255.255", "172.32.0.0",
    "192.0.1.0", "192.167.255.255", "198.17.255.255", "198.20.0.0", "223.255.255.255",
    "2001:200::1", "2001:4860:4860::8888", "2606:4700::1111", "2a02:6b8::1", "3ffe::1",
]
# fmt: on


@pytest.mark.parametrize("text", SPECIAL)
def test_a_special_purpose_address_has_a_name(text: str) -> None:
    assert special_range(ip_address(text))


@pytest.mark.parametrize("text", PUBLIC)
def test_an_address_beside_the_special_ranges_is_public(text: str) -> None:
    assert special_range(ip_address(text)) is None


def test_a_name_with_one_private_address_is_refused_as_a_whole() -> None:
    with pytest.raises(Refused) as refusal:
        dialable("dala.example", [ip_address("1.1.1.1"), ip_address("10.0.0.1")], [])
    assert refusal.value.code == Code.ADDRESS
    assert "TUZET_PRIVATE_NETWORKS" in str(refusal.value)


def test_the_operator_may_except_a_network() -> None:
    known = [ip_address("10.1.2.3")]
    assert dialable("inner", known, [ip_network("10.0.0.0/8")]) == (ip_address("10.1.2.3"),)


def test_localhost_is_dialled_only_at_its_excepted_address() -> None:
    known = [ip_address("::1"), ip_address("127.0.0.1")]
    assert dialable("localhost", known, [ip_network("127.0.0.0/8")]) == (ip_address("127.0.0.1"),)


@pytest.mark.parametrize(
    "disguise", ["::ffff:10.0.0.1", "64:ff9b::a00:1", "2002:a00:1::", "::a00:1"]
)
def test_an_exception_does_not_open_the_disguises_of_its_addresses(disguise: str) -> None:
    with pytest.raises(Refused):
        dialable("inner", [ip_address(disguise)], [ip_network("10.0.0.0/8")])


def test_a_zone_is_refused_even_within_an_excepted_network() -> None:
    with pytest.raises(Refused):
        dialable("inner", [ip_address("fe80::1%lo")], [ip_network("fe80::/10")])
