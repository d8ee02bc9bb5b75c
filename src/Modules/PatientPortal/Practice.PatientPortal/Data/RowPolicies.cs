using Microsoft.EntityFrameworkCore.Migrations;
using Practice.PatientPortal.Domain;
using Practice.Shared.Persistence;

namespace Practice.PatientPortal.Data;

/// <summary>
/// Whose rows these are: a practice's records belong to its group, and show besides to whoever has opened the portal account that
/// they are linked to; grants and guardians belong to the account, and show to the person that they are for.
/// </summary>
internal static class RowPolicies
{
    private const string Schema = PatientPortalDbContext.SchemaName;
    private const string InAccount = $"account_id = {RowSecurity.EnteredAccount}";
    private const string OwnRow = $"user_id = {RowSecurity.Person}";

    public static void Create(MigrationBuilder migration)
    {
        Protect(migration, "accounts", $"id = {RowSecurity.EnteredAccount}");
        Also(migration, "accounts", $"id = any({RowSecurity.OwnAccounts})");
        Protect(migration, "guardians", InAccount);
        Also(migration, "guardians", OwnRow);
        Protect(migration, "grants", $"{InAccount} or {OwnRow}");

        // Receipts are written by the account's visitors and by a practice's staff, and read by the holder alone.
        migration.Sql(
            $"""
            alter table {Schema}.receipts enable row level security;
            alter table {Schema}.receipts force row level security;
            create policy append on {Schema}.receipts for insert with check ({InAccount} or group_id = {RowSecurity.EnteredGroup});
            create policy by_account on {Schema}.receipts for select using ({InAccount} and (
                opened not in ('{string.Join(
                "', '",
                AccessReceipt.ClinicalOpenings
            )}') or {RowSecurity.MaySeeClinical}));
            """
        );

        migration.ProtectByGroup(Schema, "patients", alsoVisible: InAccount);
        AtLocation(migration, "patients");
        migration.ProtectByGroup(Schema, "patient_invitations");
        OfPatient(migration, "patient_invitations");
        migration.ProtectByGroup(Schema, "appointments");
        InPortal(migration, "appointments", InAccount); // also to cancel
        OfPatient(migration, "appointments");
        AtLocation(migration, "appointments");
        migration.ProtectByGroup(Schema, "invoices", alsoVisible: InAccount);
        OfPatient(migration, "invoices");
        migration.ProtectByGroup(
            Schema,
            "clinical_records",
            alsoVisible: $"{InAccount} and {RowSecurity.MaySeeClinical}"
        );
        OfPatient(migration, "clinical_records");
        migration.ProtectByGroup(Schema, "requests");
        InPortal(migration, "requests", $"{InAccount} and (kind <> 'HealthNote' or {RowSecurity.MaySeeClinical})");
        OfPatient(migration, "requests");
    }

    public static void NarrowOffersAndGrants(MigrationBuilder migration)
    {
        // What waits for whoever proves an address belongs to the account, and shows besides to the system as it acts for that person.
        Protect(migration, "offers", InAccount);
        Also(migration, "offers", $"normalized_email = {RowSecurity.ProvedAddress}");

        // People ask before anybody knows whom: a row of one's own that names an account is made by those who have it open, or found by the system.
        migration.Sql(
            $"""
            drop policy by_account on {Schema}.grants;
            create policy by_account on {Schema}.grants using ({InAccount}) with check ({InAccount});
            create policy own on {Schema}.grants for select using ({OwnRow});
            create policy asks on {Schema}.grants for insert with check ({OwnRow} and account_id is null);
            create policy own_changes on {Schema}.grants for update using ({OwnRow}) with check ({OwnRow});
            create policy own_ends on {Schema}.grants for delete using ({OwnRow});
            """
        );
    }

    private static void Protect(MigrationBuilder migration, string table, string condition) =>
        migration.Sql(
            $"""
            alter table {Schema}.{table} enable row level security;
            alter table {Schema}.{table} force row level security;
            create policy by_account on {Schema}.{table} using ({condition}) with check ({condition});
            """
        );

    private static void Also(MigrationBuilder migration, string table, string condition) =>
        migration.Sql($"create policy also_visible on {Schema}.{table} for select using ({condition});");

    private static void InPortal(MigrationBuilder migration, string table, string condition) =>
        migration.Sql($"create policy by_account on {Schema}.{table} using ({condition}) with check ({condition});");

    /// <summary>Who can't see the patient sees nothing of theirs.</summary>
    private static void OfPatient(MigrationBuilder migration, string table) =>
        migration.Sql(
            $"""
            create policy of_patient on {Schema}.{table} as restrictive using (exists (
                select from {Schema}.patients patient where patient.id = {table}.patient_id));
            """
        );

    /// <summary>Narrows staff who are restricted to locations, and not those who come by the portal account.</summary>
    private static void AtLocation(MigrationBuilder migration, string table) =>
        migration.Sql(
            $"""
            create policy by_location on {Schema}.{table} as restrictive using (
                (select current_setting('app.location_ids', true)) = '*'
                or location_id = any ((select nullif(nullif(current_setting('app.location_ids', true), ''), '*'))::uuid[])
                or {InAccount});
            """
        );
}
