"""Sites and their channels: made here, each value checked."""

from core.sites.channels import add_channel
from core.sites.publications import (
    add_site,
    set_edit_link,
    set_readers_data,
    set_site,
    why_unread,
)

__all__ = ["add_channel", "add_site", "set_edit_link", "set_readers_data", "set_site", "why_unread"]
