"""Every kind of mail that Tuzet sends, made from real rows: for tests, and to be looked at.

`python -m tests.mails FOLDER` draws them all as pictures (see __main__.py).
"""

from tests.mails.kinds import every_mail

__all__ = ["every_mail"]
