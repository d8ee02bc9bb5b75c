namespace Practice.Authorization.Tests;

/// <summary>The answer to a call: the status, and the code of an error.</summary>
public readonly record struct Outcome(int Status, string? Code = null)
{
    /// <summary>
    /// Whether the caller was authorized. A later error (409, 422) is about the call, not the caller.
    /// </summary>
    public bool Authorized => Status is not (401 or 403 or 404);

    public override string ToString() => Code is null ? $"{Status}" : $"{Status} {Code}";
}

/// <summary>
/// One thing that a call requires of its caller, in the words of the domain, and the answer to a caller without it.
/// </summary>
/// <param name="Words">As the table shows it.</param>
/// <param name="Denied">The answer; null for a caller who has it.</param>
public sealed record Need<TCaller>(string Words, Func<TCaller, Outcome?> Denied);

/// <summary>A call prepared for one caller, with targets of its own, so that other calls change nothing.</summary>
/// <param name="Values">The values of the route's parameters.</param>
/// <param name="Api">A session of its own, for calls that end the session they come with.</param>
/// <param name="Afterwards">Restores what a successful call has changed about the callers themselves.</param>
public sealed record Call(
    object Values,
    object? Body = null,
    string? ETag = null,
    ApiClient? Api = null,
    string Query = "",
    Func<Task>? Afterwards = null
);

/// <summary>
/// A route, what it is tried on, what it requires of its caller, and its answer to a caller who has all of that.
/// </summary>
/// <param name="Route">Method and path, as the running host has it, without the constraints.</param>
/// <param name="On">What the call is tried on, where that makes a difference.</param>
/// <param name="Needs">In the order in which they are checked.</param>
public sealed record Row<TCaller>(
    string Route,
    string On,
    IReadOnlyList<Need<TCaller>> Needs,
    Func<TCaller, Outcome> Success,
    Func<World, TCaller, Task<Call>> Prepare
)
    where TCaller : Caller
{
    /// <summary>Whether it is tried on the caller's own: then it can't be tried on another group's.</summary>
    public bool Own { get; init; }

    public string Name => On.Length == 0 ? Route : $"{Route} · {On}";

    public string Words => string.Join(", ", Needs.Select(need => need.Words).Where(words => words.Length > 0));

    public Outcome Expected(TCaller caller) =>
        Needs.Select(need => need.Denied(caller)).FirstOrDefault(denied => denied is not null) ?? Success(caller);

    /// <summary>Where the call goes.</summary>
    public (HttpMethod Method, string Path) PathOf(Call call, TCaller caller)
    {
        var space = Route.IndexOf(' ', StringComparison.Ordinal);
        var path = call
            .Values.GetType()
            .GetProperties()
            .Append(null)
            .Aggregate(Route[(space + 1)..], (path, value) =>
                value is null
                    ? path.Replace("{groupId}", $"{caller.GroupId}", StringComparison.Ordinal)
                        .Replace("{accountId}", $"{caller.AccountId}", StringComparison.Ordinal)
                    : path.Replace($"{{{value.Name}}}", $"{value.GetValue(call.Values)}", StringComparison.Ordinal)
            );
        Assert.DoesNotContain("{", path, StringComparison.Ordinal);
        return (new HttpMethod(Route[..space]), path);
    }

    /// <summary>What the host answers.</summary>
    public async Task<(Outcome Outcome, Answer Answer)> AskAsync(World world, TCaller caller)
    {
        var call = await Prepare(world, caller);
        var (method, path) = PathOf(call, caller);
        var answer = await (call.Api ?? caller.Api).Send(method, path + call.Query, call.Body, call.ETag);
        if (call.Afterwards is not null)
            await call.Afterwards();
        return (new Outcome(answer.Status, answer.Status >= 400 ? answer.Code : null), answer);
    }

    public override string ToString() => Name;
}
