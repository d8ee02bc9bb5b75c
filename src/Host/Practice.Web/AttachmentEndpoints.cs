using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Practice.Client;

namespace Practice.Web;

/// <summary>
/// Files of clinical records, for staff and in the portal: passed on as the API sends them, part by part.
/// </summary>
internal static class AttachmentEndpoints
{
    /// <summary>The same limit as in the API.</summary>
    public const int MaxTransferMilliseconds = 10 * 60 * 1000;

    private static readonly TimeSpan MaxTransferTime = TimeSpan.FromMilliseconds(MaxTransferMilliseconds);

    public static void Map(IEndpointRouteBuilder app)
    {
        app.MapMethods(
                "/practice/{groupId:guid}/patients/{patientId:guid}/records/{recordId:guid}/files/{attachmentId:guid}",
                ["GET", "HEAD"],
                async (
                    Guid groupId,
                    Guid patientId,
                    Guid recordId,
                    Guid attachmentId,
                    HttpContext http,
                    PracticeApi api,
                    CancellationToken ct
                ) =>
                    FileAnswers.PassOn(
                        http,
                        await api.ReadAttachmentAsync(groupId, patientId, recordId, attachmentId, ct)
                    )
            )
            .RequireAuthorization()
            .WithRequestTimeout(MaxTransferTime)
            .ExcludeFromDescription();
        app.MapMethods(
                "/portal/{accountId:guid}/records/{recordId:guid}/files/{attachmentId:guid}",
                ["GET", "HEAD"],
                async (
                    Guid accountId,
                    Guid recordId,
                    Guid attachmentId,
                    HttpContext http,
                    PracticeApi api,
                    CancellationToken ct
                ) =>
                    FileAnswers.PassOn(
                        http,
                        await api.ReadAccountAttachmentAsync(accountId, recordId, attachmentId, ct)
                    )
            )
            .RequireAuthorization()
            .WithRequestTimeout(MaxTransferTime)
            .ExcludeFromDescription();
    }
}
