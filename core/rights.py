"""Who may do what: a role on one site or on all of them, and above them the owners."""

from dataclasses import dataclass

from core.errors import Forbidden, NotFound
from core.models import Membership, User

ROLES = ("viewer", "editor", "admin", "owner")  # the last only for the installation


@dataclass(frozen=True)
class Rights:
    """A person's roles. `everywhere` holds on every site, `by_site` adds to it on single ones.

    Ranks are positions in ROLES; -1 is no right at all. Nobody owns a single site.
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

    def is_over(self, membership: Membership) -> bool:
        """Whether who has these rights may decide about a person with that membership.

        On a site its administrators may; about roles on all sites, whoever has no lower one there
        and administers them.
        """
        if membership.site_id is not None:
            return self.may("admin", membership.site_id)
        return self.everywhere >= max(ROLES.index("admin"), ROLES.index(membership.held))

    def demand_installation(self) -> None:
        """Raise Forbidden for everybody but owners: what concerns all sites is theirs alone."""
        if self.everywhere < ROLES.index("owner"):
            raise Forbidden("Only an owner of the installation may do this.")


def rights_of(user: User) -> Rights:
    """Add up a person's memberships."""
    everywhere, by_site = -1, dict[int, int]()
    for membership in user.memberships:
        rank = ROLES.index(membership.held)
        if membership.site_id is None:
            everywhere = max(everywhere, rank)
        else:
            by_site[membership.site_id] = max(by_site.get(membership.site_id, -1), rank)
    return Rights(everywhere, by_site)
