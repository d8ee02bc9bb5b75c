using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Practice.Shared.Persistence;

namespace Practice.PatientPortal.Data.Migrations;

/// <summary>By what calendars know a change of an appointment, and its reminder. An older host runs on.</summary>
[DbContext(typeof(PatientPortalDbContext))]
[Migration("20261129120000_AppointmentMessages")]
internal sealed class AppointmentMessages : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder)
    {
        migrationBuilder.Sql(
            """
            alter table portal.appointments add sequence integer not null default 0;
            create table portal.appointment_reminders (
                appointment_id uuid constraint pk_appointment_reminders primary key,
                group_id uuid not null,
                starts_at timestamptz not null,
                due_at timestamptz,
                reminded_at timestamptz);
            """
        );
        migrationBuilder.ProtectByGroup("portal", "appointment_reminders");
    }

    protected override void Down(MigrationBuilder migrationBuilder) =>
        migrationBuilder.Sql(
            """
            drop table portal.appointment_reminders;
            alter table portal.appointments drop sequence;
            """
        );
}
