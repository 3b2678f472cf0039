"""Why a message was not delivered, in words.

A delivery keeps its fault as one English sentence, which programs read through the API. Here each
sentence is known by its shape, so that a person reads it in their own language; what has none, as
the words of an older version, is shown as it is kept.
"""

import re
from functools import cache

from core.i18n.catalogue import Translator, marked

_SAID = (
    marked(
        "fault",
        "{host} has an address that is not public ({network}). If it is meant to be reached, "
        "add its network to TUZET_PRIVATE_NETWORKS.",
    ),
    marked("fault", "This is not a web address."),
    marked("fault", "Only http and https addresses can be read."),
    marked("fault", "The address contains a user name or password."),
    marked("fault", "The address is longer than {most} characters."),
    marked("fault", "Port {port} of {host} is not a port of web servers."),
    marked("fault", "The name server is not answering."),
    marked("fault", "The name {host} could not be looked up in time."),
    marked("fault", "There is no host {host}."),
    marked("fault", "{host} takes no connection."),
    marked("fault", "{host} did not answer within {seconds} s."),
    marked("fault", "The certificate of {host} is not trusted: {why}"),
    marked("fault", "No secure connection to {host} could be made."),
    marked("fault", "{host} broke the connection off."),
    marked("fault", "{host} gave an answer that cannot be read."),
    marked("fault", "The webhook answered {status}."),
    marked("fault", "{who} answered {status}."),
    marked("fault", "The webhook's secret or address cannot be used."),
    marked("fault", "This service is not on the list of those that Apprise may call."),
    marked("fault", "Apprise is not installed: pip install tuzet[apprise]"),
    marked("fault", "The service was too slow."),
    marked("fault", "Apprise cannot use this address."),
    marked("fault", "The service did not take the message."),
    marked("fault", "An address or a text is not fit for mail."),
    marked("fault", "The mail folder cannot be written."),
    marked("fault", "The mail server's certificate or encryption is not right."),
    marked("fault", "The mail server offers no encryption, and a password needs it."),
    marked("fault", "The mail server hung up at the log-in."),
    marked("fault", "The mail server does not take the log-in ({number})."),
    marked("fault", "The mail server refused the recipient ({number})."),
    marked("fault", "The mail server refused the sender ({number})."),
    marked("fault", "The mail server refused the message ({number})."),
    marked("fault", "The mail server put the recipient off ({number})."),
    marked("fault", "The mail server put the sender off ({number})."),
    marked("fault", "The mail server put the message off ({number})."),
    marked("fault", "The mail server was too slow."),
    marked("fault", "The mail server offers no log-in."),
    marked("fault", "The mail server hung up."),
    marked("fault", "The mail server cannot be reached."),
    marked("fault", "The message could not be written."),
    marked("fault", "The message could not be written ({kind})."),
    marked("fault", "The message to be changed is being sent."),
    marked("fault", "The channel was removed."),
    marked("fault", "The channel was unsubscribed."),
    marked("fault", "Its person has no role on the site any more."),
    marked(
        "fault",
        "A stored secret does not fit TUZET_SECRET_KEY. Put the old key back, or add the "
        "channel again.",
    ),
)
_NETWORKS = {
    "private": marked("network", "private"),
    "loopback": marked("network", "loopback"),
    "link-local": marked("network", "link-local"),
    "shared by carriers": marked("network", "shared by carriers"),
    "multicast": marked("network", "multicast"),
    "reserved": marked("network", "reserved"),
    "not public": marked("network", "not public"),
}


def fault_word(t: Translator, sentence: str) -> str:
    """A fault as it is kept, in the language of who reads it."""
    for shape, message in _shapes():
        found = shape.fullmatch(sentence)
        if found is not None:
            facts = found.groupdict()
            if facts.get("network") in _NETWORKS:
                facts["network"] = t.pgettext(*_NETWORKS[facts["network"]])
            return t.pgettext(*message, **facts)
    return sentence


@cache
def _shapes() -> list[tuple[re.Pattern[str], tuple[str, str]]]:
    return [(_shape(message[1]), message) for message in _SAID]


def _shape(template: str) -> re.Pattern[str]:
    parts = re.split(r"{(\w+)}", template)
    fixed = [re.escape(part) for part in parts[::2]]
    named = [f"(?P<{name}>.+?)" for name in parts[1::2]]
    return re.compile("".join(a + b for a, b in zip(fixed, [*named, ""], strict=True)))
