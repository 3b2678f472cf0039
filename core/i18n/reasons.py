"""Why something of ours failed outside, in the words of whoever reads about it.

A delivery and a channel keep their reason as one English sentence, as the log has it and as
programs read it through the API. Here each sentence is known by its shape, so that a person reads
it in their own language; what has no shape here, as the words of an older version, is told as it
is kept.
"""

import re
from functools import cache

from core.i18n.catalogue import Translator, marked

# Shapes that say more stand before those that would fit their sentences too.
_REASONS = (
    # the network
    marked(
        "reason",
        "{host} has an address that is not public ({network}). If it is meant to be reached, "
        "add its network to TUZET_PRIVATE_NETWORKS.",
    ),
    marked("reason", "This is not a web address."),
    marked("reason", "Only http and https addresses can be read."),
    marked("reason", "The address contains a user name or password."),
    marked("reason", "The address is longer than {most} characters."),
    marked("reason", "Port {port} of {host} is not a port of web servers."),
    marked("reason", "Port {port} of {host} is not allowed."),
    marked("reason", "{host} is not one of the hosts of this site."),
    marked("reason", "The header {name} cannot be sent."),
    marked("reason", "The name server is not answering."),
    marked("reason", "The name {host} could not be looked up in time."),
    marked("reason", "There is no host {host}."),
    marked("reason", "{host} takes no connection."),
    marked("reason", "{host} did not answer within {seconds} s."),
    marked("reason", "The certificate of {host} is not trusted: {why}"),
    marked("reason", "certificate has expired"),
    marked("reason", "certificate is not yet valid"),
    marked("reason", "self-signed certificate"),
    marked("reason", "self-signed certificate in certificate chain"),
    marked("reason", "unable to get local issuer certificate"),
    marked("reason", "Hostname mismatch, certificate is not valid for '{name}'."),
    marked("reason", "IP address mismatch, certificate is not valid for '{name}'."),
    marked("reason", "No secure connection to {host} could be made."),
    marked("reason", "{host} broke the connection off."),
    marked("reason", "{host} gave an answer that cannot be read."),
    marked("reason", "{host} sent more than we read."),
    # webhooks and chats
    marked("reason", "The webhook answered {status}."),
    marked("reason", "The webhook's secret or address cannot be used."),
    marked("reason", "This service is not on the list of those that Apprise may call."),
    marked("reason", "Apprise is not installed: pip install tuzet[apprise]"),
    marked("reason", "The service was too slow."),
    marked("reason", "Apprise cannot use this address."),
    marked("reason", "The service did not take the message."),
    marked("reason", "The message to be changed is being sent."),
    # mail
    marked("reason", "An address or a text is not fit for mail."),
    marked("reason", "The mail folder cannot be written."),
    marked("reason", "The mail server's certificate or encryption is not right."),
    marked("reason", "The mail server offers no encryption, and a password needs it."),
    marked("reason", "The mail server hung up at the log-in."),
    marked("reason", "The mail server does not take the log-in ({number})."),
    marked("reason", "The mail server refused the recipient ({number})."),
    marked("reason", "The mail server refused the sender ({number})."),
    marked("reason", "The mail server refused the message ({number})."),
    marked("reason", "The mail server put the recipient off ({number})."),
    marked("reason", "The mail server put the sender off ({number})."),
    marked("reason", "The mail server put the message off ({number})."),
    marked("reason", "The mail server was too slow."),
    marked("reason", "The mail server offers no log-in."),
    marked("reason", "The mail server hung up."),
    marked("reason", "The mail server cannot be reached."),
    # what we ourselves decided
    marked("reason", "The message could not be written."),
    marked("reason", "The message could not be written ({kind})."),
    marked("reason", "Channels of the kind {kind} cannot send yet."),
    marked("reason", "Other messages to this server are still under way. Try again soon."),
    marked("reason", "each try was cut off before its end"),
    marked("reason", "by hand"),
    marked("reason", "The channel was removed."),
    marked("reason", "The channel was unsubscribed."),
    marked("reason", "Its person has no role on the site any more."),
    marked(
        "reason",
        "A stored secret does not fit TUZET_SECRET_KEY. Put the old key back, or add the "
        "channel again.",
    ),
    # a newsroom's own system
    marked("reason", "{name} could not be reached: {why}"),
    marked("reason", "{name} answered with more than can be read."),
    marked("reason", "{name} answered something that is no JSON."),
    marked("reason", "{name} did not answer with a document."),
    marked("reason", "{name} did not answer with a post."),
    marked(
        "reason",
        "{name} did not show the source of the post. Its user needs the right to edit it.",
    ),
    marked(
        "reason",
        "{name} does not let us in ({status}). Look at the user's name, password and role, and "
        "add the connection again.",
    ),
    marked("reason", "Ghost's key must look like id:secret, the secret in hex."),
    # a provider that people log in through
    marked("reason", "the discovery document names another issuer"),
    marked("reason", "the discovery document names no usable {name}"),
    marked("reason", "the answer to the code holds no ID token"),
    marked("reason", "the ID token is not right ({code})"),
    marked("reason", "the ID token or the keys cannot be read"),
    marked("reason", "the answer names another issuer"),
    marked("reason", "the provider has let nobody in"),
    marked("reason", "cannot be reached ({why})"),
    marked("reason", "answers {status}"),
    marked("reason", "does not answer in JSON"),
    # whoever it was
    marked("reason", "{who} answered nothing that can be read."),
    marked("reason", "{who} answered {status}."),
)
# AS112, NAT64, Teredo and 6to4 are called so in every language.
_NETWORKS = {
    kind: (context, kind)
    for context, kind in (
        marked("network", "private"),
        marked("network", "loopback"),
        marked("network", "link-local"),
        marked("network", "shared by carriers"),
        marked("network", "multicast"),
        marked("network", "reserved"),
        marked("network", "not public"),
        marked("network", "this network"),
        marked("network", "a cloud's host agent"),
        marked("network", "protocol assignments"),
        marked("network", "documentation"),
        marked("network", "multicast tunnels"),
        marked("network", "6to4 relays"),
        marked("network", "benchmarks"),
        marked("network", "broadcast"),
        marked("network", "unspecified"),
        marked("network", "IPv4-compatible"),
        marked("network", "IPv4-mapped"),
        marked("network", "IPv4-translated"),
        marked("network", "local NAT64"),
        marked("network", "discard"),
        marked("network", "dummy"),
        marked("network", "segment routing"),
        marked("network", "unique local"),
        marked("network", "site-local"),
        marked("network", "with a zone"),
    )
}


def reason_words(t: Translator, reason: str) -> str:
    """A reason as it is kept, in the language of who reads it."""
    for shape, message in _shapes():
        found = shape.fullmatch(reason)
        if found is not None:
            facts = found.groupdict()
            if facts.get("network") in _NETWORKS:
                facts["network"] = t.pgettext(*_NETWORKS[facts["network"]])
            if "why" in facts:
                facts["why"] = reason_words(t, facts["why"])
            return t.pgettext(*message, **facts)
    return reason


@cache
def _shapes() -> list[tuple[re.Pattern[str], tuple[str, str]]]:
    return [(_shape(message[1]), message) for message in _REASONS]


def _shape(template: str) -> re.Pattern[str]:
    parts = re.split(r"{(\w+)}", template)
    fixed = [re.escape(part) for part in parts[::2]]
    named = [f"(?P<{name}>{_fits(name)})" for name in parts[1::2]]
    return re.compile("".join(a + b for a, b in zip(fixed, [*named, ""], strict=True)))


def _fits(name: str) -> str:
    """What may stand in a place: one word for a host, one or none for a status, else any text."""
    return {"host": r"\S+", "status": r"\S*"}.get(name, ".+?")
