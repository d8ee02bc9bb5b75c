using System.Data.Common;
using System.Text.RegularExpressions;
using ErrorOr;
using Npgsql;
using NpgsqlTypes;

namespace Practice.Authorization;

/// <summary>Who the caller is, or why they may not.</summary>
internal readonly record struct AuthorizationResult(Caller? Caller, Error? Error);

/// <summary>The statements that authorize a caller, before a command or at the start of a transaction.</summary>
internal static class AuthorizationSql
{
    /// <summary>The bit among a member's settings that says it of the group.</summary>
    private const int HasHadWebhook = 1 << 28;

    /// <summary>The bit that says it of the session. Among what a call requires: it takes such a session.</summary>
    private const int SignedInWithoutRequiredProvider = 1 << 27;

    /// <summary>One more column, which keeps the transaction from changing anything from here on.</summary>
    public const string OnlyRead = ", authority.only_read()";

    public const string Authorize = AuthorizeColumns + FromAuthorize;

    public const string AuthorizePortal = AuthorizePortalColumns + FromAuthorizePortal;

    private const string AuthorizeColumns =
        "select (a.call).result, (a.call).user_id, (a.call).session_id, (a.call).verified, "
        + "(a.call).settings, (a.call).location_ids";

    // "offset 0" keeps the function in the inner query, where it runs once and not for each column.
    private const string FromAuthorize =
        " from (select authority.authorize(@auth_token, @auth_group, @auth_required, @auth_changes, @auth_temporary)"
        + " as call offset 0) a;\n";

    private const string AuthorizePortalColumns =
        "select (a.call).result, (a.call).user_id, (a.call).session_id, (a.call).verified, "
        + "(a.call).relation, (a.call).grant_id, (a.call).can_edit, (a.call).clinical";

    private const string FromAuthorizePortal =
        " from (select authority.authorize_portal(@auth_token, @auth_account, @auth_edit, @auth_clinical, @auth_holder,"
        + " @auth_now) as call offset 0) a;\n";

    // The columns of Authorize: there is no session, and nobody has proved who they are.
    private const string AuthorizeCalendarFeedColumns =
        "select (a.call).result, (a.call).user_id, null::uuid, false, (a.call).settings, (a.call).location_ids";

    private const string FromAuthorizeCalendarFeed =
        " from (select authority.authorize_calendar_feed(@auth_token, @auth_group) as call offset 0) a;\n";

    /// <summary>The statement that authorizes this request.</summary>
    public static string For(AuthorizationRequest request) =>
        request.Requirement switch
        {
            { Portal: not null } => AuthorizePortal,
            { CalendarFeed: true } => AuthorizeCalendarFeedColumns + FromAuthorizeCalendarFeed,
            _ => Authorize,
        };

    /// <summary>As <see cref="For"/>; what follows in the same transaction may only read.</summary>
    public static string ForReadOnly(AuthorizationRequest request) => BeforeRead(request).Named;

    /// <summary>As <see cref="ForReadOnly"/>, as one command of a batch: parameters have a place and no name.</summary>
    public static string InBatch(AuthorizationRequest request) => BeforeRead(request).ByPlace;

    private static ReadOnlyTexts BeforeRead(AuthorizationRequest request) =>
        request.Requirement switch
        {
            { Portal: not null } => PortalBeforeRead,
            { CalendarFeed: true } => CalendarFeedBeforeRead,
            _ => MemberBeforeRead,
        };

    private static readonly ReadOnlyTexts MemberBeforeRead = new(AuthorizeColumns, FromAuthorize);

    private static readonly ReadOnlyTexts PortalBeforeRead = new(AuthorizePortalColumns, FromAuthorizePortal);

    private static readonly ReadOnlyTexts CalendarFeedBeforeRead = new(
        AuthorizeCalendarFeedColumns,
        FromAuthorizeCalendarFeed
    );

    /// <summary>One statement, as both kinds of commands take it.</summary>
    private sealed class ReadOnlyTexts(string columns, string from)
    {
        public string Named { get; } = columns + OnlyRead + from;

        public string ByPlace { get; } = WithPlaces(columns + OnlyRead + from);

        /// <summary>Each name is in the text once, and in the order in which the values are added.</summary>
        private static string WithPlaces(string text)
        {
            var place = 0;
            return Regex.Replace(text, "@[a-z_]+", _ => $"${++place}").TrimEnd('\n', ';');
        }
    }

    /// <param name="named">Whether the text has names; otherwise values have a place.</param>
    public static void AddParameters(
        DbParameterCollection parameters,
        AuthorizationRequest request,
        DateTimeOffset now,
        bool named = true
    )
    {
        Add("auth_token", NpgsqlDbType.Text, request.TokenHash);
        if (request.Requirement.Portal is { } portal)
        {
            Add("auth_account", NpgsqlDbType.Uuid, request.AccountId);
            Add("auth_edit", NpgsqlDbType.Boolean, portal.Edit);
            Add("auth_clinical", NpgsqlDbType.Boolean, portal.Clinical);
            Add("auth_holder", NpgsqlDbType.Boolean, portal.Holder);
            Add("auth_now", NpgsqlDbType.TimestampTz, now);
            return;
        }

        Add("auth_group", NpgsqlDbType.Uuid, request.GroupId);
        if (request.Requirement.CalendarFeed)
            return;
        var required =
            (int)request.Requirement.Access
            | (request.Requirement.WithoutRequiredProvider ? SignedInWithoutRequiredProvider : 0);
        Add("auth_required", NpgsqlDbType.Integer, required);
        Add("auth_changes", NpgsqlDbType.Boolean, request.Requirement.Changes);
        Add("auth_temporary", NpgsqlDbType.Boolean, request.Requirement.TemporaryPassword);

        void Add(string name, NpgsqlDbType type, object? value) =>
            AuthorizationSql.Add(parameters, named ? name : null, type, value);
    }

    /// <summary>Reads the one row of <see cref="Authorize"/> or <see cref="AuthorizePortal"/>.</summary>
    /// <param name="row">Whether there was one.</param>
    public static AuthorizationResult ReadResult(bool row, DbDataReader reader, AuthorizationRequest request)
    {
        if (!row)
            return new(null, AuthorizationErrors.NotSignedIn);
        return reader.GetString(0) switch
        {
            "authorized" or "not_allowed" when request.Requirement.TakesPerson && IsClient(reader, request) => new(
                null,
                AuthorizationErrors.NotForClients
            ),
            "authorized" when request.Requirement.Verified && !IsVerified(reader) => new(
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
            "provider_required" => new(null, AuthorizationErrors.ProviderRequired),
            "not_allowed" => new(null, AuthorizationErrors.NotAllowed),
            "feed_ended" => new(null, AuthorizationErrors.CalendarFeedEnded),
            "grant_not_current" => new(null, AuthorizationErrors.GrantNotCurrent),
            "not_the_holder" => new(null, AuthorizationErrors.NotTheHolder),
            "clinical_not_granted" => new(null, AuthorizationErrors.ClinicalNotGranted),
            "view_only" => new(null, AuthorizationErrors.ViewOnly),
            "not_for_clients" => new(null, AuthorizationErrors.NotForClients),
            "no_session" => new(null, AuthorizationErrors.NotSignedIn),
            var unknown => throw new InvalidOperationException($"Unknown authorization result '{unknown}'."),
        };
    }

    private static Caller Member(DbDataReader reader, AuthorizationRequest request)
    {
        var settings = reader.GetInt32(4);
        return new(
            reader.GetGuid(1),
            reader.IsDBNull(2) ? null : reader.GetGuid(2),
            request.GroupId,
            (Access)(settings & ~(HasHadWebhook | SignedInWithoutRequiredProvider)),
            reader.GetFieldValue<Guid[]>(5)
        )
        {
            RecentlyVerified = IsVerified(reader),
            GroupHasHadWebhook = (settings & HasHadWebhook) != 0,
            SignedInWithoutRequiredProvider = (settings & SignedInWithoutRequiredProvider) != 0,
        };
    }

    private static Caller InPortal(DbDataReader reader, AuthorizationRequest request) =>
        new(reader.GetGuid(1), reader.GetGuid(2), null, Access.None, [])
        {
            RecentlyVerified = IsVerified(reader),
            Portal = request.AccountId is { } account
                ? new PortalCaller(
                    account,
                    Enum.Parse<PortalRelation>(reader.GetString(4), ignoreCase: true),
                    reader.IsDBNull(5) ? null : reader.GetGuid(5),
                    reader.GetBoolean(6),
                    reader.GetBoolean(7)
                )
                : null,
        };

    private static bool IsClient(DbDataReader reader, AuthorizationRequest request) =>
        request.Requirement.Portal is null && ((Access)reader.GetInt32(4)).HasFlag(Access.ApiClient);

    /// <summary>Whether the person proved a moment ago who they are.</summary>
    private static bool IsVerified(DbDataReader reader) => reader.GetBoolean(3);

    /// <param name="name">Null for a value that has a place.</param>
    public static void Add(DbParameterCollection parameters, string? name, NpgsqlDbType type, object? value) =>
        parameters.Add(new NpgsqlParameter(name, type) { Value = value ?? DBNull.Value });
}
