"""Half-filled forms, kept with the (encrypted) file so that nothing typed is lost: one a person and kind of form.

They are nobody's business but the typist's: not journaled, never sent to another site.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from aidtrack.domain.actor import Actor
from aidtrack.store.accounts import Draft


def keep_draft(session: Session, by: Actor, *, kind: str, body: Mapping[str, Any]) -> None:
    """Keeps what stands in a form now, in place of what stood there before."""
    row = _row(session, by, kind)
    if row is None:
        session.add(Draft(user_key=_key(by), kind=kind, body=dict(body), at=by.now()))
    else:
        row.body, row.at = dict(body), by.now()
    session.flush()


def kept_draft(session: Session, by: Actor, *, kind: str) -> Mapping[str, Any] | None:
    """What was typed and not saved, if anything."""
    row = _row(session, by, kind)
    return row.body if row is not None else None


def drop_draft(session: Session, by: Actor, *, kind: str) -> None:
    """The form was saved or given up."""
    session.execute(delete(Draft).where(Draft.user_key == _key(by), Draft.kind == kind))


def _row(session: Session, by: Actor, kind: str) -> Draft | None:
    return session.scalar(select(Draft).where(Draft.user_key == _key(by), Draft.kind == kind))


def _key(by: Actor) -> str:
    return by.user_id.hex if by.user_id else by.name
