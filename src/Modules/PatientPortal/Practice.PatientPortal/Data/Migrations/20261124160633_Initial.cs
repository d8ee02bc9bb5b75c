using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Practice.PatientPortal.Data.Migrations
{
    /// <inheritdoc />
    public partial class Initial : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.EnsureSchema(name: "portal");

            migrationBuilder.CreateTable(
                name: "accounts",
                schema: "portal",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    user_id = table.Column<Guid>(type: "uuid", nullable: true),
                    first_name = table.Column<string>(type: "text", nullable: false),
                    last_name = table.Column<string>(type: "text", nullable: false),
                    date_of_birth = table.Column<DateOnly>(type: "date", nullable: false),
                    phone = table.Column<string>(type: "text", nullable: true),
                    address = table.Column<string>(type: "text", nullable: true),
                    time_zone = table.Column<string>(type: "text", nullable: false),
                    created_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    xmin = table.Column<uint>(type: "xid", rowVersion: true, nullable: false),
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_accounts", x => x.id);
                }
            );

            migrationBuilder.CreateTable(
                name: "appointments",
                schema: "portal",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    group_id = table.Column<Guid>(type: "uuid", nullable: false),
                    patient_id = table.Column<Guid>(type: "uuid", nullable: false),
                    account_id = table.Column<Guid>(type: "uuid", nullable: true),
                    practitioner_id = table.Column<Guid>(type: "uuid", nullable: false),
                    practitioner_name = table.Column<string>(type: "text", nullable: false),
                    location_id = table.Column<Guid>(type: "uuid", nullable: false),
                    location_name = table.Column<string>(type: "text", nullable: false),
                    starts_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    ends_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    reason = table.Column<string>(type: "text", nullable: true),
                    status = table.Column<string>(type: "text", nullable: false),
                    xmin = table.Column<uint>(type: "xid", rowVersion: true, nullable: false),
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_appointments", x => x.id);
                }
            );

            migrationBuilder.CreateTable(
                name: "clinical_records",
                schema: "portal",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    group_id = table.Column<Guid>(type: "uuid", nullable: false),
                    patient_id = table.Column<Guid>(type: "uuid", nullable: false),
                    account_id = table.Column<Guid>(type: "uuid", nullable: true),
                    author_id = table.Column<Guid>(type: "uuid", nullable: false),
                    author_name = table.Column<string>(type: "text", nullable: false),
                    kind = table.Column<string>(type: "text", nullable: false),
                    title = table.Column<string>(type: "text", nullable: false),
                    body = table.Column<string>(type: "text", nullable: false),
                    recorded_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_clinical_records", x => x.id);
                }
            );

            migrationBuilder.CreateTable(
                name: "grants",
                schema: "portal",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    account_id = table.Column<Guid>(type: "uuid", nullable: true),
                    account_name = table.Column<string>(type: "text", nullable: true),
                    user_id = table.Column<Guid>(type: "uuid", nullable: true),
                    user_name = table.Column<string>(type: "text", nullable: false),
                    user_email = table.Column<string>(type: "text", nullable: false),
                    asked_email = table.Column<string>(type: "text", nullable: true),
                    normalized_asked_email = table.Column<string>(type: "text", nullable: true),
                    asked_role = table.Column<string>(type: "text", nullable: true),
                    role = table.Column<string>(type: "text", nullable: false),
                    level = table.Column<string>(type: "text", nullable: false),
                    status = table.Column<string>(type: "text", nullable: false),
                    ends_on = table.Column<DateOnly>(type: "date", nullable: true),
                    requested_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    approved_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    denied_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    xmin = table.Column<uint>(type: "xid", rowVersion: true, nullable: false),
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_grants", x => x.id);
                }
            );

            migrationBuilder.CreateTable(
                name: "guardians",
                schema: "portal",
                columns: table => new
                {
                    account_id = table.Column<Guid>(type: "uuid", nullable: false),
                    user_id = table.Column<Guid>(type: "uuid", nullable: false),
                    user_name = table.Column<string>(type: "text", nullable: false),
                    user_email = table.Column<string>(type: "text", nullable: false),
                    relationship = table.Column<string>(type: "text", nullable: false),
                    verified_until = table.Column<DateOnly>(type: "date", nullable: true),
                    added_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    ended_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_guardians", x => new { x.account_id, x.user_id });
                }
            );

            migrationBuilder.CreateTable(
                name: "invoices",
                schema: "portal",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    group_id = table.Column<Guid>(type: "uuid", nullable: false),
                    patient_id = table.Column<Guid>(type: "uuid", nullable: false),
                    account_id = table.Column<Guid>(type: "uuid", nullable: true),
                    issued_by_id = table.Column<Guid>(type: "uuid", nullable: false),
                    number = table.Column<string>(type: "text", nullable: false),
                    issued_on = table.Column<DateOnly>(type: "date", nullable: false),
                    due_on = table.Column<DateOnly>(type: "date", nullable: false),
                    currency = table.Column<string>(type: "text", nullable: false),
                    lines = table.Column<string>(type: "jsonb", nullable: false),
                    total = table.Column<decimal>(type: "numeric(18,2)", precision: 18, scale: 2, nullable: false),
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_invoices", x => x.id);
                }
            );

            migrationBuilder.CreateTable(
                name: "offers",
                schema: "portal",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    normalized_email = table.Column<string>(type: "text", nullable: false),
                    account_id = table.Column<Guid>(type: "uuid", nullable: false),
                    grant_id = table.Column<Guid>(type: "uuid", nullable: true),
                    relationship = table.Column<string>(type: "text", nullable: true),
                    added_by_id = table.Column<Guid>(type: "uuid", nullable: true),
                    offered_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_offers", x => x.id);
                }
            );

            migrationBuilder.CreateTable(
                name: "patient_invitations",
                schema: "portal",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    group_id = table.Column<Guid>(type: "uuid", nullable: false),
                    patient_id = table.Column<Guid>(type: "uuid", nullable: false),
                    email = table.Column<string>(type: "text", nullable: false),
                    normalized_email = table.Column<string>(type: "text", nullable: false),
                    for_guardian = table.Column<bool>(type: "boolean", nullable: false),
                    guardian_until = table.Column<DateOnly>(type: "date", nullable: true),
                    token_hash = table.Column<string>(type: "text", nullable: true),
                    created_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    claimed_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_patient_invitations", x => x.id);
                }
            );

            migrationBuilder.CreateTable(
                name: "patients",
                schema: "portal",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    group_id = table.Column<Guid>(type: "uuid", nullable: false),
                    practice_name = table.Column<string>(type: "text", nullable: false),
                    first_name = table.Column<string>(type: "text", nullable: false),
                    last_name = table.Column<string>(type: "text", nullable: false),
                    email = table.Column<string>(type: "text", nullable: true),
                    date_of_birth = table.Column<DateOnly>(type: "date", nullable: false),
                    location_id = table.Column<Guid>(type: "uuid", nullable: true),
                    added_by_id = table.Column<Guid>(type: "uuid", nullable: false),
                    account_id = table.Column<Guid>(type: "uuid", nullable: true),
                    added_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    xmin = table.Column<uint>(type: "xid", rowVersion: true, nullable: false),
                    search_text = table.Column<string>(
                        type: "text",
                        nullable: true,
                        computedColumnSql: "lower((first_name || ' ' || last_name || ' ' || first_name || ' ' || coalesce(email, '')) "
                            + "collate \"und-x-icu\")",
                        stored: true
                    ),
                    sort_name = table.Column<string>(
                        type: "text",
                        nullable: true,
                        computedColumnSql: "lower((last_name || ' ' || first_name) collate \"und-x-icu\")",
                        stored: true,
                        collation: "und-x-icu"
                    ),
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_patients", x => x.id);
                }
            );

            migrationBuilder.CreateTable(
                name: "receipts",
                schema: "portal",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    account_id = table.Column<Guid>(type: "uuid", nullable: false),
                    group_id = table.Column<Guid>(type: "uuid", nullable: true),
                    practice_name = table.Column<string>(type: "text", nullable: true),
                    at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    user_id = table.Column<Guid>(type: "uuid", nullable: false),
                    user_name = table.Column<string>(type: "text", nullable: false),
                    authority = table.Column<string>(type: "text", nullable: false),
                    grant_id = table.Column<Guid>(type: "uuid", nullable: true),
                    opened = table.Column<string>(type: "text", nullable: false),
                    subject_id = table.Column<Guid>(type: "uuid", nullable: true),
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_receipts", x => x.id);
                }
            );

            migrationBuilder.CreateTable(
                name: "requests",
                schema: "portal",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    group_id = table.Column<Guid>(type: "uuid", nullable: false),
                    patient_id = table.Column<Guid>(type: "uuid", nullable: false),
                    account_id = table.Column<Guid>(type: "uuid", nullable: false),
                    kind = table.Column<string>(type: "text", nullable: false),
                    text = table.Column<string>(type: "text", nullable: true),
                    starts_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    practitioner_id = table.Column<Guid>(type: "uuid", nullable: true),
                    location_id = table.Column<Guid>(type: "uuid", nullable: true),
                    appointment_id = table.Column<Guid>(type: "uuid", nullable: true),
                    sent_by_id = table.Column<Guid>(type: "uuid", nullable: true),
                    sent_by_name = table.Column<string>(type: "text", nullable: false),
                    acting_for = table.Column<string>(type: "text", nullable: false),
                    status = table.Column<string>(type: "text", nullable: false),
                    sent_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    decided_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    xmin = table.Column<uint>(type: "xid", rowVersion: true, nullable: false),
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_requests", x => x.id);
                }
            );

            migrationBuilder.CreateIndex(
                name: "ix_accounts_user_id",
                schema: "portal",
                table: "accounts",
                column: "user_id",
                unique: true
            );

            migrationBuilder.CreateIndex(
                name: "ix_appointments_account_id_id",
                schema: "portal",
                table: "appointments",
                columns: new[] { "account_id", "id" }
            );

            migrationBuilder.CreateIndex(
                name: "ix_appointments_group_id_starts_at_id",
                schema: "portal",
                table: "appointments",
                columns: new[] { "group_id", "starts_at", "id" }
            );

            migrationBuilder.CreateIndex(
                name: "ix_appointments_patient_id_id",
                schema: "portal",
                table: "appointments",
                columns: new[] { "patient_id", "id" }
            );

            migrationBuilder.CreateIndex(
                name: "ix_clinical_records_account_id_id",
                schema: "portal",
                table: "clinical_records",
                columns: new[] { "account_id", "id" }
            );

            migrationBuilder.CreateIndex(
                name: "ix_clinical_records_patient_id_id",
                schema: "portal",
                table: "clinical_records",
                columns: new[] { "patient_id", "id" }
            );

            migrationBuilder.CreateIndex(
                name: "ix_grants_account_id_id",
                schema: "portal",
                table: "grants",
                columns: new[] { "account_id", "id" }
            );

            migrationBuilder.CreateIndex(
                name: "ix_grants_user_id_id",
                schema: "portal",
                table: "grants",
                columns: new[] { "user_id", "id" }
            );

            migrationBuilder.CreateIndex(
                name: "ix_grants_user_id_normalized_asked_email",
                schema: "portal",
                table: "grants",
                columns: new[] { "user_id", "normalized_asked_email" },
                unique: true,
                filter: "status = 'Pending'"
            );

            migrationBuilder.CreateIndex(
                name: "ix_guardians_user_id",
                schema: "portal",
                table: "guardians",
                column: "user_id"
            );

            migrationBuilder.CreateIndex(
                name: "ix_invoices_account_id_id",
                schema: "portal",
                table: "invoices",
                columns: new[] { "account_id", "id" }
            );

            migrationBuilder.CreateIndex(
                name: "ix_invoices_group_id_number",
                schema: "portal",
                table: "invoices",
                columns: new[] { "group_id", "number" },
                unique: true
            );

            migrationBuilder.CreateIndex(
                name: "ix_invoices_patient_id_id",
                schema: "portal",
                table: "invoices",
                columns: new[] { "patient_id", "id" }
            );

            migrationBuilder.CreateIndex(
                name: "ix_offers_normalized_email_account_id",
                schema: "portal",
                table: "offers",
                columns: new[] { "normalized_email", "account_id" }
            );

            migrationBuilder.CreateIndex(
                name: "ix_patient_invitations_group_id_patient_id",
                schema: "portal",
                table: "patient_invitations",
                columns: new[] { "group_id", "patient_id" }
            );

            migrationBuilder.CreateIndex(
                name: "ix_patient_invitations_token_hash",
                schema: "portal",
                table: "patient_invitations",
                column: "token_hash"
            );

            migrationBuilder.CreateIndex(
                name: "ix_patients_account_id_group_id",
                schema: "portal",
                table: "patients",
                columns: new[] { "account_id", "group_id" }
            );

            migrationBuilder.CreateIndex(
                name: "ix_patients_group_id_sort_name_id",
                schema: "portal",
                table: "patients",
                columns: new[] { "group_id", "sort_name", "id" }
            );

            migrationBuilder.CreateIndex(
                name: "ix_receipts_account_id_id",
                schema: "portal",
                table: "receipts",
                columns: new[] { "account_id", "id" }
            );

            migrationBuilder.CreateIndex(
                name: "ix_requests_account_id_id",
                schema: "portal",
                table: "requests",
                columns: new[] { "account_id", "id" }
            );

            migrationBuilder.CreateIndex(
                name: "ix_requests_group_id_id",
                schema: "portal",
                table: "requests",
                columns: new[] { "group_id", "id" }
            );

            RowPolicies.Create(migrationBuilder);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(name: "accounts", schema: "portal");

            migrationBuilder.DropTable(name: "appointments", schema: "portal");

            migrationBuilder.DropTable(name: "clinical_records", schema: "portal");

            migrationBuilder.DropTable(name: "grants", schema: "portal");

            migrationBuilder.DropTable(name: "guardians", schema: "portal");

            migrationBuilder.DropTable(name: "invoices", schema: "portal");

            migrationBuilder.DropTable(name: "offers", schema: "portal");

            migrationBuilder.DropTable(name: "patient_invitations", schema: "portal");

            migrationBuilder.DropTable(name: "patients", schema: "portal");

            migrationBuilder.DropTable(name: "receipts", schema: "portal");

            migrationBuilder.DropTable(name: "requests", schema: "portal");
        }
    }
}
