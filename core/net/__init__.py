"""The only way out to other people's servers: checked, pinned to an address, bounded.

`fetch` reads a page of a site, `call` and `post` speak to interfaces. See docs/adr for the why.
"""

from core.net.addresses import Address, Network, special_range
from core.net.browser import Browser, Render
from core.net.calls import Answer, Call, call, post
from core.net.charset import Decoded, decode
from core.net.errors import (
    Code,
    NetError,
    NotYet,
    Refused,
    TooLarge,
    TooManyRedirects,
    TooSlow,
    Unreachable,
)
from core.net.exchange import Limits, Outside, user_agent
from core.net.gate import Gate, HostGate
from core.net.names import Resolve, resolve_by_system
from core.net.pages import (
    PAGE_TYPES,
    Fetch,
    FetchResult,
    Hop,
    Policy,
    Request,
    Validators,
    fetch,
)
from core.net.sockets import Dial, dial_tcp, tls_context
from core.net.targets import AllowedHost, Target, allow, demand_dialable, parse

__all__ = [
    "PAGE_TYPES",
    "Address",
    "AllowedHost",
    "Answer",
    "Browser",
    "Call",
    "Code",
    "Decoded",
    "Dial",
    "Fetch",
    "FetchResult",
    "Gate",
    "Hop",
    "HostGate",
    "Limits",
    "NetError",
    "Network",
    "NotYet",
    "Outside",
    "Policy",
    "Refused",
    "Render",
    "Request",
    "Resolve",
    "Target",
    "TooLarge",
    "TooManyRedirects",
    "TooSlow",
    "Unreachable",
    "Validators",
    "allow",
    "call",
    "decode",
    "demand_dialable",
    "dial_tcp",
    "fetch",
    "parse",
    "post",
    "resolve_by_system",
    "special_range",
    "tls_context",
    "user_agent",
]
