using Microsoft.EntityFrameworkCore.Migrations;
using Practice.PatientPortal.Domain.Accounts;
using Practice.Shared.Persistence;

namespace Practice.PatientPortal.Data;

/// <summary>
/// Who sees which rows. A practice's records belong to its group, and are also visible in the portal account they are
/// linked to. Grants and guardians belong to the account, and are also visible to the person they are for.
/// </summary>
internal static class RowPolicies
{
    private const string Schema = PatientPortalDbContext.SchemaName;
    private const string InAccount = $"account_id = {RowSecurity.AuthorizedAccount}";
    private const string OwnRow = $"user_id = {RowSecurity.Person}";

    private static string ClinicalActions =>
        string.Join("', '", AccessLogEntry.ClinicalActions.Select(action => action.ToCode()));

    public static void Create(MigrationBuilder migration)
    {
        Protect(migration, "accounts", $"id = {RowSecurity.AuthorizedAccount}");
        Also(migration, "accounts", $"id = any({RowSecurity.OwnAccounts})");
        Protect(migration, "guardians", InAccount);
        Also(migration, "guardians", OwnRow);
        Protect(migration, "grants", $"{InAccount} or {OwnRow}");

        // The access log is written by everyone who opens the account, staff too. Only the holder reads it.
        migration.Sql(
            $"""
            alter table {Schema}.receipts enable row level security;
            alter table {Schema}.receipts force row level security;
            create policy append on {Schema}.receipts for insert
                with check ({InAccount} or group_id = {RowSecurity.AuthorizedGroup});
            create policy by_account on {Schema}.receipts for select
                using ({InAccount} and (opened not in ('{ClinicalActions}') or {RowSecurity.MaySeeClinical}));
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

    /// <summary>
    /// A guardian of an adult sees the patients of the practices that have verified them, and of no other. Without the
    /// patient there are no records either (<see cref="OfPatient"/>).
    /// </summary>
    public static void NarrowToOpenedPractices(MigrationBuilder migration)
    {
        migration.Sql(
            $"""
            alter policy also_visible on {Schema}.patients using ({InAccount} and {RowSecurity.OpensPractice});
            alter policy by_account on {Schema}.receipts using (
                {InAccount}
                and ({RowSecurity.OpensPractice} or (group_id is null and (subject_id is null or {OwnRow})))
                and (opened not in ('{ClinicalActions}') or {RowSecurity.MaySeeClinical}));
            """
        );
    }

    /// <summary>
    /// A practice that has unlinked its patient shows in the access log no more: the account was another person's.
    /// </summary>
    public static void HideUnlinkedPracticesInLog(MigrationBuilder migration, bool suppressTransaction = false)
    {
        migration.Sql(
            $"""
            alter policy by_account on {Schema}.receipts using (
                {InAccount}
                and ({RowSecurity.OpensPractice} or (group_id is null and (subject_id is null or {OwnRow})))
                and (group_id is null or exists (
                    select from {Schema}.patients linked
                    where linked.account_id = receipts.account_id and linked.group_id = receipts.group_id offset 0))
                and (opened not in ('{ClinicalActions}') or {RowSecurity.MaySeeClinical}));
            """,
            suppressTransaction
        );
    }

    /// <summary>
    /// What a practice has paused for a person is not there for them: the rows of a patient follow the patient
    /// (<see cref="OfPatient"/>). A pause is its practice's; the holder sees it too.
    /// </summary>
    public static void OfAccessPauses(MigrationBuilder migration)
    {
        migration.Sql(
            $"""
            alter policy also_visible on {Schema}.patients using (
                case when {InAccount} and {RowSecurity.OpensPractice} and {RowSecurity.NotPaused}
                    then true else false end);
            """
        );
        migration.ProtectByGroup(
            Schema,
            "access_pauses",
            alsoVisible: $"case when {InAccount} then true else false end"
        );
    }

    /// <summary>Who sees the record sees its files.</summary>
    public static void OfAttachments(MigrationBuilder migration)
    {
        Follow("attachments", "clinical_records", "record_id");
        Follow("attachment_chunks", "attachments", "attachment_id");

        void Follow(string table, string parent, string column)
        {
            // Looked up by key, as in PatientOf.
            var seen = $"exists (select from {Schema}.{parent} parent where parent.id = {table}.{column} offset 0)";
            migration.ProtectByGroup(
                Schema,
                table,
                alsoVisible: $"case when {RowSecurity.AuthorizedAccount} is not null and {seen} "
                    + "then true else false end"
            );
            var written = $"group_id = {RowSecurity.AuthorizedGroup} and {seen}";
            migration.Sql($"alter policy by_group on {Schema}.{table} using ({written}) with check ({written});");
        }
    }

    public static void NarrowOffersAndGrants(MigrationBuilder migration)
    {
        // What waits for an address belongs to the account. The system also sees it while it acts for that address.
        Protect(migration, "offers", InAccount);
        Also(migration, "offers", $"normalized_email = {RowSecurity.ConfirmedAddress}");

        // A request names no account when its person makes it. Only the system, acting in the account, links it later.
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

    /// <summary>
    /// A request belongs to the account. The person who is asked sees it, and so does the one who asks, to be limited.
    /// </summary>
    public static void OfGuardianshipRequests(MigrationBuilder migration)
    {
        const string table = "guardianship_requests";
        Protect(migration, table, InAccount);
        Also(
            migration,
            table,
            $"{OwnRow} or asked_by_id = {RowSecurity.Person} or normalized_email = {RowSecurity.ConfirmedAddress}"
        );
    }

    /// <summary>
    /// What comes from the portal for one location is not for members who are restricted to others. What names none is
    /// for all who see the patient.
    /// </summary>
    public static void OfRequestsAtLocations(MigrationBuilder migration) =>
        AtLocation(migration, "requests", "or location_id is null");

    /// <summary>The same for invoices: what was billed at a location is not for members restricted to others.</summary>
    public static void OfInvoicesAtLocations(MigrationBuilder migration)
    {
        // What follows commits it. If that finds its table locked, all of this is repeated.
        migration.Sql($"drop policy if exists by_location on {Schema}.invoices");
        AtLocation(migration, "invoices", "or location_id is null");
        migration.CheckRowByRow(Schema, "invoices", "by_location");
    }

    /// <inheritdoc cref="RowSecurity.CheckRowByRow"/>
    public static void CheckRowByRow(MigrationBuilder migration)
    {
        (string Table, string[] Policies)[] tables =
        [
            ("accounts", ["also_visible"]),
            ("appointments", ["by_account", "by_location"]),
            ("clinical_records", ["also_visible"]),
            ("grants", ["own", "own_changes", "own_ends"]),
            ("guardians", ["also_visible"]),
            ("guardianship_requests", ["also_visible"]),
            ("invoices", ["also_visible"]),
            ("offers", ["also_visible"]),
            ("patients", ["also_visible", "by_location"]),
            ("requests", ["by_account", "by_location"]),
        ];
        foreach (var (table, policies) in tables)
        foreach (var policy in policies)
            migration.CheckRowByRow(Schema, table, policy);
    }

    /// <summary>
    /// Has a row's patient looked up by key on databases that were set up before the policies said so. One table at a
    /// time, as in <see cref="RowSecurity.CheckRowByRow"/>.
    /// </summary>
    public static void LookPatientsUp(MigrationBuilder migration)
    {
        foreach (
            var table in new[] { "patient_invitations", "appointments", "invoices", "clinical_records", "requests" }
        )
            migration.Sql(
                $"alter policy of_patient on {Schema}.{table} using ({PatientOf(table)});",
                suppressTransaction: true
            );
        HideUnlinkedPracticesInLog(migration, suppressTransaction: true);
    }

    /// <summary>Records that are not shared with the patient do not exist for the portal.</summary>
    public static void HideUnsharedRecords(MigrationBuilder migration) =>
        migration.Sql(
            $"""
            alter policy also_visible on {Schema}.clinical_records using (
                case when shared and {InAccount} and {RowSecurity.MaySeeClinical} then true else false end);
            """
        );

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

    /// <summary>Without access to the patient there is no access to the patient's data.</summary>
    private static void OfPatient(MigrationBuilder migration, string table) =>
        migration.Sql($"create policy of_patient on {Schema}.{table} as restrictive using ({PatientOf(table)});");

    /// <summary>
    /// Whether the row's patient can be seen. Without <c>offset 0</c> PostgreSQL would read all patients, for each page
    /// of a list, instead of looking each of them up by key.
    /// </summary>
    private static string PatientOf(string table) =>
        $"exists (select from {Schema}.patients patient where patient.id = {table}.patient_id offset 0)";

    /// <summary>Limits staff who are restricted to locations, but not callers in the portal account.</summary>
    private static void AtLocation(MigrationBuilder migration, string table, string orWhere = "") =>
        migration.Sql(
            $"""
            create policy by_location on {Schema}.{table} as restrictive using (
                (select current_setting('app.location_ids', true)) = '*'
                or location_id = any (
                    (select nullif(nullif(current_setting('app.location_ids', true), ''), '*'))::uuid[])
                or {InAccount} {orWhere});
            """
        );
}
