using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Npgsql;

namespace Practice.PatientPortal.Tests;

/// <summary>
/// What row-level security alone shows and lets change, in SQL as the module's role, without the product's queries.
/// Some rows are ones that the product would never write (an appointment in one practice of another's patient), so that
/// each policy is tested by itself.
/// </summary>
public sealed partial class RowPolicyTests
{
    private static readonly string[] Tables =
    [
        "accounts",
        "guardians",
        "guardianship_requests",
        "grants",
        "offers",
        "access_pauses",
        "receipts",
        "patients",
        "patient_invitations",
        "appointments",
        "calendar_feed_patients",
        "invoices",
        "invoice_counters",
        "invoice_numbers_ahead",
        "clinical_records",
        "requests",
        "appointment_reminders",
        "texts",
        "message_credits",
        "credit_entries",
        "attachments",
        "attachment_chunks",
        "file_totals",
        "exports",
    ];

    /// <summary>
    /// For each caller and table: the visible rows, how many can be changed, and how many can be handed to others. For
    /// access log entries, which cannot be changed: whether one can be added for the caller's own account or practice,
    /// and for others. For grants also: whether the caller can request for themselves, for themselves with an account
    /// named, and for another person; and how many they can end.
    /// </summary>
    private const string Rules = """
        a member: grants: none | none | none | 1/denied/denied | none
        a member: access_pauses: here | 1 | denied
        a member: receipts: none | 1 | denied
        a member: patients: harboured, here | 2 | denied
        a member: patient_invitations: harboured, harboured at main, here, here at harbour, here unlinked | 5 | denied
        a member: appointments: harboured, harboured at main, here, here at harbour, here unlinked | 5 | denied
        a member: calendar_feed_patients: the practice's | 1 | denied
        a member: invoices: harboured, harboured anywhere, harboured at main, here, here at harbour, here unlinked | 6 | denied
        a member: invoice_counters: the practice's | 1 | denied
        a member: invoice_numbers_ahead: the practice's | 1 | denied
        a member: clinical_records: harboured, harboured at main, here, here at harbour, here unlinked, not shared | 6 | denied
        a member: requests: harboured, harboured anywhere, harboured at main, here, here at harbour, here unlinked, note | 7 | denied
        a member: appointment_reminders: the practice's | 1 | denied
        a member: texts: the practice's | 1 | denied
        a member: message_credits: the practice's | 1 | denied
        a member: credit_entries: the practice's | 1 | denied
        a member: attachments: harboured, harboured at main, here, here at harbour, here unlinked, not shared | 6 | denied
        a member: attachment_chunks: harboured, harboured at main, here, here at harbour, here unlinked, not shared | 6 | denied
        a member: file_totals: the practice's | 1 | denied
        a member: exports: the practice's export | 1 | denied
        a member of harbour: grants: none | none | none | 1/denied/denied | none
        a member of harbour: access_pauses: here | 1 | denied
        a member of harbour: receipts: none | 1 | denied
        a member of harbour: patients: harboured | 1 | denied
        a member of harbour: patient_invitations: harboured, harboured at main | 2 | denied
        a member of harbour: appointments: harboured | 1 | denied
        a member of harbour: calendar_feed_patients: the practice's | 1 | denied
        a member of harbour: invoices: harboured, harboured anywhere | 2 | denied
        a member of harbour: invoice_counters: the practice's | 1 | denied
        a member of harbour: invoice_numbers_ahead: the practice's | 1 | denied
        a member of harbour: clinical_records: harboured, harboured at main | 2 | denied
        a member of harbour: requests: harboured, harboured anywhere | 2 | denied
        a member of harbour: appointment_reminders: the practice's | 1 | denied
        a member of harbour: texts: the practice's | 1 | denied
        a member of harbour: message_credits: the practice's | 1 | denied
        a member of harbour: credit_entries: the practice's | 1 | denied
        a member of harbour: attachments: harboured, harboured at main | 2 | denied
        a member of harbour: attachment_chunks: harboured, harboured at main | 2 | denied
        a member of harbour: file_totals: the practice's | 1 | denied
        a member of harbour: exports: the practice's export | 1 | denied
        the other practice: grants: none | none | none | 1/denied/denied | none
        the other practice: receipts: none | 1 | denied
        the other practice: patients: there, unlinked | 2 | denied
        the other practice: patient_invitations: there, unlinked with account | 2 | denied
        the other practice: appointments: there, unlinked with account | 2 | denied
        the other practice: calendar_feed_patients: the other's | 1 | denied
        the other practice: invoices: there, unlinked with account | 2 | denied
        the other practice: invoice_counters: the other's | 1 | denied
        the other practice: invoice_numbers_ahead: the other's | 1 | denied
        the other practice: clinical_records: there, unlinked with account | 2 | denied
        the other practice: requests: there, unlinked with account | 2 | denied
        the other practice: appointment_reminders: the other's | 1 | denied
        the other practice: texts: the other's | 1 | denied
        the other practice: message_credits: the other's | 1 | denied
        the other practice: credit_entries: the other's | 1 | denied
        the other practice: attachments: there, unlinked with account | 2 | denied
        the other practice: attachment_chunks: there, unlinked with account | 2 | denied
        the other practice: file_totals: the other's | 1 | denied
        the other practice: exports: the other's export | 1 | denied
        no caller: grants: none | none | none | denied/denied/denied | none
        no caller: receipts: none | denied | denied
        system at dora's address: guardianship_requests: mother asks dora | none | none
        system at dora's address: grants: none | none | none | denied/denied/denied | none
        system at dora's address: offers: anna to dora | none | none
        system at dora's address: receipts: none | denied | denied
        anna: accounts: Anna | 1 | denied
        anna: grants: anna to ben, anna to the carer | 2 | denied | 1/denied/denied | 2
        anna: offers: anna to dora | 1 | denied
        anna: access_pauses: here | none | none
        anna: receipts: by the other, by the practice, clinicalRecord, profile | 1 | denied
        anna: patients: here, there | none | none
        anna: appointments: here, here at harbour, there | 3 | denied
        anna: invoices: here, here at harbour, there | none | none
        anna: clinical_records: here, here at harbour, there | none | none
        anna: requests: here, here at harbour, note, there | 4 | denied
        anna: attachments: here, here at harbour, there | none | none
        anna: attachment_chunks: here, here at harbour, there | none | none
        ben: accounts: Anna | 1 | denied
        ben: grants: anna to ben, anna to the carer, ben asks | 3 | denied | 1/denied/denied | 3
        ben: offers: anna to dora | 1 | denied
        ben: access_pauses: here | none | none
        ben: receipts: by the other, by the practice, profile | 1 | denied
        ben: patients: here, there | none | none
        ben: appointments: here, here at harbour, there | 3 | denied
        ben: invoices: here, here at harbour, there | none | none
        ben: requests: here, here at harbour, there | 3 | denied
        the carer, paused here: accounts: Anna | 1 | denied
        the carer, paused here: grants: anna to ben, anna to the carer | 2 | denied | 1/denied/denied | 2
        the carer, paused here: offers: anna to dora | 1 | denied
        the carer, paused here: access_pauses: here | none | none
        the carer, paused here: receipts: by the other, clinicalRecord, profile | 1 | denied
        the carer, paused here: patients: there | none | none
        the carer, paused here: appointments: there | 1 | denied
        the carer, paused here: invoices: there | none | none
        the carer, paused here: clinical_records: there | none | none
        the carer, paused here: requests: there | 1 | denied
        the carer, paused here: attachments: there | none | none
        the carer, paused here: attachment_chunks: there | none | none
        otto: accounts: Otto | 1 | denied
        otto: grants: otto to carl | 1 | denied | 1/denied/denied | 1
        otto: offers: otto to emil | 1 | denied
        otto: receipts: of otto | 1 | denied
        mother: accounts: Mia | 1 | denied
        mother: guardians: father, mother | 2 | denied
        mother: guardianship_requests: mother asks dora, mother asks father | 2 | denied
        mother: grants: none | none | none | 1/denied/denied | none
        mother: receipts: none | 1 | denied
        aunt, verified here: accounts: Anna | 1 | denied
        aunt, verified here: grants: anna to ben, anna to the carer | 2 | denied | 1/denied/denied | 2
        aunt, verified here: offers: anna to dora | 1 | denied
        aunt, verified here: access_pauses: here | none | none
        aunt, verified here: receipts: by the practice, profile | 1 | denied
        aunt, verified here: patients: here | none | none
        aunt, verified here: appointments: here, here at harbour | 2 | denied
        aunt, verified here: invoices: here, here at harbour | none | none
        aunt, verified here: clinical_records: here, here at harbour | none | none
        aunt, verified here: requests: here, here at harbour, note | 3 | denied
        aunt, verified here: attachments: here, here at harbour | none | none
        aunt, verified here: attachment_chunks: here, here at harbour | none | none
        ben, nothing open: accounts: Anna | none | none
        ben, nothing open: grants: anna to ben, ben asks | 2 | denied | 1/denied/denied | 2
        ben, nothing open: receipts: none | denied | denied
        father, nothing open: guardians: father | none | none
        father, nothing open: guardianship_requests: mother asks father | none | none
        father, nothing open: grants: none | none | none | 1/denied/denied | none
        father, nothing open: receipts: none | denied | denied
        mother, nothing open: accounts: Mia | none | none
        mother, nothing open: guardians: mother | none | none
        mother, nothing open: guardianship_requests: mother asks dora, mother asks father | none | none
        mother, nothing open: grants: none | none | none | 1/denied/denied | none
        mother, nothing open: receipts: none | denied | denied
        """;

    [Fact]
    public async Task Every_caller_sees_and_changes_the_right_rows_and_no_others()
    {
        await using var app = await TestApp.StartAsync();
        var world = await World.Made(app);
        var seen = await world.Seen(Tables);
        Assert.True(Lines(Rules).SequenceEqual(Lines(seen)), seen);
    }

    /// <summary>
    /// Each policy is loosened, tightened, and stripped of its clinical condition and of the one on practices. Each
    /// time a caller sees or changes other rows. The words of patients have no ids: searches try them.
    /// </summary>
    [Fact]
    public async Task Every_policy_is_needed()
    {
        await using var app = await TestApp.StartAsync();
        var world = await World.Made(app);
        var policies = await app.Owner.Rows(
            """
            select policyname, tablename, permissive, qual, with_check from pg_policies
            where schemaname = 'portal' and tablename <> 'patient_words' order by 2, 1
            """
        );
        Assert.True(policies.Count >= 30, $"only {policies.Count} policies");
        Assert.Equal(
            Tables.Order(StringComparer.Ordinal),
            policies.Select(policy => (string)policy[1]!).Distinct().Order(StringComparer.Ordinal)
        );

        var unnoticed = new List<string>();
        var before = new Dictionary<string, string>();
        foreach (var table in Tables)
            before[table] = await world.Seen(table);
        foreach (var policy in policies)
        {
            var (name, table, permissive, qual, check) = (
                (string)policy[0]!,
                (string)policy[1]!,
                (string)policy[2]! == "PERMISSIVE",
                (string?)policy[3],
                (string?)policy[4]
            );
            foreach (var broken in Broken(permissive, qual, check))
            {
                await app.Owner.Execute($"alter policy {name} on portal.{table} {broken}");
                if (await world.Seen(table) == before[table])
                    unnoticed.Add($"{table}.{name} {broken}");
                var (uses, checks) = (
                    qual is null ? "" : $"using ({qual})",
                    check is null ? "" : $"with check ({check})"
                );
                await app.Owner.Execute($"alter policy {name} on portal.{table} {uses} {checks}");
            }
        }

        Assert.True(unnoticed.Count == 0, string.Join('\n', unnoticed));
        Assert.Equal(Lines(Rules), Lines(await world.Seen(Tables)));
    }

    private static IEnumerable<string> Broken(bool permissive, string? qual, string? check)
    {
        foreach (var (clause, condition) in new[] { ("using", qual), ("with check", check) })
        {
            if (condition is null)
                continue;
            yield return $"{clause} (true)";
            if (permissive)
                yield return $"{clause} (false)";
            if (clause == "using" && Clinical().IsMatch(condition))
                yield return $"{clause} ({Clinical().Replace(condition, "true")})";
            if (Paused().IsMatch(condition))
                yield return $"{clause} ({Paused().Replace(condition, "(true)")})";
            if (AllPractices().IsMatch(condition))
                yield return $"{clause} ({AllPractices().Replace(condition, "true")})";
        }
    }

    [GeneratedRegex(
        @"\( SELECT current_setting\('app\.account_group_ids'::text, true\) AS current_setting\) = '\*'::text"
    )]
    private static partial Regex AllPractices();

    [GeneratedRegex(
        @"\(\(group_id = ANY \(\( SELECT NULLIF\(current_setting\('app\.paused_group_ids'::text, true\), ''::text\)[^)]*\)\)::uuid\[\]\)\) IS NOT TRUE\)"
    )]
    private static partial Regex Paused();

    [GeneratedRegex(@"\( SELECT current_setting\('app\.clinical'::text, true\) AS current_setting\) = 'on'::text")]
    private static partial Regex Clinical();

    private static string[] Lines(string text) =>
        text.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);

    /// <summary>
    /// Two practices, their patients and those patients' accounts, as rows, with the callers who read them.
    /// </summary>
    private sealed class World
    {
        private readonly Dictionary<Guid, string> _labels = [];
        private readonly List<(string Who, string Enter)> _callers = [];
        private TestApp _app = null!;

        public static async Task<World> Made(TestApp app)
        {
            var world = new World { _app = app };
            await world.MakeAsync();
            return world;
        }

        /// <summary>What each caller sees, one line a caller and table.</summary>
        public async Task<string> Seen(params string[] tables)
        {
            var seen = new StringBuilder();
            await using var connection = new NpgsqlConnection(_app.ConnectionStringOf("portal"));
            await connection.OpenAsync();
            foreach (var (who, enter) in _callers)
            {
                foreach (var table in tables)
                {
                    await using var transaction = await connection.BeginTransactionAsync();
                    await Do(connection, enter);
                    var rows = await Labels(connection, $"select {Key(table)} from portal.{table}");
                    List<string> done =
                    [
                        await Changed(connection, transaction, table, strangers: false),
                        await Changed(connection, transaction, table, strangers: true),
                    ];
                    if (table == "grants")
                        done.AddRange(await AskedAndEnded(connection, transaction));
                    if (rows.Length > 0 || done.Exists(what => what != "none"))
                        seen.Append(
                            CultureInfo.InvariantCulture,
                            $"{who}: {table}: {(rows.Length == 0 ? "none" : rows)} | {string.Join(" | ", done)}\n"
                        );
                }
            }

            return seen.ToString();
        }

        private static string Key(string table) =>
            table switch
            {
                "guardians" => "user_id",
                "calendar_feed_patients"
                or "invoice_counters"
                or "invoice_numbers_ahead"
                or "appointment_reminders"
                or "texts"
                or "message_credits"
                or "file_totals"
                or "credit_entries" => "group_id",
                "attachment_chunks" => "attachment_id",
                _ => "id",
            };

        /// <summary>
        /// How many rows can be changed as they are, or handed to others. Access log entries cannot be changed, only
        /// added.
        /// </summary>
        private static async Task<string> Changed(
            NpgsqlConnection connection,
            NpgsqlTransaction transaction,
            string table,
            bool strangers
        )
        {
            string Set(string column) => strangers ? $"{column} = gen_random_uuid()" : $"{column} = {column}";
            var ownAccount = strangers
                ? "gen_random_uuid()"
                : "coalesce(nullif(current_setting('app.account_id', true), '')::uuid, gen_random_uuid())";
            var ownGroup = strangers ? "gen_random_uuid()" : "nullif(current_setting('app.group_id', true), '')::uuid";
            var sql = table switch
            {
                "accounts" => $"update portal.accounts set {Set("id")}",
                "guardians" or "grants" => $"update portal.{table} set {Set("account_id")}, {Set("user_id")}",
                "receipts" => $"""
                    insert into portal.receipts (id, account_id, group_id, at, user_id, user_name, authority, opened)
                    values (gen_random_uuid(), {ownAccount}, {ownGroup}, now(), gen_random_uuid(), '', '', '')
                    """,
                "offers" or "guardianship_requests" => $"update portal.{table} set {Set("account_id")}",
                "patient_invitations"
                or "calendar_feed_patients"
                or "invoice_counters"
                or "invoice_numbers_ahead"
                or "attachments"
                or "attachment_chunks"
                or "exports"
                or "appointment_reminders"
                or "texts"
                or "message_credits"
                or "file_totals"
                or "credit_entries" => $"update portal.{table} set {Set("group_id")}",
                _ => $"update portal.{table} set {Set("group_id")}, {Set("account_id")}",
            };
            return await Tried(connection, transaction, sql);
        }

        private async Task<string[]> AskedAndEnded(NpgsqlConnection connection, NpgsqlTransaction transaction)
        {
            const string self = "coalesce(nullif(current_setting('app.user_id', true), '')::uuid, gen_random_uuid())";
            var asks = new List<string>();
            foreach (
                var (account, user) in new[]
                {
                    ("null", self),
                    ("gen_random_uuid()", self),
                    ("null", "gen_random_uuid()"),
                }
            )
                asks.Add(
                    await Tried(
                        connection,
                        transaction,
                        await InsertSql(
                            "grants",
                            ("id", "gen_random_uuid()"),
                            ("account_id", account),
                            ("user_id", user)
                        )
                    )
                );
            return [string.Join('/', asks), await Tried(connection, transaction, "delete from portal.grants")];
        }

        /// <summary>How many rows it changes, before it is rolled back.</summary>
        private static async Task<string> Tried(NpgsqlConnection connection, NpgsqlTransaction transaction, string sql)
        {
            await transaction.SaveAsync("before");
            try
            {
                return await Do(connection, sql) is > 0 and var rows ? $"{rows}" : "none";
            }
            catch (PostgresException denied) when (denied.SqlState == PostgresErrorCodes.InsufficientPrivilege)
            {
                return "denied";
            }
            catch (PostgresException kept) when (kept.SqlState == PostgresErrorCodes.RestrictViolation)
            {
                return "kept"; // by the trigger of the ledger, after the policies
            }
            finally
            {
                await transaction.RollbackAsync("before");
            }
        }

        private async Task<string> Labels(NpgsqlConnection connection, string sql)
        {
            await using var command = new NpgsqlCommand(sql, connection);
            await using var reader = await command.ExecuteReaderAsync();
            var labels = new List<string>();
            while (await reader.ReadAsync())
                labels.Add(_labels.GetValueOrDefault(reader.GetGuid(0), "?"));
            return string.Join(", ", labels.Order(StringComparer.Ordinal));
        }

        private static async Task<int> Do(NpgsqlConnection connection, string sql)
        {
            await using var command = new NpgsqlCommand(sql, connection);
            return Math.Max(0, await command.ExecuteNonQueryAsync());
        }

        private async Task MakeAsync()
        {
            var (practice, other, main, harbour) = (
                Guid.CreateVersion7(),
                Guid.CreateVersion7(),
                Guid.CreateVersion7(),
                Guid.CreateVersion7()
            );
            var (anna, otto, mia) = (
                await Account("Anna", Named("anna")),
                await Account("Otto", Named("otto")),
                await Account("Mia", null)
            );
            var (grantee, asking, mother, father) = (Named("ben"), Named("carl"), Named("mother"), Named("father"));

            await Insert("guardians", ("account_id", mia), ("user_id", mother));
            await Insert("guardians", ("account_id", mia), ("user_id", father));
            var granted = await Row(
                "grants",
                "anna to ben",
                ("account_id", anna),
                ("user_id", grantee),
                ("status", "Current")
            );
            await Row("grants", "otto to carl", ("account_id", otto), ("user_id", asking), ("status", "Current"));
            await Row("grants", "ben asks", ("user_id", grantee), ("status", "Pending"));
            await Row("offers", "anna to dora", ("account_id", anna), ("normalized_email", "DORA@EXAMPLE.TEST"));
            await Row("offers", "otto to emil", ("account_id", otto), ("normalized_email", "EMIL@EXAMPLE.TEST"));
            await Row(
                "guardianship_requests",
                "mother asks father",
                ("account_id", mia),
                ("user_id", father),
                ("asked_by_id", mother)
            );
            await Row(
                "guardianship_requests",
                "mother asks dora",
                ("account_id", mia),
                ("asked_by_id", mother),
                ("normalized_email", "DORA@EXAMPLE.TEST")
            );
            foreach (var opened in new[] { "profile", "clinicalRecord" })
                await Row(
                    "receipts",
                    opened,
                    ("account_id", anna),
                    ("opened", opened),
                    ("subject_id", opened == "profile" ? null : Guid.CreateVersion7())
                );
            await Row("receipts", "of otto", ("account_id", otto), ("opened", "profile"));
            await Row(
                "receipts",
                "by the practice",
                ("account_id", anna),
                ("group_id", practice),
                ("opened", "patient")
            );
            await Row("receipts", "by the other", ("account_id", anna), ("group_id", other), ("opened", "patient"));

            var here = await Row(
                "patients",
                "here",
                ("group_id", practice),
                ("account_id", anna),
                ("location_id", main)
            );
            var harboured = await Row("patients", "harboured", ("group_id", practice), ("location_id", harbour));
            var there = await Row(
                "patients",
                "there",
                ("group_id", other),
                ("account_id", anna),
                ("location_id", main)
            );
            var unlinked = await Row("patients", "unlinked", ("group_id", other), ("location_id", main));
            foreach (
                var table in new[] { "patient_invitations", "appointments", "invoices", "clinical_records", "requests" }
            )
            {
                await Of("here", here, practice, anna);
                await Of("harboured", harboured, practice, null, harbour);
                await Of("there", there, other, anna);
                await Of("here unlinked", here, practice, null);
                await Of("here of the other practice", here, other, null);
                await Of("unlinked with account", unlinked, other, anna);
                await Of("harboured at main", harboured, practice, null, main);
                await Of("here at harbour", here, practice, anna, harbour);
                if (table == "clinical_records")
                    await Of("not shared", here, practice, anna, shared: false);
                if (table == "requests")
                    await Of("note", here, practice, anna, kind: "HealthNote");
                if (table is "requests" or "invoices")
                    await Of("harboured anywhere", harboured, practice, null);

                async Task Of(
                    string label,
                    Guid patient,
                    Guid group,
                    Guid? account,
                    Guid? location = null,
                    string kind = "Appointment",
                    bool shared = true
                )
                {
                    List<(string, object?)> columns = [("group_id", group), ("patient_id", patient)];
                    if (table != "patient_invitations")
                        columns.Add(("account_id", account ?? (table == "requests" ? Guid.CreateVersion7() : null)));
                    if (table == "invoices")
                        columns.Add(("location_id", location));
                    if (table == "appointments")
                        columns.Add(("location_id", location ?? main));
                    if (table == "clinical_records")
                        columns.Add(("shared", shared));
                    if (table == "requests")
                        columns.AddRange([("kind", kind), ("location_id", location)]);
                    var row = await Row(table, label, [.. columns]);
                    if (table != "clinical_records")
                        return;
                    var file = await Row("attachments", label, ("group_id", group), ("record_id", row));
                    await Insert("attachment_chunks", ("attachment_id", file), ("group_id", group), ("number", 0));
                }
            }

            foreach (var (group, name) in new[] { (practice, "the practice's"), (other, "the other's") })
            {
                _labels[group] = name;
                await Insert(
                    "calendar_feed_patients",
                    ("group_id", group),
                    ("member_id", Guid.NewGuid()),
                    ("patient_id", Guid.NewGuid())
                );
                await Insert("invoice_counters", ("group_id", group), ("last", 1L));
                await Insert("file_totals", ("group_id", group), ("bytes", 1L));
                await Row(
                    "exports",
                    $"{name} export",
                    ("group_id", group),
                    ("kinds", Array.Empty<string>()),
                    ("rows", 0L)
                );
                await Insert("invoice_numbers_ahead", ("group_id", group), ("number", 2L));
                await Insert("appointment_reminders", ("group_id", group));
                await Insert("texts", ("group_id", group));
                await Insert("credit_entries", ("group_id", group), ("amount", 1)); // which makes the credit, too
            }

            await In("a member", practice, 0);
            await In("a member of harbour", practice, 1 << 8, harbour);
            await In("the other practice", other, 0);
            _callers.Add(("no caller", "select 1"));
            _callers.Add(
                ("system at dora's address", "select authority.act_as_system_for_address('DORA@EXAMPLE.TEST')")
            );
            await Opens("anna", await Session(_ids["anna"]), anna, "self", null, clinical: true);
            await Opens("ben", await Session(grantee), anna, "granted", granted, clinical: false);
            var paused = Named("carer");
            var care = await Row(
                "grants",
                "anna to the carer",
                ("account_id", anna),
                ("user_id", paused),
                ("status", "Current")
            );
            await Opens("the carer, paused here", await Session(paused), anna, "granted", care, clinical: true);
            await Row("access_pauses", "here", ("group_id", practice), ("account_id", anna), ("user_id", paused));
            await _app.Owner.Execute("select authority.write_portal_pause($1, $2, $3, true)", anna, paused, practice);
            await Opens("otto", await Session(_ids["otto"]), otto, "self", null, clinical: true);
            await Opens("mother", await Session(mother), mia, "guardian", null, clinical: true);
            var aunt = Named("aunt");
            await Opens("aunt, verified here", await Session(aunt), anna, "guardian", null, clinical: true);
            await _app.Owner.Execute(
                "update authority.portal_access set all_practices_until = '-infinity' where user_id = $1",
                aunt
            );
            await _app.Owner.Execute(
                "select authority.write_verified_guardian($1, $2, $3, now() + interval '1 hour')",
                anna,
                aunt,
                practice
            );
            foreach (var (who, person) in new[] { ("ben", grantee), ("father", father), ("mother", mother) })
                _callers.Add(($"{who}, nothing open", EnterPortal(await Session(person), null)));
        }

        private readonly Dictionary<string, Guid> _ids = [];

        private Guid Named(string name)
        {
            _labels[_ids[name] = Guid.CreateVersion7()] = name;
            return _ids[name];
        }

        private Task<Guid> Account(string name, Guid? user) =>
            Row(
                "accounts",
                name,
                ("user_id", user),
                ("first_name", name),
                ("date_of_birth", new DateOnly(1985, 4, 12)),
                ("time_zone", "UTC")
            );

        private async Task<string> Session(Guid user)
        {
            var token = $"{Guid.NewGuid():n}";
            await _app.Owner.Execute(
                "select authority.open_session($1, $2, $3, now() + interval '1 hour', false, true)",
                token,
                Guid.NewGuid(),
                user
            );
            return token;
        }

        private async Task In(string who, Guid group, int settings, params Guid[] locations)
        {
            var user = Guid.CreateVersion7();
            await _app.Owner.Execute("select authority.write_group($1, false)", group);
            await _app.Owner.Execute(
                "select authority.write_membership($1, $2, true, $3, $4)",
                group,
                user,
                settings,
                locations
            );
            _callers.Add((who, $"select authority.authorize('{await Session(user)}', '{group}', 0, false, false)"));
        }

        private async Task Opens(string who, string token, Guid account, string relation, Guid? grant, bool clinical)
        {
            await _app.Owner.Execute(
                """
                insert into authority.portal_access
                    (account_id, user_id, relation, grant_id, can_edit, clinical, active)
                select $1, user_id, $2, $3, true, $4, true from authority.sessions where token_hash = $5
                """,
                account,
                relation,
                (object?)grant ?? DBNull.Value,
                clinical,
                token
            );
            _callers.Add((who, EnterPortal(token, account)));
        }

        private static string EnterPortal(string token, Guid? account) =>
            $"""
                select authority.authorize_portal(
                    '{token}', {(account is null ? "null" : $"'{account}'")}, false, false, false, now())
                """;

        private async Task<Guid> Row(string table, string label, params (string Column, object? Value)[] columns)
        {
            var id = Guid.CreateVersion7();
            _labels[id] = label;
            await Insert(table, [("id", id), .. columns]);
            return id;
        }

        private async Task Insert(string table, params (string Column, object? Value)[] columns) =>
            await _app.Owner.Execute(
                await InsertSql(table, [.. columns.Select((column, at) => (column.Column, $"${at + 1}"))]),
                [.. columns.Select(column => column.Value ?? DBNull.Value)]
            );

        /// <summary>A row with the given columns, and any value in the other required ones.</summary>
        private async Task<string> InsertSql(string table, params (string Column, string Expression)[] columns)
        {
            var others = await _app.Owner.Rows(
                """
                select column_name, data_type from information_schema.columns
                where table_schema = 'portal' and table_name = $1 and is_nullable = 'NO' and is_generated = 'NEVER'
                    and column_default is null and not column_name = any($2)
                """,
                table,
                columns.Select(column => column.Column).ToArray()
            );
            List<(string Column, string Expression)> all =
            [
                .. columns,
                .. others.Select(other =>
                    (
                        (string)other[0]!,
                        (string)other[1]! switch
                        {
                            "uuid" => "gen_random_uuid()",
                            "text" => "gen_random_uuid()::text",
                            "jsonb" => "'[]'",
                            "boolean" => "false",
                            "numeric" or "integer" => "0",
                            "bytea" => "'x'",
                            "date" => "current_date",
                            _ => "now()",
                        }
                    )
                ),
            ];
            var (names, values) = (all.Select(one => one.Column), all.Select(one => one.Expression));
            return $"insert into portal.{table} ({string.Join(", ", names)}) values ({string.Join(", ", values)})";
        }
    }
}
