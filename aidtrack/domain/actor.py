"""Who acts, where, and by which clock. Every use case is handed one; none reads the clock of the machine itself."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from aidtrack.domain.access import Permission, Role, may
from aidtrack.errors import NotAllowed, Refused, Text


@dataclass(frozen=True, slots=True)
class Actor:
    """A person at a desk with roles, or the console of the machine."""

    user_id: UUID | None
    name: str
    roles: frozenset[Role]
    clock: Callable[[], datetime]
    site_id: UUID | None = None
    desk_id: UUID | None = None

    def now(self) -> datetime:
        """The moment of acting, aware, in UTC."""
        return self.clock()

    @property
    def site(self) -> UUID:
        """The site acted at; a use case of a site is refused without one."""
        if self.site_id is None:
            raise Refused(
                "no-site", Text("Choose the centre first: this computer does not know which one it stands in.")
            )
        return self.site_id

    @property
    def desk(self) -> UUID:
        """The window acted at; a use case of a window is refused without one."""
        if self.desk_id is None:
            raise Refused("no-desk", Text("Choose the window first: Settings, This computer."))
        return self.desk_id

    def may(self, permission: Permission) -> bool:
        """Whether one of the roles carries the permission."""
        return may(self.roles, permission)

    def require(self, permission: Permission) -> None:
        """Raises NotAllowed unless one of the roles carries the permission."""
        if not self.may(permission):
            raise NotAllowed("not-allowed", Text("This needs another role. Ask the shift lead or the coordinator."))
