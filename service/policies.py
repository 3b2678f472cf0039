"""What pages may load, and who may frame them (Content-Security-Policy)."""

STRICT = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
# A page of the desk that shows the preview in a frame.
FRAMING = f"{STRICT}; frame-src 'self'"
# The preview itself: the snippet may dress itself as it does on a site that allows that.
FRAMED = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; connect-src 'self'; "
    "form-action 'none'; base-uri 'none'; frame-ancestors 'self'"
)
