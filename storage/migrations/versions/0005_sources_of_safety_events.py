"""More that a safety event can come from than what a person wrote or answered.

Revision ID: 0005
Revises: 0004
"""

from __future__ import annotations

from alembic import op

from storage import online

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

BEFORE = "'text', 'assessment_item', 'screening_failed'"
ADDED = "'reply', 'person', 'score', 'pattern', 'missed_check_in'"


def upgrade() -> None:
    online.add_constraint(
        "ck_safety_events_source", "safety_events", f"CHECK (source IN ({BEFORE}, {ADDED}))"
    )


def downgrade() -> None:
    """Rows that came from elsewhere stay, and only new ones are refused."""
    op.execute("ALTER TABLE app.safety_events DROP CONSTRAINT ck_safety_events_source")
    op.execute(
        "ALTER TABLE app.safety_events ADD CONSTRAINT ck_safety_events_source"
        f" CHECK (source IN ({BEFORE})) NOT VALID"
    )
