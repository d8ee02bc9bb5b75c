using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Practice.Client;

namespace Practice.Web;

/// <summary>Files that the API writes while it sends them, passed on as they come.</summary>
internal static class FileEndpoints
{
    /// <summary>As long as the API takes.</summary>
    private static readonly TimeSpan MaxDownloadTime = TimeSpan.FromMinutes(15);

    public static void Map(IEndpointRouteBuilder app)
    {
        app.MapGet("/practice/{groupId:guid}/audit.csv", AuditAsync)
            .RequireAuthorization()
            .WithRequestTimeout(MaxDownloadTime)
            .ExcludeFromDescription();
        app.MapGet("/practice/{groupId:guid}/export/{exportId:guid}/file", ExportAsync)
            .RequireAuthorization()
            .WithRequestTimeout(MaxDownloadTime)
            .ExcludeFromDescription();
        app.MapGet("/account/my-data.zip", MyDataAsync)
            .RequireAuthorization()
            .WithRequestTimeout(MaxDownloadTime)
            .ExcludeFromDescription();
        app.MapGet("/portal/{accountId:guid}/data.zip", AccountAsync)
            .RequireAuthorization()
            .WithRequestTimeout(MaxDownloadTime)
            .ExcludeFromDescription();
    }

    private static async Task<IResult> ExportAsync(
        Guid groupId,
        Guid exportId,
        HttpContext http,
        PracticeApi api,
        CancellationToken ct
    ) => FileAnswers.PassOn(http, await api.DownloadExportAsync(groupId, exportId, ct));

    private static async Task<IResult> MyDataAsync(HttpContext http, PracticeApi api, CancellationToken ct) =>
        FileAnswers.PassOn(http, await api.DownloadMyDataAsync(ct));

    private static async Task<IResult> AccountAsync(
        Guid accountId,
        HttpContext http,
        PracticeApi api,
        CancellationToken ct
    ) => FileAnswers.PassOn(http, await api.DownloadAccountAsync(accountId, ct));

    private static async Task<IResult> AuditAsync(
        Guid groupId,
        string? act,
        string? actorId,
        string? subjectId,
        string? patientId,
        string? from,
        string? to,
        HttpContext http,
        PracticeApi api,
        CancellationToken ct
    )
    {
        var zone = (await api.AllLocationsAsync(groupId)).TimeZone();
        var (begin, end) = (
            AuditDays.Edge(from, DateFormat.StartOfDay, zone),
            AuditDays.Edge(to, DateFormat.EndOfDay, zone)
        );
        return FileAnswers.PassOn(
            http,
            await api.DownloadAuditAsync(
                groupId,
                act,
                QueryFilter.Id(actorId),
                QueryFilter.Id(subjectId),
                QueryFilter.Id(patientId),
                begin,
                end,
                ct
            )
        );
    }
}
