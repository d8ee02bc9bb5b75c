using Microsoft.AspNetCore.Http.Json;
using Microsoft.Extensions.Options;
using Practice.PatientPortal.Data;
using Practice.PatientPortal.Domain;
using Practice.PatientPortal.Domain.Accounts;
using Practice.Shared.Exports;

namespace Practice.PatientPortal.Features.Portal.Accounts;

/// <summary>Everything that the account shows and holds, for its holder: a page to read, and JSON.</summary>
public sealed record DownloadAccount(Guid AccountId) : Message, ICommand<AccountDownload>;

/// <param name="Self">Whether the caller is the person whose account it is.</param>
/// <param name="Clinical">Whether the caller sees clinical data.</param>
public sealed record AccountDownload(bool Self, bool Clinical);

internal sealed class DownloadAccountEndpoint : ICarterModule
{
    private static readonly TimeSpan MaxDownloadTime = TimeSpan.FromMinutes(5);

    public void AddRoutes(IEndpointRouteBuilder app) =>
        app.MapGet("/api/portal/accounts/{accountId:guid}/export", Get)
            .RequireAccount(holder: true)
            .WithName(nameof(DownloadAccount))
            .WithTags("Portal accounts")
            .Produces<Stream>(StatusCodes.Status200OK, ExportArchive.ContentType)
            .ProducesProblem(StatusCodes.Status404NotFound)
            .WithRequestTimeout(MaxDownloadTime);

    private static async Task<IResult> Get(
        Guid accountId,
        PatientPortalDbContext db,
        IModuleBus bus,
        IOptions<JsonOptions> json,
        IOptions<PortalOptions> options,
        TimeProvider clock,
        CancellationToken ct
    ) =>
        (await bus.SendAsync(new DownloadAccount(accountId), ct)).ToHttp(begun => new StreamedFile(
            ExportArchive.ContentType,
            "portal-account.zip",
            (file, aborted) =>
                ExportArchive.WriteAsync(
                    file,
                    json.Value.SerializerOptions,
                    async archive =>
                    {
                        var now = clock.GetUtcNow();
                        var (self, clinical) = (begun.Self, begun.Clinical);
                        var tables = new AccountTables(db, accountId, self, clinical, options.Value, now).All;
                        await archive.AddPageAsync("What the patient portal holds", tables, aborted);
                        foreach (var table in tables)
                            await archive.AddJsonAsync(table, aborted);
                    },
                    written: null,
                    aborted
                )
        ));
}

public static class DownloadAccountHandler
{
    public static async Task<ErrorOr<AccountDownload>> Handle(
        DownloadAccount command,
        PatientPortalDbContext db,
        UnitOfWork work,
        TimeProvider clock,
        CancellationToken ct
    )
    {
        if (!work.Caller.RecentlyVerified)
            return AuthorizationErrors.VerificationRequired;

        var (now, clinical) = (clock.GetUtcNow(), work.Caller.Account.Clinical);
        var account = await db.OpenAccountAsync(work, AccessLogAction.Profile, now, subjectId: null, ct);
        AccessLogAction[] opened =
        [
            AccessLogAction.Appointments,
            AccessLogAction.AppointmentRequests,
            AccessLogAction.Invoices,
            .. clinical ? [AccessLogAction.ClinicalRecords, AccessLogAction.HealthNotes] : (AccessLogAction[])[],
        ];
        foreach (var action in opened)
            await AccessLogging.RecordAsync(db, work, account, action, now, subjectId: null, ct);
        work.Audit(PortalAudit.AccountExported, account.Id, null);
        return new AccountDownload(work.Caller.Account.Relation == PortalRelation.Self, clinical);
    }
}
