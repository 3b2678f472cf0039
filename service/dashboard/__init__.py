"""The desk: where editors read what readers reported, and decide."""

from service.dashboard.blueprint import blueprint

__all__ = ["blueprint"]
