using Microsoft.AspNetCore.Routing;
using Microsoft.Net.Http.Headers;
using Practice.Shared.Idempotency;

namespace Practice.Shared.Authority;

/// <summary>
/// On whose behalf this scope works: a request's caller, the system in one group (messages), or nobody.
/// A module's DbContext enters by it before its first read.
/// </summary>
public sealed class CallContext(IHttpContextAccessor accessor, TimeProvider clock)
{
    private bool _fixed;
    private Admission? _admission;
    private Guid? _systemGroup;
    private Caller? _caller;

    /// <summary>What the request asks to be let in with; null for anonymous routes and for the system.</summary>
    public Admission? Admission => _fixed ? _admission : _admission ??= FromRequest();

    /// <summary>The request's <c>Idempotency-Key</c>, if it has one.</summary>
    public KeyedCall? Keyed => accessor.HttpContext?.Features.Get<KeyedCall>();

    /// <summary>The group in which the system acts, handling a message.</summary>
    public Guid? SystemGroup => _systemGroup;

    /// <summary>Who was let in. Known once the database was entered.</summary>
    public Caller Caller => _caller ?? Caller.Nobody;

    internal DateTimeOffset Now => clock.GetUtcNow();

    /// <summary>Takes over the admission that came on a message's envelope, in place of a request's.</summary>
    public void ActFor(Admission? admission, Guid? systemGroup) =>
        (_fixed, _admission, _systemGroup, _caller) = (true, admission, systemGroup, null);

    internal void LetIn(Caller caller) => _caller = caller;

    private Admission? FromRequest()
    {
        var http = accessor.HttpContext;
        if (http?.GetEndpoint()?.Metadata.GetMetadata<AccessRequirement>() is not { } requirement)
            return null;

        var sent = http.Request.Headers[HeaderNames.Authorization].ToString();
        const string scheme = "Bearer ";
        var token = sent.StartsWith(scheme, StringComparison.OrdinalIgnoreCase) ? sent[scheme.Length..].Trim() : "";
        Guid? group =
            requirement.InGroup && Guid.TryParse(http.GetRouteValue("groupId")?.ToString(), out var id) ? id : null;
        Guid? account =
            requirement.Portal is not null && Guid.TryParse(http.GetRouteValue("accountId")?.ToString(), out var named)
                ? named
                : null;
        return new Admission(token.Length == 0 ? null : Authority.Admission.Hash(token), group, account, requirement);
    }
}
