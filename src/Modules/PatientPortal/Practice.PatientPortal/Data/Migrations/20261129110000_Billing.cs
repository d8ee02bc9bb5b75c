using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Practice.Shared.Persistence;

#nullable disable

namespace Practice.PatientPortal.Data.Migrations
{
    /// <summary>
    /// Invoices have a status, payments, a practitioner and a location, and numbers of the practice's own sequence. The
    /// release before goes on issuing invoices beside this one: the new columns have defaults, and the trigger keeps
    /// the sequence clear of the numbers that it is given.
    /// </summary>
    [DbContext(typeof(PatientPortalDbContext))]
    [Migration("20261129110000_Billing")]
    public sealed class Billing : Migration
    {
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.Sql(
                """
                alter table portal.invoices
                    add location_id uuid,
                    add practitioner_id uuid,
                    add status text not null default 'Issued',
                    add paid numeric not null default 0,
                    add payments jsonb not null default '[]',
                    add voided_at timestamptz,
                    add voided_by_id uuid,
                    add void_reason text;
                update portal.invoices
                set practitioner_id = issued_by_id, status = case when total = 0 then 'Paid' else 'Issued' end;

                create index ix_invoices_group_id_issued_on_id on portal.invoices (group_id, issued_on, id);
                create index ix_invoices_group_id_status_issued_on_id
                    on portal.invoices (group_id, status, issued_on, id);
                create index ix_invoices_group_id_practitioner_id_issued_on_id
                    on portal.invoices (group_id, practitioner_id, issued_on, id);
                create index ix_invoices_group_id_issued_by_id_issued_on_id
                    on portal.invoices (group_id, issued_by_id, issued_on, id);

                -- The last number of each practice's sequence, and the given numbers that it will reach.
                create table portal.invoice_counters (
                    group_id uuid constraint pk_invoice_counters primary key,
                    last bigint not null);
                create table portal.invoice_numbers_ahead (
                    group_id uuid,
                    number bigint,
                    constraint pk_invoice_numbers_ahead primary key (group_id, number));
                insert into portal.invoice_numbers_ahead (group_id, number)
                select group_id, number::bigint from portal.invoices where number ~ '^[1-9][0-9]{0,17}$';

                -- Who inserts invoices writes here too, at once: hosts are running.
                select search.share_rights('portal.invoices', 'portal.invoice_counters');
                select search.share_rights('portal.invoices', 'portal.invoice_numbers_ahead');

                -- One after the other in a practice, until the end of the transaction: the counter goes back with it.
                create function portal.next_invoice_number(p_group uuid) returns bigint language plpgsql as $$
                declare reached bigint;
                begin
                    perform pg_advisory_xact_lock(hashtextextended(p_group::text, 7));
                    insert into portal.invoice_counters as counter (group_id, last) values (p_group, 1)
                    on conflict (group_id) do update set last = counter.last + 1
                    returning last into reached;
                    while exists (
                        select from portal.invoice_numbers_ahead where group_id = p_group and number = reached)
                    loop
                        reached := reached + 1;
                    end loop;
                    update portal.invoice_counters set last = reached where group_id = p_group;
                    delete from portal.invoice_numbers_ahead where group_id = p_group and number < reached;
                    return reached;
                end $$;

                -- The release before names neither, while both run.
                create function portal.bill_own_work() returns trigger language plpgsql as $$
                begin
                    new.practitioner_id := new.issued_by_id;
                    if new.total = 0 then
                        new.status := 'Paid';
                    end if;
                    return new;
                end $$;
                create trigger bill_own_work before insert on portal.invoices
                for each row when (new.practitioner_id is null) execute function portal.bill_own_work();

                -- Before the row: who is given a number waits here for who takes the next one, and not at the index,
                -- where each would wait for the other.
                create function portal.keep_invoice_number() returns trigger language plpgsql as $$
                declare reached bigint;
                begin
                    perform pg_advisory_xact_lock(hashtextextended(new.group_id::text, 7));
                    select last into reached from portal.invoice_counters where group_id = new.group_id;
                    if new.number::bigint > coalesce(reached, 0) then
                        insert into portal.invoice_numbers_ahead (group_id, number)
                        values (new.group_id, new.number::bigint) on conflict do nothing;
                    end if;
                    return new;
                end $$;
                create trigger keep_invoice_number before insert on portal.invoices
                for each row when (new.number ~ '^[1-9][0-9]{0,17}$') execute function portal.keep_invoice_number();
                """
            );
            migrationBuilder.ProtectByGroup("portal", "invoice_counters");
            migrationBuilder.ProtectByGroup("portal", "invoice_numbers_ahead");
        }

        protected override void Down(MigrationBuilder migrationBuilder) =>
            migrationBuilder.Sql(
                """
                drop trigger keep_invoice_number on portal.invoices;
                drop trigger bill_own_work on portal.invoices;
                drop function portal.keep_invoice_number, portal.next_invoice_number, portal.bill_own_work;
                drop table portal.invoice_numbers_ahead, portal.invoice_counters;
                alter table portal.invoices
                    drop location_id, drop practitioner_id, drop status, drop paid, drop payments, drop voided_at,
                    drop voided_by_id, drop void_reason;
                """
            );
    }
}
