using Practice.Authorization;
using Practice.BadClient;

namespace Practice.BadWeb;

/// <summary>Rule 10: a page that uses the server's own types.</summary>
public sealed class Page
{
    public Call? Call { get; init; }

    public Access Access { get; init; }
}
