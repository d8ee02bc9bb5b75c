using System.Data.Common;
using Npgsql;
using NpgsqlTypes;
using ErrorOr;

namespace Practice.Shared.Authority;

/// <summary>The one statement that lets a caller in, in front of a read or at the start of a transaction.</summary>
internal static class EnterSql
{
    public const string Person =
        "select verdict, user_id, session_id, settings, location_ids from authority.enter(@enter_token, @enter_group, @enter_required, @enter_changes, @enter_temporary);\n";

    public const string System = "select authority.enter_as_system(@enter_group);\n";

    public static void AddParameters(DbCommand command, Admission admission)
    {
        Add(command, "enter_token", NpgsqlDbType.Text, admission.TokenHash);
        Add(command, "enter_group", NpgsqlDbType.Uuid, admission.GroupId);
        Add(command, "enter_required", NpgsqlDbType.Integer, (int)admission.Requirement.Access);
        Add(command, "enter_changes", NpgsqlDbType.Boolean, admission.Requirement.Changes);
        Add(command, "enter_temporary", NpgsqlDbType.Boolean, admission.Requirement.TemporaryPassword);
    }

    public static void AddParameters(DbCommand command, Guid systemGroup) => Add(command, "enter_group", NpgsqlDbType.Uuid, systemGroup);

    /// <summary>Reads the verdict: the caller, or why not.</summary>
    public static async Task<ErrorOr<Caller>> ReadVerdictAsync(DbDataReader reader, Admission admission, CancellationToken ct)
    {
        if (!await reader.ReadAsync(ct))
            return Refusals.NotSignedIn;
        return reader.GetString(0) switch
        {
            "entered" => new Caller(
                reader.GetGuid(1), reader.GetGuid(2), admission.GroupId,
                (Access)reader.GetInt32(3), await reader.GetFieldValueAsync<Guid[]>(4, ct)),
            "password_change_required" => Refusals.PasswordChangeRequired,
            "not_a_member" => Refusals.NotFound,
            "two_factor_required" => Refusals.TwoFactorRequired,
            "not_allowed" => Refusals.NotAllowed,
            _ => Refusals.NotSignedIn,
        };
    }

    private static void Add(DbCommand command, string name, NpgsqlDbType type, object? value) =>
        command.Parameters.Add(new NpgsqlParameter(name, type) { Value = value ?? DBNull.Value });
}
