using Microsoft.AspNetCore.Http;
using Practice.Authorization;
using Practice.Messages;

namespace Practice.Contracts.Bad;

/// <summary>Rule 3: can be changed by its receivers.</summary>
public sealed record BadMutable : IEvent
{
    public string Name { get; set; } = "";

    public string Note = "";
}

/// <summary>Rule 3: not a record, and what one module puts there another finds.</summary>
public static class BadShelf
{
    public static string Shared { get; set; } = "";
}

/// <summary>Rule 3: no record either.</summary>
public struct BadStruct
{
    public Guid Id { get; init; }
}

/// <summary>Rule 3: not a record, and open to be derived from.</summary>
public class BadOpenClass : IEvent
{
    public Guid Id { get; init; }
}

/// <summary>Rule 3: more than plain values: another assembly's type, a framework's, a list that can grow.</summary>
public sealed record BadBaggage(Access Access, HttpContext Http, List<string> Names) : IEvent;

/// <summary>Rule 4: two handlers.</summary>
public sealed record BadAskedTwice : IQuery<BadAnswer>;

/// <summary>Rule 4: without a handler.</summary>
public sealed record BadUnanswered : IQuery<BadAnswer>;

/// <summary>Rule 4: answered with another type than promised.</summary>
public sealed record BadMisanswered : ICommand<BadAnswer>;

public sealed record BadAnswer(string Text);

/// <summary>Rule 10: its handler asks on, and is asked back.</summary>
public sealed record BadAsksOn : IQuery<BadAnswer>;

public sealed record BadAskedBack : IQuery<BadAnswer>;

public sealed record BadForWebhooks(Guid GroupId) : Message, IForWebhooks;
