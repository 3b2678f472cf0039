"""Coming in through an OpenID Connect provider: what is asked, and what its answer is worth.

Authorisation code flow with PKCE. State, nonce and verifier are made from one secret that only the
browser's cookie holds, so the database keeps nothing that would help a thief. The provider is asked
through the guarded way out, a few seconds and kilobytes at most.
"""

import base64
import hashlib
import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, cast
from urllib.parse import quote_plus, urlsplit

from authlib.oauth2.rfc6749.parameters import prepare_grant_uri, prepare_token_request
from authlib.oauth2.rfc7636 import create_s256_code_challenge
from authlib.oidc.core import CodeIDToken
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from core.errors import Forbidden, TuzetError
from core.net import Call, Limits, NetError, Outside, call
from core.settings import Provider

_ALGORITHMS = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512"]
_LIMITS = Limits(total_seconds=5.0, connect_seconds=3.0)
_MOST_BYTES = 256 * 1024
_LEEWAY_S = 60  # between the provider's clock and ours
_FORM = {"Content-Type": "application/x-www-form-urlencoded"}


class ProviderFault(TuzetError):
    """The provider is away, or says what no provider should; what of it is in the text."""


class NotBelieved(Forbidden):
    """What the provider's answer carries is not what a log-in needs; the text says what."""


@dataclass(frozen=True)
class Metadata:
    """Where the provider is asked for what."""

    authorization_endpoint: str
    token_endpoint: str
    jwks_uri: str
    secret_in_body: bool


@dataclass(frozen=True)
class Attempt:
    """What ties an answer to the browser that began."""

    state: str = field(repr=False)
    nonce: str = field(repr=False)
    verifier: str = field(repr=False)


@dataclass(frozen=True)
class Identity:
    """Who somebody is, as the provider says. `verified`: whether it has checked the address."""

    email: str
    verified: bool
    name: str


def attempt_of(cookie: str) -> Attempt:
    """The values of the attempt that a cookie stands for."""

    def made_for(use: str) -> str:
        digest = hmac.new(cookie.encode(errors="replace"), use.encode(), hashlib.sha256).digest()
        return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()

    return Attempt(made_for("state"), made_for("nonce"), made_for("verifier"))


def discover(provider: Provider, outside: Outside) -> Metadata:
    """Read the provider's discovery document. Raises ProviderFault."""
    address = f"{provider.issuer.rstrip('/')}/.well-known/openid-configuration"
    said = _asked(_get(address), outside)
    if said.get("issuer") != provider.issuer:
        raise ProviderFault("the discovery document names another issuer")

    def endpoint(name: str) -> str:
        found = said.get(name)
        if not isinstance(found, str) or not _is_safe(found, provider):
            raise ProviderFault(f"the discovery document names no usable {name}")
        return found

    methods = said.get("token_endpoint_auth_methods_supported")
    return Metadata(
        authorization_endpoint=endpoint("authorization_endpoint"),
        token_endpoint=endpoint("token_endpoint"),
        jwks_uri=endpoint("jwks_uri"),
        secret_in_body=isinstance(methods, list) and "client_secret_basic" not in methods,
    )


def authorisation_address(
    provider: Provider, metadata: Metadata, attempt: Attempt, back: str
) -> str:
    """Where the browser is sent; from there it comes to `back`."""
    address = prepare_grant_uri(
        metadata.authorization_endpoint,
        provider.client_id,
        "code",
        redirect_uri=back,
        scope="openid email profile",
        state=attempt.state,
        nonce=attempt.nonce,
        code_challenge=create_s256_code_challenge(attempt.verifier),
        code_challenge_method="S256",
    )
    return cast(str, address)


def redeem(
    provider: Provider, code: str, attempt: Attempt, back: str, outside: Outside, now: datetime
) -> Identity:
    """Exchange the code, and say who it is. Raises ProviderFault, NotBelieved."""
    metadata = discover(provider, outside)
    headers, secret = dict(_FORM), {}
    if metadata.secret_in_body:
        secret = {"client_id": provider.client_id, "client_secret": provider.client_secret}
    else:
        pair = f"{quote_plus(provider.client_id)}:{quote_plus(provider.client_secret)}"
        headers["Authorization"] = f"Basic {base64.b64encode(pair.encode()).decode()}"
    body = prepare_token_request(
        "authorization_code",
        redirect_uri=back,
        code=code,
        code_verifier=attempt.verifier,
        **secret,
    )
    asked = Call(
        url=metadata.token_endpoint,
        body=body.encode(),
        headers=headers,
        limits=_LIMITS,
        answer_bytes=_MOST_BYTES,
    )
    token = _asked(asked, outside).get("id_token")
    if not isinstance(token, str):
        raise ProviderFault("the answer to the code holds no ID token")
    keys = _asked(_get(metadata.jwks_uri), outside)
    return _identity(_claims(provider, token, keys, attempt, now))


def _claims(
    provider: Provider, token: str, keys: Mapping[str, Any], attempt: Attempt, now: datetime
) -> Mapping[str, Any]:
    """What an ID token says, once signature, issuer, audience, time and nonce were right."""
    try:
        decoded = jwt.decode(token, KeySet.import_key_set(cast(Any, keys)), _ALGORITHMS)
        claims = CodeIDToken(
            decoded.claims,
            decoded.header,
            {
                "iss": {"essential": True, "value": provider.issuer},
                "aud": {"essential": True, "value": provider.client_id},
                "exp": {"essential": True},
                "nonce": {"essential": True, "value": attempt.nonce},
            },
            {"nonce": attempt.nonce, "client_id": provider.client_id},
        )
        claims.validate(int(now.timestamp()), _LEEWAY_S)
    except JoseError as fault:
        raise NotBelieved(f"the ID token is not right ({fault.error})") from fault
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as fault:
        raise NotBelieved("the ID token or the keys cannot be read") from fault
    return cast(Mapping[str, Any], claims)


def _identity(claims: Mapping[str, Any]) -> Identity:
    email, name = claims.get("email"), claims.get("name")
    return Identity(
        email=email.strip().lower() if isinstance(email, str) else "",
        verified=claims.get("email_verified") is True,
        name=name.strip() if isinstance(name, str) else "",
    )


def _get(address: str) -> Call:
    return Call(url=address, method="GET", limits=_LIMITS, answer_bytes=_MOST_BYTES)


def _asked(wanted: Call, outside: Outside) -> dict[str, Any]:
    try:
        answer = call(wanted, outside)
    except NetError as fault:
        raise ProviderFault(f"cannot be reached ({fault})") from fault
    if answer.status != 200 or answer.truncated:
        raise ProviderFault(f"answers {answer.status}")
    try:
        said = json.loads(answer.body)
    except (ValueError, RecursionError) as fault:
        raise ProviderFault("does not answer in JSON") from fault
    if not isinstance(said, dict):
        raise ProviderFault("does not answer in JSON")
    return said


def _is_safe(address: str, provider: Provider) -> bool:
    """Endpoints are as well guarded as the issuer: nothing falls back to plain http."""
    scheme = urlsplit(address).scheme
    return scheme == "https" or scheme == urlsplit(provider.issuer).scheme
