"""The hub's store as it begins."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Make all tables."""
    op.create_table(
        "acts",
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("asker", sa.String(length=600), nullable=False),
        sa.Column("asker_name", sa.String(length=120), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("said", sa.Text(), nullable=False),
        sa.Column("officer", sa.String(length=600), nullable=False),
        sa.Column("made", sa.Double(), nullable=False),
        sa.Column("state", sa.String(length=24), nullable=False),
        sa.Column("request", sa.String(length=64), nullable=True),
        sa.Column("second_name", sa.String(length=120), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_acts")),
    )
    op.create_index(op.f("ix_acts_made"), "acts", ["made"], unique=False)
    op.create_index(op.f("ix_acts_officer_made"), "acts", ["officer", "made"], unique=False)
    op.create_table(
        "audit_checkpoints",
        sa.Column("seq", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("at", sa.Double(), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("hub", sa.String(length=64), nullable=False),
        sa.Column("public_key", sa.String(length=64), nullable=False),
        sa.Column("signature", sa.String(length=120), nullable=False),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_audit_checkpoints")),
    )
    op.create_table(
        "audit_head",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("seq", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_head")),
    )
    op.create_table(
        "audit_holds",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("officer", sa.String(length=600), nullable=False),
        sa.Column("terminal", sa.String(length=120), nullable=False),
        sa.Column("since", sa.Double(), nullable=True),
        sa.Column("until", sa.Double(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("made", sa.Double(), nullable=False),
        sa.Column("made_by", sa.String(length=600), nullable=False),
        sa.Column("ended", sa.Double(), nullable=True),
        sa.Column("ended_by", sa.String(length=600), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_holds")),
    )
    op.create_table(
        "audit_rows",
        sa.Column("seq", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("at", sa.Double(), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("happened", sa.Double(), nullable=False),
        sa.Column("actor", sa.String(length=600), nullable=False),
        sa.Column("actor_name", sa.String(length=120), nullable=False),
        sa.Column("subject", sa.String(length=600), nullable=False),
        sa.Column("station", sa.String(length=64), nullable=False),
        sa.Column("terminal", sa.String(length=120), nullable=False),
        sa.Column("reference", sa.String(length=120), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("details", sa.Text(), nullable=False),
        sa.Column("salt", sa.String(length=64), nullable=False),
        sa.Column("retired", sa.Double(), nullable=True),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_audit_rows")),
    )
    op.create_index(
        "ix_audit_rows_kept",
        "audit_rows",
        ["at"],
        unique=False,
        postgresql_where=sa.text("retired IS NULL"),
        sqlite_where=sa.text("retired IS NULL"),
    )
    op.create_index(op.f("ix_audit_rows_subject_happened"), "audit_rows", ["subject", "happened"], unique=False)
    op.create_index(op.f("ix_audit_rows_terminal_happened"), "audit_rows", ["terminal", "happened"], unique=False)
    op.create_table(
        "barred_told",
        sa.Column("station", sa.String(length=64), nullable=False),
        sa.Column("version", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("at", sa.Double(), nullable=False),
        sa.PrimaryKeyConstraint("station", name=op.f("pk_barred_told")),
    )
    op.create_table(
        "brought",
        sa.Column("station", sa.String(length=64), nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("from_sitting", sa.String(length=64), nullable=False),
        sa.Column("to_sitting", sa.String(length=64), nullable=False),
        sa.Column("at", sa.Double(), nullable=False),
        sa.PrimaryKeyConstraint("station", "key", name=op.f("pk_brought")),
    )
    op.create_index(op.f("ix_brought_at"), "brought", ["at"], unique=False)
    op.create_table(
        "cases",
        sa.Column("case", sa.String(length=64), nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("analyst", sa.String(length=600), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("opened", sa.Double(), nullable=False),
        sa.Column("verified", sa.String(length=600), nullable=True),
        sa.Column("verified_until", sa.Double(), nullable=True),
        sa.PrimaryKeyConstraint("case", name=op.f("pk_cases")),
        sa.UniqueConstraint("analyst", "key", name=op.f("uq_cases_analyst_key")),
    )
    op.create_index(op.f("ix_cases_opened"), "cases", ["opened"], unique=False)
    op.create_table(
        "chores_done",
        sa.Column("chore", sa.String(length=64), nullable=False),
        sa.Column("at", sa.Double(), nullable=False),
        sa.PrimaryKeyConstraint("chore", name=op.f("pk_chores_done")),
    )
    op.create_table(
        "commands",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("station", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("sitting", sa.String(length=64), nullable=False),
        sa.Column("officer", sa.String(length=600), nullable=False),
        sa.Column("system", sa.String(length=100), nullable=True),
        sa.Column("said", sa.Text(), nullable=False),
        sa.Column("signature", sa.Text(), nullable=False),
        sa.Column("act", sa.String(length=64), nullable=False),
        sa.Column("by_name", sa.String(length=120), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("made", sa.Double(), nullable=False),
        sa.Column("expires", sa.Double(), nullable=False),
        sa.Column("acknowledged_at", sa.Double(), nullable=True),
        sa.Column("acknowledged_boot", sa.String(length=64), nullable=True),
        sa.Column("answer", sa.Text(), nullable=True),
        sa.Column("answered_at", sa.Double(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_commands")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_commands_act"), "commands", ["act"], unique=False)
    op.create_index(op.f("ix_commands_answered_at_expires"), "commands", ["answered_at", "expires"], unique=False)
    op.create_index(op.f("ix_commands_officer_id"), "commands", ["officer", "id"], unique=False)
    op.create_index(op.f("ix_commands_station_id"), "commands", ["station", "id"], unique=False)
    op.create_table(
        "enrolment_codes",
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("made", sa.Double(), nullable=False),
        sa.Column("made_by", sa.String(length=600), nullable=False),
        sa.Column("until", sa.Double(), nullable=False),
        sa.Column("terminal", sa.String(length=120), nullable=False),
        sa.Column("place", sa.String(length=120), nullable=False),
        sa.Column("used_by", sa.String(length=64), nullable=True),
        sa.Column("used_at", sa.Double(), nullable=True),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_enrolment_codes")),
    )
    op.create_table(
        "find_words",
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("id", sa.String(length=600), nullable=False),
        sa.Column("at", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column(
            "word",
            sa.String(length=240).with_variant(sa.String(length=240, collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("kind", "id", "at", name=op.f("pk_find_words")),
    )
    op.create_index(op.f("ix_find_words_kind_rank_word"), "find_words", ["kind", "rank", "word"], unique=False)
    op.create_table(
        "findable",
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("id", sa.String(length=600), nullable=False),
        sa.Column(
            "text",
            sa.String(length=240).with_variant(sa.String(length=240, collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.PrimaryKeyConstraint("kind", "id", name=op.f("pk_findable")),
    )
    op.create_table(
        "happenings",
        sa.Column("station", sa.String(length=64), nullable=False),
        sa.Column("seq", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("terminal", sa.String(length=120), nullable=False),
        sa.Column("place", sa.String(length=120), nullable=False),
        sa.Column("at", sa.Double(), nullable=False),
        sa.Column("received", sa.Double(), nullable=False),
        sa.Column("sitting", sa.String(length=64), nullable=False),
        sa.Column("officer", sa.String(length=600), nullable=False),
        sa.Column("system", sa.String(length=100), nullable=False),
        sa.Column("outcome", sa.String(length=32), nullable=False),
        sa.Column("reference", sa.String(length=80), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("again", sa.Boolean(), nullable=False),
        sa.Column("total_ms", sa.Double(), nullable=False),
        sa.Column("own_ms", sa.Double(), nullable=False),
        sa.Column("bucket", sa.Integer(), nullable=False),
        sa.Column("record", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("station", "seq", name=op.f("pk_happenings")),
    )
    op.create_index(op.f("ix_happenings_at"), "happenings", ["at"], unique=False)
    op.create_index(op.f("ix_happenings_kind_at"), "happenings", ["kind", "at"], unique=False)
    op.create_index(op.f("ix_happenings_officer_at"), "happenings", ["officer", "at"], unique=False)
    op.create_index(op.f("ix_happenings_sitting"), "happenings", ["sitting"], unique=False)
    op.create_table(
        "hub_keys",
        sa.Column("public_key", sa.String(length=64), nullable=False),
        sa.Column("since", sa.Double(), nullable=False),
        sa.PrimaryKeyConstraint("public_key", name=op.f("pk_hub_keys")),
    )
    op.create_table(
        "limits",
        sa.Column("who", sa.String(length=600), nullable=False),
        sa.Column("what", sa.String(length=32), nullable=False),
        sa.Column("spent", sa.Double(), nullable=False),
        sa.Column("at", sa.Double(), nullable=False),
        sa.PrimaryKeyConstraint("who", "what", name=op.f("pk_limits")),
    )
    op.create_index(op.f("ix_limits_at"), "limits", ["at"], unique=False)
    op.create_table(
        "looked_at",
        sa.Column("case", sa.String(length=64), nullable=False),
        sa.Column("subject", sa.String(length=64), nullable=False),
        sa.Column("at", sa.Double(), nullable=False),
        sa.PrimaryKeyConstraint("case", "subject", name=op.f("pk_looked_at")),
    )
    op.create_index(op.f("ix_looked_at_at"), "looked_at", ["at"], unique=False)
    op.create_table(
        "notices",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("given_by", sa.String(length=600), nullable=False),
        sa.Column("given_by_name", sa.String(length=120), nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("said", sa.Text(), nullable=False),
        sa.Column("since", sa.Double(), nullable=False),
        sa.Column("until", sa.Double(), nullable=True),
        sa.Column("over", sa.Double(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notices")),
        sa.UniqueConstraint("given_by", "key", name=op.f("uq_notices_given_by_key")),
    )
    op.create_index(op.f("ix_notices_over_until"), "notices", ["over", "until"], unique=False)
    op.create_table(
        "officers",
        sa.Column("officer", sa.String(length=600), nullable=False),
        sa.Column("number", sa.String(length=120), nullable=False),
        sa.Column("folded_number", sa.String(length=120), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("user_name", sa.String(length=120), nullable=False),
        sa.Column("folded_user_name", sa.String(length=120), nullable=False),
        sa.Column("doubt", sa.String(length=16), nullable=False),
        sa.Column("groups", sa.Text(), nullable=False),
        sa.Column("told_by", sa.String(length=80), nullable=False),
        sa.Column("number_by", sa.String(length=80), nullable=False),
        sa.Column("name_by", sa.String(length=80), nullable=False),
        sa.Column("groups_by", sa.String(length=80), nullable=False),
        sa.Column("seen", sa.Double(), nullable=False),
        sa.PrimaryKeyConstraint("officer", name=op.f("pk_officers")),
    )
    op.create_index(op.f("ix_officers_folded_number"), "officers", ["folded_number"], unique=False)
    op.create_index(op.f("ix_officers_folded_user_name"), "officers", ["folded_user_name"], unique=False)
    op.create_table(
        "processes",
        sa.Column("process", sa.String(length=64), nullable=False),
        sa.Column("began", sa.Double(), nullable=False),
        sa.Column("heard", sa.Double(), nullable=False),
        sa.PrimaryKeyConstraint("process", name=op.f("pk_processes")),
    )
    op.create_table(
        "role_grants",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("officer", sa.String(length=600), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("role", sa.String(length=16), nullable=False),
        sa.Column("granted_by", sa.String(length=600), nullable=False),
        sa.Column("granted_by_name", sa.String(length=120), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("at", sa.Double(), nullable=False),
        sa.Column("until", sa.Double(), nullable=False),
        sa.Column("ended_at", sa.Double(), nullable=True),
        sa.Column("end_told", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_role_grants")),
        sa.UniqueConstraint("granted_by", "key", name=op.f("uq_role_grants_granted_by_key")),
    )
    op.create_index(op.f("ix_role_grants_end_told_until"), "role_grants", ["end_told", "until"], unique=False)
    op.create_index(op.f("ix_role_grants_officer_until"), "role_grants", ["officer", "until"], unique=False)
    op.create_table(
        "second_requests",
        sa.Column("request", sa.String(length=64), nullable=False),
        sa.Column("act_key", sa.String(length=64), nullable=False),
        sa.Column("act", sa.Text(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("officer", sa.String(length=600), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("terminal", sa.String(length=120), nullable=False),
        sa.Column("by", sa.String(length=600), nullable=False),
        sa.Column("by_name", sa.String(length=120), nullable=False),
        sa.Column("by_proof", sa.String(length=16), nullable=False),
        sa.Column("made", sa.Double(), nullable=False),
        sa.Column("expires", sa.Double(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("second", sa.String(length=600), nullable=False),
        sa.Column("second_name", sa.String(length=120), nullable=False),
        sa.Column("decided", sa.Double(), nullable=True),
        sa.Column("station", sa.String(length=64), nullable=False),
        sa.Column("command", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("vouch", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("request", name=op.f("pk_second_requests")),
        sa.UniqueConstraint("act_key", name=op.f("uq_second_requests_act_key")),
    )
    op.create_index(op.f("ix_second_requests_state_expires"), "second_requests", ["state", "expires"], unique=False)
    op.create_table(
        "shown_letters",
        sa.Column("station", sa.String(length=64), nullable=False),
        sa.Column("letters", sa.String(length=6), nullable=False),
        sa.Column("sitting", sa.String(length=64), nullable=True),
        sa.Column("until", sa.Double(), nullable=False),
        sa.Column("spent", sa.Double(), nullable=True),
        sa.PrimaryKeyConstraint("station", "letters", name=op.f("pk_shown_letters")),
    )
    op.create_index(op.f("ix_shown_letters_letters"), "shown_letters", ["letters"], unique=False)
    op.create_table(
        "sittings",
        sa.Column("sitting", sa.String(length=64), nullable=False),
        sa.Column("station", sa.String(length=64), nullable=False),
        sa.Column("terminal", sa.String(length=120), nullable=False),
        sa.Column("place", sa.String(length=120), nullable=False),
        sa.Column("boot", sa.String(length=64), nullable=False),
        sa.Column("officer", sa.String(length=600), nullable=False),
        sa.Column("number", sa.String(length=120), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("user_name", sa.String(length=120), nullable=False),
        sa.Column("proved_by", sa.String(length=120), nullable=False),
        sa.Column("since", sa.Double(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("state_since", sa.Double(), nullable=False),
        sa.Column("systems", sa.Text(), nullable=False),
        sa.Column("open_systems", sa.Integer(), nullable=False),
        sa.Column("unsaved", sa.Integer(), nullable=False),
        sa.Column("running", sa.Integer(), nullable=False),
        sa.Column("ended", sa.Double(), nullable=True),
        sa.Column("end_told", sa.Boolean(), nullable=False),
        sa.Column("ended_reason", sa.String(length=120), nullable=False),
        sa.Column("left_signed_on", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("sitting", name=op.f("pk_sittings")),
    )
    op.create_index(op.f("ix_sittings_ended"), "sittings", ["ended"], unique=False)
    op.create_index(op.f("ix_sittings_officer_ended"), "sittings", ["officer", "ended"], unique=False)
    op.create_index(op.f("ix_sittings_station_ended"), "sittings", ["station", "ended"], unique=False)
    op.create_index(op.f("ix_sittings_terminal_since"), "sittings", ["terminal", "since"], unique=False)
    op.create_table(
        "station_pictures",
        sa.Column("station", sa.String(length=64), nullable=False),
        sa.Column("boot", sa.String(length=64), nullable=False),
        sa.Column("number", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("at", sa.Double(), nullable=False),
        sa.Column("received", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.PrimaryKeyConstraint("station", name=op.f("pk_station_pictures")),
    )
    op.create_table(
        "stations",
        sa.Column("station", sa.String(length=64), nullable=False),
        sa.Column("public_key", sa.String(length=64), nullable=False),
        sa.Column("terminal", sa.String(length=120), nullable=False),
        sa.Column("place", sa.String(length=120), nullable=False),
        sa.Column("version", sa.String(length=120), nullable=False),
        sa.Column("enrolled", sa.Double(), nullable=False),
        sa.Column("quarantined", sa.Double(), nullable=True),
        sa.Column("quarantined_why", sa.Text(), nullable=False),
        sa.Column("boot", sa.String(length=64), nullable=False),
        sa.Column("link", sa.String(length=64), nullable=False),
        sa.Column("link_before", sa.String(length=64), nullable=False),
        sa.Column("heard", sa.Double(), nullable=False),
        sa.Column("connected_to", sa.String(length=64), nullable=False),
        sa.Column("connected_at", sa.Double(), nullable=True),
        sa.Column("polled", sa.Double(), nullable=False),
        sa.Column("command", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("elsewhere", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("roles", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.PrimaryKeyConstraint("station", name=op.f("pk_stations")),
        sa.UniqueConstraint("public_key", name=op.f("uq_stations_public_key")),
    )
    op.create_index(op.f("ix_stations_connected_to"), "stations", ["connected_to"], unique=False)
    op.create_index(op.f("ix_stations_place"), "stations", ["place"], unique=False)
    op.create_index(op.f("ix_stations_terminal"), "stations", ["terminal"], unique=False)
    op.create_table(
        "suspended",
        sa.Column("officer", sa.String(length=600), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("folded_user_name", sa.String(length=120), nullable=False),
        sa.Column("folded_number", sa.String(length=120), nullable=False),
        sa.Column("domain", sa.String(length=120), nullable=False),
        sa.Column("since", sa.Double(), nullable=False),
        sa.Column("by", sa.String(length=600), nullable=False),
        sa.Column("by_name", sa.String(length=120), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("officer", name=op.f("pk_suspended")),
    )
    op.create_index(op.f("ix_suspended_folded_number"), "suspended", ["folded_number"], unique=False)
    op.create_index(op.f("ix_suspended_folded_user_name"), "suspended", ["folded_user_name"], unique=False)
    op.create_table(
        "system_names",
        sa.Column("system", sa.String(length=100), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.PrimaryKeyConstraint("system", name=op.f("pk_system_names")),
    )
    op.create_table(
        "tokens",
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("holder", sa.String(length=600), nullable=False),
        sa.Column("extra", sa.Text(), nullable=False),
        sa.Column("until", sa.Double(), nullable=False),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_tokens")),
    )
    op.create_index(op.f("ix_tokens_kind_holder"), "tokens", ["kind", "holder"], unique=False)
    op.create_index(op.f("ix_tokens_until"), "tokens", ["until"], unique=False)
    op.create_table(
        "told",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("station", sa.String(length=64), nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("terminal", sa.String(length=120), nullable=False),
        sa.Column("place", sa.String(length=120), nullable=False),
        sa.Column("at", sa.Double(), nullable=False),
        sa.Column("sitting", sa.String(length=64), nullable=False),
        sa.Column("officer", sa.String(length=600), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("reference", sa.String(length=80), nullable=False),
        sa.Column("system", sa.String(length=100), nullable=False),
        sa.Column("timeline", sa.Text(), nullable=False),
        sa.Column("closed", sa.Double(), nullable=True),
        sa.Column("closed_by", sa.String(length=600), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_told")),
        sa.UniqueConstraint("station", "key", name=op.f("uq_told_station_key")),
    )
    op.create_index(op.f("ix_told_closed_at"), "told", ["closed", "at"], unique=False)
    op.create_table(
        "usual",
        sa.Column("system", sa.String(length=100), nullable=False),
        sa.Column("day", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("bucket", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("n", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.PrimaryKeyConstraint("system", "day", "bucket", name=op.f("pk_usual")),
    )
    op.create_table(
        "usual_hours",
        sa.Column("hour", sa.Integer(), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("hour", name=op.f("pk_usual_hours")),
    )
    op.create_table(
        "versions",
        sa.Column("what", sa.String(length=32), nullable=False),
        sa.Column("version", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.PrimaryKeyConstraint("what", name=op.f("pk_versions")),
    )
