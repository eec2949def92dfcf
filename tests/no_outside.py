"""No test talks to the outside: connecting to, or looking up, anything but this machine raises `OutsideRefused`."""

import ipaddress
import sys

LOCAL_NAMES = {"localhost", "", None}


class OutsideRefused(Exception):
    """A test tried to leave the machine."""


def pytest_configure() -> None:
    """Watch from the start. Python gives no way to take an audit hook off again, and none is wanted."""
    sys.addaudithook(_watch)


def _watch(event: str, arguments: tuple[object, ...]) -> None:
    if event in {"socket.connect", "socket.sendto"}:
        address = arguments[1]
        if isinstance(address, tuple) and not is_local(address[0]):
            raise OutsideRefused(f"{event} {address}")
    elif event == "socket.getaddrinfo" and not is_local(arguments[0]):
        raise OutsideRefused(f"{event} {arguments[0]}")


def is_local(host: object) -> bool:
    """Tell whether `host` (a name or an address) is this machine; the name of the machine itself is not asked for."""
    if isinstance(host, bytes):
        host = host.decode()
    if host in LOCAL_NAMES:
        return True
    try:
        address = ipaddress.ip_address(str(host).split("%")[0])
    except ValueError:
        return str(host).endswith(".localhost")
    return address.is_loopback or address.is_unspecified
