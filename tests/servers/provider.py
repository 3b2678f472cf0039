"""A small OpenID Connect provider on this machine, which keeps to the rules unless told to lie."""

import base64
import hashlib
import json
import secrets
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, unquote_plus, urlencode, urlsplit

from joserfc import jwt
from joserfc.jwk import RSAKey

from tests.servers.http import serving

CLIENT, SECRET = "tuzet", "a secret of the client"


@cache
def key(name: str) -> RSAKey:
    """A signing key of the test process's own."""
    return RSAKey.generate_key(2048, {"kid": name, "use": "sig", "alg": "RS256"})


@dataclass
class FakeProvider:
    """What it says about the one person who logs in there, and how it lies."""

    issuer: str
    claims: dict[str, Any] = field(default_factory=dict)
    signed_with: str = "known"
    says_issuer: str | None = None
    codes: dict[str, dict[str, str]] = field(default_factory=dict)
    token_calls: int = 0

    def document(self) -> dict[str, Any]:
        return {
            "issuer": self.says_issuer or self.issuer,
            "authorization_endpoint": f"{self.issuer}/authorize",
            "token_endpoint": f"{self.issuer}/token",
            "jwks_uri": f"{self.issuer}/keys",
        }

    def authorise(self, asked: dict[str, str]) -> str:
        """Log the person in; answers where the browser is sent back to."""
        assert asked["response_type"] == "code"
        assert asked["code_challenge_method"] == "S256"
        assert "openid" in asked["scope"].split()
        code = secrets.token_hex(8)
        self.codes[code] = asked
        query = urlencode({"code": code, "state": asked["state"]})
        return f"{asked['redirect_uri']}?{query}"

    def token(self, sent: dict[str, str], authorization: str) -> dict[str, Any] | None:
        """The answer to a code; None for one that is not good, or was used."""
        self.token_calls += 1
        pair = base64.b64decode(authorization.removeprefix("Basic ")).decode()
        client, _, secret = pair.partition(":")
        asked = self.codes.pop(sent.get("code", ""), None)
        digest = hashlib.sha256(sent.get("code_verifier", "").encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
        good = (
            asked is not None
            and (unquote_plus(client), unquote_plus(secret)) == (CLIENT, SECRET)
            and asked["code_challenge"] == challenge
            and asked["redirect_uri"] == sent.get("redirect_uri")
        )
        if not good or asked is None:
            return None
        now = int(time.time())
        claims = {
            "iss": self.issuer,
            "sub": "1",
            "aud": CLIENT,
            "iat": now,
            "exp": now + 300,
            "nonce": asked["nonce"],
            **self.claims,
        }
        header = {"alg": "RS256", "kid": "known"}
        signed = jwt.encode(header, claims, key(self.signed_with), ["RS256"])
        return {"access_token": "x", "token_type": "Bearer", "id_token": signed}


@contextmanager
def provider() -> Iterator[FakeProvider]:
    """Start one on a free port; end it with the block."""

    class Door(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            if parts.path == "/authorize":
                asked = {name: found[0] for name, found in parse_qs(parts.query).items()}
                self.send_response(302)
                self.send_header("Location", fake.authorise(asked))
                self.end_headers()
            elif parts.path == "/keys":
                self._say({"keys": [key("known").as_dict(private=False)]})
            elif parts.path == "/.well-known/openid-configuration":
                self._say(fake.document())
            else:
                self._say({"error": "not_found"}, 404)

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            sent = {name: found[0] for name, found in parse_qs(body).items()}
            said = fake.token(sent, self.headers.get("Authorization", ""))
            self._say(said or {"error": "invalid_grant"}, 200 if said else 400)

        def _say(self, said: dict[str, Any], status: int = 200) -> None:
            body = json.dumps(said).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 (its own name)
            """Nobody reads it."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Door)
    fake = FakeProvider(f"http://127.0.0.1:{server.server_port}")
    with serving(server):
        yield fake
