"""The mail that asks somebody to join."""

import secrets

from core.channels import OutgoingMail
from core.i18n import LANGUAGES, translator
from core.messages.rendering import rendered
from core.models import Invitation
from core.settings import Settings


def invitation(
    made: Invitation, secret: str, by: str, language: str, settings: Settings
) -> OutgoingMail:
    """The mail with the secret link of an invitation by a person of that name.

    It speaks the language of its site, with a line in each of the others, for nobody knows yet
    which of them its reader speaks.
    """
    t = translator(language)
    others = [translator(each) for each in LANGUAGES if each != t.language]
    subject = t.gettext("{name} invites you to the desk", name=by)
    values = {
        "t": t,
        "gettext": t.gettext,
        "subject": subject,
        "by": by,
        "link": f"{settings.base_url}/join/{secret}",
        "others": others,
    }
    return OutgoingMail(
        key=f"invitation-{made.id}-{secrets.token_hex(8)}",
        sender=settings.mail_from,
        recipient=made.email,
        subject=subject,
        text=rendered("mail/invitation.txt", values),
        html=rendered("mail/invitation.html", values),
        thread_key=f"invitation-{made.id}",
        list_key="desk",
        list_name="Tuzet",
        language=t.language,
    )
