using Practice.Benchmarks.Load;
using Practice.Benchmarks.Seeds;

namespace Practice.Benchmarks.Measures;

/// <summary>A call that is measured against the raw baseline.</summary>
/// <param name="Name">For <c>--only</c>.</param>
/// <param name="Floor">What its ratio to the raw baseline must reach; null where nothing is asked.</param>
/// <param name="Writes">It leaves rows behind, so its answers differ and work may follow it.</param>
internal sealed record ApiPath(
    string Name,
    string Text,
    string Method,
    string Path,
    string? Body = null,
    double? Floor = null,
    double? Goal = null,
    bool Writes = false,
    int Status = 200
)
{
    private static readonly string Group = $"/api/groups/{Ids.Group(1)}";
    private static readonly string Account = $"/api/portal/accounts/{Ids.Account(1)}";

    public ApiCall Call { get; } = new(Method, Path) { Token = DataSet.Token, Body = Body };

    public static IReadOnlyList<ApiPath> All { get; } =
    [
        new("list", "list members, 20 of 200", "GET", $"{Group}/members?limit=20", Floor: 0.55, Goal: 0.8),
        new("member", "read one member", "GET", $"{Group}/members/{Ids.Person(7)}", Floor: 0.45, Goal: 0.7),
        new(
            "write",
            "write: a location, with audit",
            "POST",
            $"{Group}/locations",
            """{"name":"Harbour street","timeZone":"Australia/Melbourne"}""",
            Floor: 0.55,
            Goal: 0.8,
            Writes: true,
            Status: 201
        ),
        new("access", "people accessing you, 20", "GET", $"{Account}/access", Floor: 0.55, Goal: 0.8),
        new("groups", "own groups, 5", "GET", "/api/groups"),
        new("patients", "list patients, 20 of 200, audited", "GET", $"{Group}/patients?limit=20", Writes: true),
    ];

    /// <summary>More of what must not slow down with the number of practices.</summary>
    public static IReadOnlyList<ApiPath> Growing { get; } =
    [
        .. All.Where(path => path.Name is "list" or "member" or "access" or "groups" or "patients"),
        Only("members-search", "search members", $"{Group}/members?search=mor&limit=20"),
        Only("patients-search", "search patients", $"{Group}/patients?search=mor&limit=20"),
        Only("audit", "audit page, 50 of 1,000", $"{Group}/audit"),
        Only("audit-subject", "audit of one subject", $"{Group}/audit?subjectId={Ids.Person(7)}"),
        Only("notifications", "notifications, 20 of 30", "/api/users/me/notifications?limit=20"),
        Only("invitations", "invitations of a group", $"{Group}/invitations"),
        Only("locations", "locations of a group", $"{Group}/locations"),
        Only("accounts", "portal accounts", "/api/portal/accounts"),
        Only("appointments", "appointments of an account", $"{Account}/appointments"),
        Only("access-log", "access log of an account", $"{Account}/access-log"),
        Only("denied", "authorization alone: a practice of others", $"/api/groups/{Ids.Group(2)}/members") with
        {
            Status = 404,
        },
    ];

    private static ApiPath Only(string name, string text, string path) => new(name, text, "GET", path);
}
