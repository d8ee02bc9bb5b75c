using System.Data.Common;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Net.Http.Headers;

namespace Practice.Authorization;

/// <summary>
/// On whose behalf this scope works: the caller of a request, the system (for messages), or nobody. The row-security
/// interceptor authorizes by it before a module's DbContext reads or writes anything.
/// </summary>
public sealed class CallContext(IHttpContextAccessor accessor, TimeProvider clock)
{
    private bool _fixed;
    private AuthorizationRequest? _request;
    private Caller? _caller;
    private (DbTransaction Transaction, ActingAs As)? _applied;

    /// <summary>Whom a message has the code act as, outside any scope.</summary>
    private ActingAs _own = ActingAs.Caller;
    private readonly List<Scope> _scopes = [];

    /// <summary>How the caller asks to be authorized; null for routes open to anyone and for the system.</summary>
    public AuthorizationRequest? Request => _fixed ? _request : _request ??= FromHttp();

    /// <summary>Who was authorized. Known once the database has been asked.</summary>
    public Caller Caller => _caller ?? Caller.Nobody;

    /// <summary>Whether a request waits for what the code does.</summary>
    public bool IsAnswering => accessor.HttpContext is not null;

    internal ActingAs ActingAs { get; private set; } = ActingAs.Caller;

    internal DateTimeOffset Now => clock.GetUtcNow();

    /// <summary>Whether the database must be told something before it shows or takes rows.</summary>
    internal bool HasAuthority => Request is not null || ActingAs != ActingAs.Caller;

    /// <summary>Takes over the request that came on a message's envelope, in place of the HTTP request's.</summary>
    public void ActFor(AuthorizationRequest? request, Guid? groupId, Guid? accountId, Guid? personId)
    {
        (_fixed, _request, _caller) = (true, request, null);
        ActingAs = _own = new ActingAs(groupId, accountId, personId);
        _scopes.Clear();
        ForgetApplied();
    }

    /// <summary>
    /// Until the scope ends, sees and changes one group's rows as the system does, no matter who calls. The slice
    /// must have made sure that it may, and must save before the scope ends: later the rows are out of reach again.
    /// </summary>
    public IDisposable ActAsSystemIn(Guid groupId) => Act(acting => acting with { GroupId = groupId });

    /// <summary>As <see cref="ActAsSystemIn"/>, in a portal account.</summary>
    public IDisposable ActInAccount(Guid accountId) => Act(acting => acting with { AccountId = accountId });

    /// <summary>As <see cref="ActAsSystemIn"/>, for the rows that are one person's own.</summary>
    public IDisposable ActForPerson(Guid userId) => Act(acting => acting with { PersonId = userId });

    /// <summary>
    /// As <see cref="ActAsSystemIn"/>, for what waits until an address is confirmed: the slice must know that it
    /// was.
    /// </summary>
    public IDisposable ActForAddress(string normalizedEmail) =>
        Act(acting => acting with { NormalizedEmail = normalizedEmail });

    internal void SetCaller(Caller caller)
    {
        _caller = caller;
        if (accessor.HttpContext is { } http)
            AuthorizationFilter.MarkAuthorized(http, caller);
    }

    /// <summary>What this transaction has been told already; null where it must be told from scratch.</summary>
    internal ActingAs? AppliedIn(DbTransaction transaction) =>
        _applied is var (known, acting) && ReferenceEquals(known, transaction) ? acting : null;

    internal void SetApplied(DbTransaction transaction) => _applied = (transaction, ActingAs);

    /// <summary>
    /// The transaction is being told something; until that has ended well, nobody knows what it has heard.
    /// </summary>
    internal void ApplyingIn(DbTransaction transaction) => _applied = (transaction, ActingAs.Unknown);

    /// <summary>
    /// Has the next command start over and authorize again: what decides it, or what the database was told, may have
    /// changed.
    /// </summary>
    internal void ForgetApplied()
    {
        if (_applied is var (transaction, _))
            _applied = (transaction, ActingAs.Unknown);
    }

    /// <summary>
    /// A transaction begins, and has been told nothing. Npgsql may reuse the object of an earlier one.
    /// </summary>
    internal void TransactionStarted() => _applied = null;

    private Scope Act(Func<ActingAs, ActingAs> widen)
    {
        var scope = new Scope(this, widen);
        _scopes.Add(scope);
        ActingAs = widen(ActingAs);
        return scope;
    }

    /// <summary>Scopes may end in any order: what is left is what the open ones say.</summary>
    private void End(Scope scope)
    {
        _scopes.Remove(scope);
        ActingAs = _scopes.Aggregate(_own, (acting, open) => open.Widen(acting));
    }

    private AuthorizationRequest? FromHttp()
    {
        var http = accessor.HttpContext;
        if (
            http?.GetEndpoint() is not { } endpoint
            || RouteAuthorization.RequirementOf(endpoint.Metadata) is not { } requirement
        )
            return null;

        var token = requirement.CalendarFeed
            ? http.GetRouteValue(RouteAuthorization.CalendarFeedToken)?.ToString() ?? ""
            : BearerOf(http);
        return new AuthorizationRequest(
            token.Length == 0 ? null : AuthorizationRequest.Hash(token),
            requirement.InGroup ? IdOf(http, "groupId") : null,
            requirement.Portal is { InAccount: true } ? IdOf(http, "accountId") : null,
            requirement
        );
    }

    private static string BearerOf(HttpContext http)
    {
        var sent = http.Request.Headers[HeaderNames.Authorization].ToString();
        const string scheme = "Bearer ";
        return sent.StartsWith(scheme, StringComparison.OrdinalIgnoreCase) ? sent[scheme.Length..].Trim() : "";
    }

    /// <summary>Of a group or account that the route requires. Without an id it is one that nobody is in.</summary>
    private static Guid IdOf(HttpContext http, string routeValue) =>
        Guid.TryParse(http.GetRouteValue(routeValue)?.ToString(), out var id) ? id : Guid.Empty;

    private sealed class Scope(CallContext call, Func<ActingAs, ActingAs> widen) : IDisposable
    {
        public ActingAs Widen(ActingAs acting) => widen(acting);

        public void Dispose() => call.End(this);
    }
}

/// <summary>A DbContext that reads and writes on behalf of a caller or the system.</summary>
public interface IAuthorizedContext
{
    CallContext Call { get; }
}
