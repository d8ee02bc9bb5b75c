using System.Data.Common;
using ErrorOr;
using Npgsql;
using NpgsqlTypes;

namespace Practice.Shared.Authority;

/// <summary>The one statement that lets a caller in, in front of a read or at the start of a transaction.</summary>
internal static class EnterSql
{
    public const string Person =
        "select verdict, user_id, session_id, settings, location_ids from authority.enter(@enter_token, @enter_group, @enter_required, @enter_changes, @enter_temporary);\n";

    public const string Portal =
        "select verdict, user_id, session_id, relation, grant_id, can_edit, clinical from authority.enter_portal(@enter_token, @enter_account, @enter_edit, @enter_clinical, @enter_holder, @enter_now);\n";

    public const string SystemInAccount = "select authority.enter_account_as_system(@enter_account);\n";

    public const string SystemForPerson = "select authority.enter_person_as_system(@enter_person);\n";

    public const string SystemForAddress = "select authority.enter_address_as_system(@enter_email);\n";

    public const string System = "select authority.enter_as_system(@enter_group);\n";

    /// <summary>The statement by which this admission is asked for.</summary>
    public static string For(Admission admission) => admission.Requirement.Portal is null ? Person : Portal;

    public static void AddParameters(DbCommand command, Admission admission, DateTimeOffset now)
    {
        Add(command, "enter_token", NpgsqlDbType.Text, admission.TokenHash);
        if (admission.Requirement.Portal is { } portal)
        {
            AddAccount(command, admission.AccountId);
            Add(command, "enter_edit", NpgsqlDbType.Boolean, portal.Edit);
            Add(command, "enter_clinical", NpgsqlDbType.Boolean, portal.Clinical);
            Add(command, "enter_holder", NpgsqlDbType.Boolean, portal.Holder);
            Add(command, "enter_now", NpgsqlDbType.TimestampTz, now);
            return;
        }

        Add(command, "enter_group", NpgsqlDbType.Uuid, admission.GroupId);
        Add(command, "enter_required", NpgsqlDbType.Integer, (int)admission.Requirement.Access);
        Add(command, "enter_changes", NpgsqlDbType.Boolean, admission.Requirement.Changes);
        Add(command, "enter_temporary", NpgsqlDbType.Boolean, admission.Requirement.TemporaryPassword);
    }

    public static void AddGroup(DbCommand command, Guid systemGroup) =>
        Add(command, "enter_group", NpgsqlDbType.Uuid, systemGroup);

    public static void AddAccount(DbCommand command, Guid? account) =>
        Add(command, "enter_account", NpgsqlDbType.Uuid, account);

    public static void AddPerson(DbCommand command, Guid person) =>
        Add(command, "enter_person", NpgsqlDbType.Uuid, person);

    public static void AddEmail(DbCommand command, string normalizedEmail) =>
        Add(command, "enter_email", NpgsqlDbType.Text, normalizedEmail);

    /// <summary>Reads the verdict: the caller, or why not.</summary>
    public static async Task<ErrorOr<Caller>> ReadVerdictAsync(
        DbDataReader reader,
        Admission admission,
        CancellationToken ct
    )
    {
        if (!await reader.ReadAsync(ct))
            return Refusals.NotSignedIn;
        return reader.GetString(0) switch
        {
            "entered" when admission.Requirement.Portal is not null => new Caller(
                reader.GetGuid(1),
                reader.GetGuid(2),
                null,
                Access.None,
                []
            )
            {
                Portal = admission.AccountId is { } account
                    ? new PortalEntry(
                        account,
                        Enum.Parse<PortalRelation>(reader.GetString(3), ignoreCase: true),
                        reader.IsDBNull(4) ? null : reader.GetGuid(4),
                        reader.GetBoolean(5),
                        reader.GetBoolean(6)
                    )
                    : null,
            },
            "entered" => new Caller(
                reader.GetGuid(1),
                reader.GetGuid(2),
                admission.GroupId,
                (Access)reader.GetInt32(3),
                await reader.GetFieldValueAsync<Guid[]>(4, ct)
            ),
            "password_change_required" => Refusals.PasswordChangeRequired,
            "not_a_member" => Refusals.NotFound,
            "two_factor_required" => Refusals.TwoFactorRequired,
            "not_allowed" => Refusals.NotAllowed,
            "unknown" => Refusals.NotFound,
            "grant_not_current" => Refusals.GrantNotCurrent,
            "not_the_holder" => Refusals.NotTheHolder,
            "clinical_not_granted" => Refusals.ClinicalNotGranted,
            "view_only" => Refusals.ViewOnly,
            _ => Refusals.NotSignedIn,
        };
    }

    private static void Add(DbCommand command, string name, NpgsqlDbType type, object? value) =>
        command.Parameters.Add(new NpgsqlParameter(name, type) { Value = value ?? DBNull.Value });
}
