"""The addresses under which this machine can be reached on the networks it is in.

Python's standard library has no list of interfaces; the kernel is asked directly, because `ip` and `ifconfig`
are each missing somewhere.
"""

import contextlib
import fcntl
import ipaddress
import socket
import struct
import sys

# "Give me the IPv4 address of this interface"; the address is at the same place in both systems' answers.
_SIOCGIFADDR = 0xC0206921 if sys.platform == "darwin" else 0x8915
# Networks inside this machine: a phone cannot reach them.
_INSIDE = ("lo", "docker", "br-", "veth", "virbr", "vboxnet", "vmnet", "podman", "cni")


def _way_out():
    """The address on the network with the default route, the likeliest one for phones. Nothing is sent."""
    with contextlib.suppress(OSError), socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.connect(("192.0.2.1", 9))
        yield probe.getsockname()[0]


def _interfaces():
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        for _number, name in socket.if_nameindex():
            if not name.startswith(_INSIDE):
                with contextlib.suppress(OSError):
                    answer = fcntl.ioctl(probe, _SIOCGIFADDR, struct.pack("256s", name.encode()[:15]))
                    yield socket.inet_ntoa(answer[20:24])


def networks():
    """Return this machine's IPv4 addresses on its networks, the likeliest for phones first; may be empty."""
    return [ip for ip in dict.fromkeys([*_way_out(), *_interfaces()]) if not ip.startswith(("127.", "0."))]


def names():
    """Return this machine's own names; phones on the same network often find the one that ends in .local."""
    name = socket.gethostname().lower()
    return list(dict.fromkeys([f"{name.partition('.')[0]}.local", name]))


def hosts():
    """Return every host a browser may have asked for to reach this machine."""
    return [*networks(), *names(), "localhost", "127.0.0.1", "[::1]"]


def is_here(host):
    """Whether a host (a name or an IP address, without a port) is this machine: itself, or one of its addresses."""
    with contextlib.suppress(ValueError):
        if ipaddress.ip_address(host).is_loopback:
            return True
    return host in ("localhost", *networks(), *names())


def for_phones(port):
    """Return the base URLs a QR may carry, the likeliest first. Not every phone knows a name that ends in .local."""
    return [f"http://{host}:{port}" for host in [*networks(), names()[0]]]
