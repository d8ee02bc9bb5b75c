namespace Practice.Authorization.Tests;

/// <summary>How a call is answered: the status, and of a refusal its code.</summary>
public readonly record struct Verdict(int Status, string? Code = null)
{
    /// <summary>Whether whoever is answered so was let in. What comes after that (409, 422) is about the call and no longer about the caller.</summary>
    public bool LetIn => Status is not (401 or 403 or 404);

    public override string ToString() => Code is null ? $"{Status}" : $"{Status} {Code}";
}

/// <summary>One thing that a call asks of its caller, in the words of the domain, and what is answered to whoever lacks it.</summary>
/// <param name="Words">As the table shows it.</param>
/// <param name="Refuses">Null for a caller who has it.</param>
public sealed record Need<TCaller>(string Words, Func<TCaller, Verdict?> Refuses);

/// <summary>A call made ready for one caller: with targets of its own, so that who calls before or after changes nothing.</summary>
/// <param name="Values">What stands in the route's braces.</param>
/// <param name="Api">A session of its own, for calls that end the session they come with.</param>
/// <param name="Afterwards">Puts back what a call that succeeded has changed of the callers themselves.</param>
public sealed record Call(
    object Values,
    object? Body = null,
    string? ETag = null,
    ApiClient? Api = null,
    string Query = "",
    Func<Task>? Afterwards = null
);

/// <summary>A route, on what it is tried, what it asks of its caller, and how it answers who has all of that.</summary>
/// <param name="Route">Method and path, as the running host has it, without the constraints.</param>
/// <param name="On">What the call is tried on, where it makes a difference.</param>
/// <param name="Needs">In the order in which they are asked.</param>
public sealed record Row<TCaller>(
    string Route,
    string On,
    IReadOnlyList<Need<TCaller>> Needs,
    Func<TCaller, Verdict> Success,
    Func<World, TCaller, Task<Call>> Prepare
)
    where TCaller : Caller
{
    /// <summary>Whether it is tried on the caller's own: then there is no trying it on another group's.</summary>
    public bool Own { get; init; }

    public string Name => On.Length == 0 ? Route : $"{Route} · {On}";

    public string Words => string.Join(", ", Needs.Select(need => need.Words).Where(words => words.Length > 0));

    public Verdict Expected(TCaller caller) =>
        Needs.Select(need => need.Refuses(caller)).FirstOrDefault(refusal => refusal is not null) ?? Success(caller);

    /// <summary>What the host answers.</summary>
    public async Task<(Verdict Verdict, Answer Answer)> AskAsync(World world, TCaller caller)
    {
        var call = await Prepare(world, caller);
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
        var answer = await (call.Api ?? caller.Api).Send(
            new HttpMethod(Route[..space]),
            path + call.Query,
            call.Body,
            call.ETag
        );
        if (call.Afterwards is not null)
            await call.Afterwards();
        return (new Verdict(answer.Status, answer.Status >= 400 ? answer.Code : null), answer);
    }

    public override string ToString() => Name;
}
