"""Replies to mails: what somebody writes under a mail about a case becomes a note on it."""

from core.mailbox.replies import Reply, read_reply

__all__ = ["Reply", "read_reply"]
