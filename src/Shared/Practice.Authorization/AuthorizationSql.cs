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
    /// <summary>One more column, which keeps the transaction from changing anything from here on.</summary>
    public const string OnlyRead = ", authority.only_read()";

    public const string Authorize = AuthorizeColumns + FromAuthorize;

    public const string AuthorizePortal = AuthorizePortalColumns + FromAuthorizePortal;

    /// <summary>Whether the person proved a moment ago who they are; known once the function has run.</summary>
    private const string Verified = ", current_setting('app.verified', true) is not distinct from 'on' as verified";

    private const string AuthorizeColumns = "select result, user_id, session_id, settings, location_ids" + Verified;

    private const string FromAuthorize =
        " from authority.authorize(@auth_token, @auth_group, @auth_required, @auth_changes, @auth_temporary);\n";

    private const string AuthorizePortalColumns =
        "select result, user_id, session_id, relation, grant_id, can_edit, clinical" + Verified;

    private const string FromAuthorizePortal =
        " from authority.authorize_portal("
        + "@auth_token, @auth_account, @auth_edit, @auth_clinical, @auth_holder, @auth_now);\n";

    /// <summary>The statement that authorizes this request.</summary>
    public static string For(AuthorizationRequest request) =>
        request.Requirement.Portal is null ? Authorize : AuthorizePortal;

    /// <summary>As <see cref="For"/>; what follows in the same transaction may only read.</summary>
    public static string ForReadOnly(AuthorizationRequest request) =>
        request.Requirement.Portal is null
            ? AuthorizeColumns + OnlyRead + FromAuthorize
            : AuthorizePortalColumns + OnlyRead + FromAuthorizePortal;

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
            "authorized" when request.Requirement.Verified && !IsVerified(reader, request) => new(
                null,
                AuthorizationErrors.VerificationRequired
            ),
            "authorized" => new(
                request.Requirement.Portal is null ? Member(reader, request) : InPortal(reader, request),
                null
            ),
            "password_change_required" => new(null, AuthorizationErrors.PasswordChangeRequired),
            "not_a_member" or "unknown" => new(null, AuthorizationErrors.NotFound),
            "session_idle" => new(null, AuthorizationErrors.SessionIdle),
            "two_factor_required" => new(null, AuthorizationErrors.TwoFactorRequired),
            "not_allowed" => new(null, AuthorizationErrors.NotAllowed),
            "grant_not_current" => new(null, AuthorizationErrors.GrantNotCurrent),
            "not_the_holder" => new(null, AuthorizationErrors.NotTheHolder),
            "clinical_not_granted" => new(null, AuthorizationErrors.ClinicalNotGranted),
            "view_only" => new(null, AuthorizationErrors.ViewOnly),
            "no_session" => new(null, AuthorizationErrors.NotSignedIn),
            var unknown => throw new InvalidOperationException($"Unknown authorization result '{unknown}'."),
        };
    }

    private static Caller Member(DbDataReader reader, AuthorizationRequest request) =>
        new(
            reader.GetGuid(1),
            reader.GetGuid(2),
            request.GroupId,
            (Access)reader.GetInt32(3),
            reader.GetFieldValue<Guid[]>(4)
        )
        {
            RecentlyVerified = IsVerified(reader, request),
        };

    private static Caller InPortal(DbDataReader reader, AuthorizationRequest request) =>
        new(reader.GetGuid(1), reader.GetGuid(2), null, Access.None, [])
        {
            RecentlyVerified = IsVerified(reader, request),
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

    /// <summary>The column <c>verified</c>, which follows those of the function.</summary>
    private static bool IsVerified(DbDataReader reader, AuthorizationRequest request) =>
        reader.GetBoolean(request.Requirement.Portal is null ? 5 : 7);

    public static void Add(DbCommand command, string name, NpgsqlDbType type, object? value) =>
        command.Parameters.Add(new NpgsqlParameter(name, type) { Value = value ?? DBNull.Value });
}
