using Microsoft.EntityFrameworkCore.Migrations;

namespace Practice.Shared.Persistence;

/// <summary>
/// Row-level security for migrations: without an authorized tenant no rows, and never another tenant's.
/// </summary>
public static class RowSecurity
{
    /// <summary>
    /// The authorized group, as policies compare with it. The sub-select makes PostgreSQL evaluate it once a statement,
    /// not once a row.
    /// </summary>
    public const string AuthorizedGroup = "(select nullif(current_setting('app.group_id', true), '')::uuid)";

    /// <summary>
    /// The groups of a caller whose call names none: those they are an active member of. The outer cast makes it an
    /// array to PostgreSQL, for <c>any(…)</c>, which would take a bare sub-select as one of many rows.
    /// </summary>
    public const string OwnGroups = "(select nullif(current_setting('app.group_ids', true), ''))::uuid[]";

    /// <summary>The signed-in person.</summary>
    public const string Person = "(select nullif(current_setting('app.user_id', true), '')::uuid)";

    /// <summary>The portal account opened.</summary>
    public const string AuthorizedAccount = "(select nullif(current_setting('app.account_id', true), '')::uuid)";

    /// <summary>The accounts that a caller of the portal who opened none may open.</summary>
    public const string OwnAccounts = "(select nullif(current_setting('app.account_ids', true), ''))::uuid[]";

    /// <summary>
    /// Whether who opened the account may see the rows of the practice in <c>group_id</c>: for <c>*</c> those of all.
    /// </summary>
    public const string OpensPractice =
        "((select current_setting('app.account_group_ids', true)) = '*' or group_id = any "
        + "((select nullif(nullif(current_setting('app.account_group_ids', true), ''), '*'))::uuid[]))";

    /// <summary>Whether the practice in <c>group_id</c> has not paused the access of who opened the account.</summary>
    public const string NotPaused =
        "(group_id = any ((select nullif(current_setting('app.paused_group_ids', true), ''))::uuid[])) is not true";

    /// <summary>The address, as it is compared, that a person has proved.</summary>
    public const string ConfirmedAddress = "(select nullif(current_setting('app.email', true), ''))";

    /// <summary>Whether who opened the account may see clinical data.</summary>
    public const string MaySeeClinical = "(select current_setting('app.clinical', true)) = 'on'";

    /// <summary>Protects a table whose rows belong to one group each.</summary>
    /// <param name="alsoVisible">A condition under which a row may be read besides, such as by the person it is
    /// about.</param>
    public static void ProtectByGroup(
        this MigrationBuilder migration,
        string schema,
        string table,
        string column = "group_id",
        string? alsoVisible = null
    )
    {
        var ofTheGroup = $"{column} = {AuthorizedGroup}";
        migration.Sql(
            $"""
            alter table {schema}.{table} enable row level security;
            alter table {schema}.{table} force row level security;
            create policy by_group on {schema}.{table} using ({ofTheGroup}) with check ({ofTheGroup});
            """
        );
        if (alsoVisible is not null)
            migration.Sql($"create policy also_visible on {schema}.{table} for select using ({alsoVisible});");
    }

    /// <summary>
    /// Has a policy checked row by row, so that a list walks the one index that has its order (docs/adr/0028). Without
    /// it, PostgreSQL looks for an index that serves the policy: it would collect the rows of both policies of a table
    /// and sort them. It also believes that few rows fit a setting, and that sorting few is cheap. It looks into no
    /// <c>case</c>. So a query names the group, account or person itself.
    /// </summary>
    public static void CheckRowByRow(this MigrationBuilder migration, string schema, string table, string policy) =>
        migration.Sql(
            $"""
            do $$ declare condition text := (
                select qual from pg_policies
                where schemaname = '{schema}' and tablename = '{table}' and policyname = '{policy}');
            begin
                if condition is null then
                    raise exception '{schema}.{table} has no policy {policy} with a condition for its rows';
                elsif ltrim(condition, E' \n(') not like 'CASE%' then
                    execute 'alter policy {policy} on {schema}.{table} using (case when ' || condition
                        || ' then true else false end)';
                end if;
            end $$;
            """,
            suppressTransaction: true // a table at a time: hosts are running, and lock them in other orders
        );

    /// <summary>Protects a table whose rows belong to one person each, whatever group they name.</summary>
    public static void ProtectByPerson(
        this MigrationBuilder migration,
        string schema,
        string table,
        string column = "user_id"
    ) =>
        migration.Sql(
            $"""
            alter table {schema}.{table} enable row level security;
            alter table {schema}.{table} force row level security;
            create policy by_person on {schema}.{table} using ({column} = {Person}) with check ({column} = {Person});
            """
        );

    /// <summary>
    /// Narrows a table that is already protected by group to the locations of a restricted member; with none assigned,
    /// to nothing. For other members and for the system the setting is <c>*</c>. Without a setting there are no rows.
    /// </summary>
    /// <param name="column">The column with the row's location.</param>
    public static void NarrowByLocation(this MigrationBuilder migration, string schema, string table, string column) =>
        migration.Sql(
            $"""
            create policy by_location on {schema}.{table} as restrictive using (
                (select current_setting('app.location_ids', true)) = '*'
                or {column} = any (
                    (select nullif(nullif(current_setting('app.location_ids', true), ''), '*'))::uuid[]));
            """
        );
}
