"""Judgements of staff."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the database from 0001 to 0002."""
    op.create_table(
        "judgement",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("relation", sa.String(length=16), nullable=False),
        sa.Column("one_id", sa.Integer(), nullable=False),
        sa.Column("other_id", sa.Integer(), nullable=True),
        sa.Column("name", sa.Text(), server_default="", nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("note", sa.Text(), server_default="", nullable=False),
        sa.Column("undoes", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["one_id"], ["organisation.id"], name=op.f("fk_judgement_one_id_organisation")),
        sa.ForeignKeyConstraint(["other_id"], ["organisation.id"], name=op.f("fk_judgement_other_id_organisation")),
        sa.ForeignKeyConstraint(["undoes"], ["judgement.id"], name=op.f("fk_judgement_undoes_judgement")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_judgement")),
        sa.UniqueConstraint("undoes", name=op.f("uq_judgement_undoes")),
    )
    op.create_index(op.f("ix_judgement_one_id"), "judgement", ["one_id"], unique=False)
    op.create_index(op.f("ix_judgement_other_id"), "judgement", ["other_id"], unique=False)
    op.create_table(
        "proposal",
        sa.Column("one_id", sa.Integer(), nullable=False),
        sa.Column("other_id", sa.Integer(), nullable=False),
        sa.Column("score", sa.Float(), nullable=False),
        sa.Column("reasons", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["one_id"], ["organisation.id"], name=op.f("fk_proposal_one_id_organisation")),
        sa.ForeignKeyConstraint(["other_id"], ["organisation.id"], name=op.f("fk_proposal_other_id_organisation")),
        sa.PrimaryKeyConstraint("one_id", "other_id", name=op.f("pk_proposal")),
    )


def downgrade() -> None:
    """Refuse: the way back is the backup that `harvester db upgrade` made."""
    raise NotImplementedError
