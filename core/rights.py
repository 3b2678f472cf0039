"""Who may do what: a role on one site or on all of them."""

from dataclasses import dataclass

from core.errors import Forbidden, NotFound
from core.models import User

ROLES = ("viewer", "editor", "admin")


@dataclass(frozen=True)
class Rights:
    """A person's roles. `everywhere` holds on every site, `by_site` adds to it on single ones.

    Ranks are positions in ROLES; -1 is no right at all.
    """

    everywhere: int
    by_site: dict[int, int]

    def may(self, role: str, site_id: int) -> bool:
        """Whether the person has at least `role` on that site."""
        return max(self.everywhere, self.by_site.get(site_id, -1)) >= ROLES.index(role)

    def site_ids(self, role: str = "viewer") -> frozenset[int] | None:
        """The sites where the person has at least `role`; None means all sites."""
        wanted = ROLES.index(role)
        if self.everywhere >= wanted:
            return None
        return frozenset(site for site, rank in self.by_site.items() if rank >= wanted)

    def demand(self, role: str, site_id: int) -> None:
        """Raise NotFound where the person may not even look, Forbidden where the role is too low.

        What belongs to a foreign site must look as if it did not exist.
        """
        if not self.may("viewer", site_id):
            raise NotFound("There is no such thing here.")
        if not self.may(role, site_id):
            raise Forbidden(f"This needs the role {role} on the site.")


def rights_of(user: User) -> Rights:
    """Add up a person's memberships."""
    everywhere, by_site = -1, dict[int, int]()
    for membership in user.memberships:
        rank = ROLES.index(membership.role)
        if membership.site_id is None:
            everywhere = max(everywhere, rank)
        else:
            by_site[membership.site_id] = max(by_site.get(membership.site_id, -1), rank)
    return Rights(everywhere, by_site)
