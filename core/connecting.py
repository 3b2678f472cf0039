"""A site names its own system, so that corrections can be written where editors write."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from core import cms
from core.errors import FieldError, Invalid, NotFound
from core.models import CmsConnection, Site
from core.net import NetError, demand_dialable, parse
from core.sealing import seal, signing_secret, unseal
from core.settings import Settings

_LONGEST = 500


def add_connection(
    session: Session,
    site_key: str,
    kind: str,
    url: str,
    user: str,
    secret: str,
    settings: Settings,
    now: datetime,
) -> tuple[CmsConnection, str]:
    """Name a site's system, or name it anew; returns it with the secret of the system's calls.

    `secret` is what the kind lets people in with: WordPress's application password, Ghost's Admin
    API key, a bearer token. The secret of the calls stays the same when a system is named anew.
    Raises NotFound (no such site), Invalid naming each wrong field.
    """
    site = session.scalar(select(Site).where(Site.key == site_key))
    if site is None:
        raise NotFound(f"There is no site with the key {site_key}.")
    faults = _faults(kind, url, user, secret, settings)
    if faults:
        raise Invalid(*faults)
    row = session.scalar(select(CmsConnection).where(CmsConnection.site_id == site.id))
    key = settings.secret_key
    if row is None:
        hook_secret = signing_secret()
        row = CmsConnection(
            site_id=site.id, created_at=now, sealed_hook_secret=seal(hook_secret, key)
        )
        session.add(row)
    else:
        hook_secret = unseal(row.sealed_hook_secret, key)
    row.kind, row.url, row.user = kind, parse(url).url, user
    row.sealed_secret = seal(secret, key)
    session.flush()
    return row, hook_secret


def _faults(kind: str, url: str, user: str, secret: str, settings: Settings) -> list[FieldError]:
    faults = []
    if kind not in cms.KINDS:
        faults.append(FieldError("kind", f"must be one of {', '.join(cms.KINDS)}"))
    try:
        parsed = parse(url)
        demand_dialable(url, settings.private_networks)
    except NetError as fault:
        faults.append(FieldError("url", str(fault)))
    else:
        if "?" in parsed.path:
            faults.append(FieldError("url", "must be the address of the system, without a query"))
    if kind == "wordpress" and not user:
        faults.append(FieldError("user", "is missing: whose application password is it?"))
    if not user.isprintable() or len(user) > _LONGEST or ":" in user:
        faults.append(FieldError("user", "must be a user name"))
    sendable = secret.isprintable() and (kind == "wordpress" or secret.isascii())
    if not secret or len(secret) > _LONGEST or not sendable:
        faults.append(FieldError("password", f"must have 1 to {_LONGEST} printable characters"))
    return faults
