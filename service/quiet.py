"""Pages whose address is the secret."""

from werkzeug.wrappers import Response


def keep_quiet(response: Response) -> Response:
    """The address holds the secret: let it reach no referrer, no cache and no index."""
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Robots-Tag"] = "noindex"
    return response
