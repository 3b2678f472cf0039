"""Why a reading of a live page said what it said: the codes that are kept, in words."""

from core.i18n.catalogue import Translator, marked

_REASONS = {
    # what stands on the page
    "same_words": marked("reading", "The same words stand in the same place."),
    "changed_in_place": marked("reading", "In this place there is something else now."),
    "suggestion_stands": marked("reading", "Exactly what was suggested stands there."),
    "another_word": marked("reading", "Another word stands in its place."),
    "surroundings_changed": marked(
        "reading", "The text around it has changed too much to say more."
    ),
    "place_gone": marked("reading", "The passage is no longer on the page."),
    "other_text": marked("reading", "Another text stands at this address."),
    "no_text": marked("reading", "The page came without any text."),
    "never_seen": marked(
        "reading", "We have never seen these words on the page ourselves, so we cannot tell."
    ),
    "words_stand": marked("reading", "Something was written beside the words, which still stand."),
    "garbled": marked("reading", "Some letters came out as codes."),
    "added_at_end": marked(
        "reading", "Text was added at the end of the line; it may belong to the page itself."
    ),
    "link_unseen": marked(
        "reading", "The words of the link stand; where it leads is not in the text."
    ),
    # who is asked besides
    "cms_away": marked("reading", "The newsroom’s own system did not answer."),
    "needs_browser": marked(
        "reading", "Only a browser shows the words of this page, and none is set up."
    ),
    # the network
    "not_a_url": marked("reading", "The page has no address of the web."),
    "scheme_not_allowed": marked("reading", "Only http and https addresses are read."),
    "credentials_in_url": marked("reading", "Its address contains a user name or password."),
    "host_not_allowed": marked("reading", "It leads to a host that is none of the site’s."),
    "port_not_allowed": marked("reading", "Its address has a port that is not allowed."),
    "address_not_allowed": marked("reading", "It leads into a network that is not public."),
    "not_permitted_by_host": marked("reading", "The server’s robots.txt does not permit it."),
    "header_not_allowed": marked("reading", "The page could not be asked for."),
    "content_type_not_allowed": marked("reading", "What came is not a web page."),
    "content_encoding_not_allowed": marked("reading", "The answer is packed in an unknown way."),
    "headers_too_large": marked("reading", "The answer is larger than what we read."),
    "body_too_large": marked("reading", "The answer is larger than what we read."),
    "decoded_body_too_large": marked("reading", "The answer is larger than what we read."),
    "too_slow": marked("reading", "The page did not come in time."),
    "too_many_redirects": marked("reading", "The page leads on too many times."),
    "redirect_loop": marked("reading", "The page leads back to itself."),
    "name_not_found": marked("reading", "There is no server of that name."),
    "no_connection": marked("reading", "The server takes no connection."),
    "certificate_not_trusted": marked("reading", "The server’s certificate is not trusted."),
    "tls_failed": marked("reading", "No secure connection could be made."),
    "broken_off": marked("reading", "The server broke the connection off."),
    "malformed_answer": marked("reading", "The server’s answer cannot be read."),
    "not_yet": marked("reading", "The server was asked a moment ago."),
}
_GONE = marked("reading", "The page is gone: the server answered {status}.")
_REFUSED = marked("reading", "The page could not be reached: the server answered {status}.")
_NEWER = marked("reading", "For a reason that this version does not know.")
_UNCHANGED = marked("reading", "{status}, unchanged")
_NOT_MODIFIED = 304
_NOTHING = "—"


def reading_words(t: Translator, verdict: str, reason: str, status: int | None) -> str:
    """Why a reading said what it said, as a sentence. One of a newer version says only that."""
    if reason == "http_status":
        said = _GONE if verdict == "page_gone" else _REFUSED
        return t.pgettext(*said, status=status or _NOTHING)
    return t.pgettext(*_REASONS.get(reason, _NEWER))


def answer_words(t: Translator, status: int | None) -> str:
    """What the server answered: its number; a dash where nothing came."""
    if status == _NOT_MODIFIED:
        return t.pgettext(*_UNCHANGED, status=status)
    return _NOTHING if status is None else str(status)
