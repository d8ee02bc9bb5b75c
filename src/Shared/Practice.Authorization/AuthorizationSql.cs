using System.Data.Common;
using ErrorOr;
using Npgsql;
using NpgsqlTypes;

namespace Practice.Authorization;

/// <summary>Who the caller is, or why they may not.</summary>
internal readonly record struct AuthorizationResult(Caller? Caller, Error? Error);

/// <summary>The statements that authorize a caller, before a command or at the start of a transaction.</summary>
internal static class AuthorizationSql
{
    public const string Authorize =
        "select result, user_id, session_id, settings, location_ids from authority.authorize("
        + "@auth_token, @auth_group, @auth_required, @auth_changes, @auth_temporary);\n";

    public const string AuthorizePortal =
        "select result, user_id, session_id, relation, grant_id, can_edit, clinical from authority.authorize_portal("
        + "@auth_token, @auth_account, @auth_edit, @auth_clinical, @auth_holder, @auth_now);\n";

    private const string StartOver = "select authority.act_as_nobody();\n";

    /// <summary>The statement that authorizes this request.</summary>
    public static string For(AuthorizationRequest request) =>
        request.Requirement.Portal is null ? Authorize : AuthorizePortal;

    /// <summary>All that the database must be told before a command, as one text that depends on no value.</summary>
    /// <param name="earlier">What this transaction was told before; null for nothing.</param>
    public static string Prefix(AuthorizationRequest? request, ActingAs acting, ActingAs? earlier)
    {
        var known = earlier is not null && acting.Covers(earlier);
        var startOver = earlier is not null && !known ? StartOver : "";
        return startOver + (request is null || known ? "" : For(request)) + Widen(acting);
    }

    public static void AddParameters(
        DbCommand command,
        AuthorizationRequest? request,
        ActingAs acting,
        ActingAs? earlier,
        DateTimeOffset now
    )
    {
        if (request is not null && !(earlier is not null && acting.Covers(earlier)))
            AddParameters(command, request, now);
        if (acting.GroupId is { } group)
            Add(command, "as_group", NpgsqlDbType.Uuid, group);
        if (acting.AccountId is { } account)
            Add(command, "as_account", NpgsqlDbType.Uuid, account);
        if (acting.PersonId is { } person)
            Add(command, "as_person", NpgsqlDbType.Uuid, person);
        if (acting.NormalizedEmail is { } email)
            Add(command, "as_email", NpgsqlDbType.Text, email);
    }

    public static void AddParameters(DbCommand command, AuthorizationRequest request, DateTimeOffset now)
    {
        Add(command, "auth_token", NpgsqlDbType.Text, request.TokenHash);
        if (request.Requirement.Portal is { } portal)
        {
            Add(command, "auth_account", NpgsqlDbType.Uuid, request.AccountId);
            Add(command, "auth_edit", NpgsqlDbType.Boolean, portal.Edit);
            Add(command, "auth_clinical", NpgsqlDbType.Boolean, portal.Clinical);
            Add(command, "auth_holder", NpgsqlDbType.Boolean, portal.Holder);
            Add(command, "auth_now", NpgsqlDbType.TimestampTz, now);
            return;
        }

        Add(command, "auth_group", NpgsqlDbType.Uuid, request.GroupId);
        Add(command, "auth_required", NpgsqlDbType.Integer, (int)request.Requirement.Access);
        Add(command, "auth_changes", NpgsqlDbType.Boolean, request.Requirement.Changes);
        Add(command, "auth_temporary", NpgsqlDbType.Boolean, request.Requirement.TemporaryPassword);
    }

    /// <summary>Reads the one row of <see cref="Authorize"/> or <see cref="AuthorizePortal"/>.</summary>
    /// <param name="row">Whether there was one.</param>
    public static AuthorizationResult ReadResult(bool row, DbDataReader reader, AuthorizationRequest request)
    {
        if (!row)
            return new(null, AuthorizationErrors.NotSignedIn);
        return reader.GetString(0) switch
        {
            "authorized" => new(
                request.Requirement.Portal is null ? Member(reader, request) : InPortal(reader, request),
                null
            ),
            "password_change_required" => new(null, AuthorizationErrors.PasswordChangeRequired),
            "not_a_member" or "unknown" => new(null, AuthorizationErrors.NotFound),
            "two_factor_required" => new(null, AuthorizationErrors.TwoFactorRequired),
            "not_allowed" => new(null, AuthorizationErrors.NotAllowed),
            "grant_not_current" => new(null, AuthorizationErrors.GrantNotCurrent),
            "not_the_holder" => new(null, AuthorizationErrors.NotTheHolder),
            "clinical_not_granted" => new(null, AuthorizationErrors.ClinicalNotGranted),
            "view_only" => new(null, AuthorizationErrors.ViewOnly),
            _ => new(null, AuthorizationErrors.NotSignedIn),
        };
    }

    private static Caller Member(DbDataReader reader, AuthorizationRequest request) =>
        new(
            reader.GetGuid(1),
            reader.GetGuid(2),
            request.GroupId,
            (Access)reader.GetInt32(3),
            reader.GetFieldValue<Guid[]>(4)
        );

    private static Caller InPortal(DbDataReader reader, AuthorizationRequest request) =>
        new(reader.GetGuid(1), reader.GetGuid(2), null, Access.None, [])
        {
            Portal = request.AccountId is { } account
                ? new PortalCaller(
                    account,
                    Enum.Parse<PortalRelation>(reader.GetString(3), ignoreCase: true),
                    reader.IsDBNull(4) ? null : reader.GetGuid(4),
                    reader.GetBoolean(5),
                    reader.GetBoolean(6)
                )
                : null,
        };

    private static string Widen(ActingAs acting)
    {
        if (acting == ActingAs.Caller)
            return "";
        List<string> calls = [];
        if (acting.GroupId is not null)
            calls.Add("authority.act_as_system(@as_group)");
        if (acting.AccountId is not null)
            calls.Add("authority.act_as_system_in_account(@as_account)");
        if (acting.PersonId is not null)
            calls.Add("authority.act_as_system_for_person(@as_person)");
        if (acting.NormalizedEmail is not null)
            calls.Add("authority.act_as_system_for_address(@as_email)");
        return $"select {string.Join(", ", calls)};\n";
    }

    private static void Add(DbCommand command, string name, NpgsqlDbType type, object? value) =>
        command.Parameters.Add(new NpgsqlParameter(name, type) { Value = value ?? DBNull.Value });
}
