using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Practice.Shared.Persistence;

namespace Practice.PatientPortal.Data.Migrations;

/// <summary>Text messages, and the ledger of a practice's credit for them. New tables: an older host runs on.</summary>
[DbContext(typeof(PatientPortalDbContext))]
[Migration("20261129120300_MessageCredit")]
internal sealed class MessageCreditTables : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder)
    {
        migrationBuilder.Sql(
            """
            create table portal.texts (
                id uuid constraint pk_texts primary key,
                group_id uuid not null,
                appointment_id uuid not null,
                status text not null,
                gateway_id text,
                problem text,
                created_at timestamptz not null,
                changed_at timestamptz not null);
            create table portal.message_credits (
                group_id uuid constraint pk_message_credits primary key,
                balance integer not null default 0 constraint ck_message_credits_balance check (balance >= 0),
                low_balance integer not null default 20,
                owners_told boolean not null default false,
                revision integer not null default 0);
            create table portal.credit_entries (
                id uuid constraint pk_credit_entries primary key,
                group_id uuid not null,
                at timestamptz not null,
                kind text not null,
                amount integer not null,
                note text,
                by_id uuid,
                text_id uuid);
            create index ix_credit_entries_group_id_id on portal.credit_entries (group_id, id);
            create unique index ix_credit_entries_text_id_kind on portal.credit_entries (text_id, kind);

            -- The balance is the sum of the ledger: whoever writes an entry writes it too, or neither.
            create function portal.add_credit_up() returns trigger language plpgsql as $$
            begin
                insert into portal.message_credits (group_id) values (new.group_id) on conflict do nothing;
                update portal.message_credits set balance = balance + new.amount where group_id = new.group_id;
                return null;
            end $$;
            create trigger add_credit_up after insert on portal.credit_entries
            for each row execute function portal.add_credit_up();

            create function portal.keep_credit_entries() returns trigger language plpgsql as $$
            begin
                raise exception 'the ledger of message credit only grows' using errcode = 'restrict_violation';
            end $$;
            create trigger keep_credit_entries after update on portal.credit_entries
            for each row when (old.* is distinct from new.*) execute function portal.keep_credit_entries();
            create trigger keep_credit_entries_deleted after delete on portal.credit_entries
            for each row execute function portal.keep_credit_entries();
            create trigger keep_credit_entries_whole before truncate on portal.credit_entries
            for each statement execute function portal.keep_credit_entries();
            """
        );
        migrationBuilder.ProtectByGroup("portal", "texts");
        migrationBuilder.ProtectByGroup("portal", "message_credits");
        migrationBuilder.ProtectByGroup("portal", "credit_entries");
    }

    protected override void Down(MigrationBuilder migrationBuilder) =>
        migrationBuilder.Sql(
            """
            drop table portal.credit_entries, portal.message_credits, portal.texts;
            drop function portal.add_credit_up, portal.keep_credit_entries;
            """
        );
}
