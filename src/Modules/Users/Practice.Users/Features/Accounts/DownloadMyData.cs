using Microsoft.AspNetCore.Http.Json;
using Microsoft.Extensions.Options;
using Practice.Shared.Exports;
using Practice.Users.Data;
using Practice.Users.Domain;

namespace Practice.Users.Features.Accounts;

/// <summary>Everything that is held about the signed-in person as a user: a page to read, and JSON.</summary>
public sealed record DownloadMyData : Message, ICommand<Success>;

internal sealed class DownloadMyDataEndpoint : ICarterModule
{
    private static readonly TimeSpan MaxDownloadTime = TimeSpan.FromMinutes(5);

    public void AddRoutes(IEndpointRouteBuilder app) =>
        app.MapGet("/api/users/me/export", Get)
            .RequireSession()
            .WithName(nameof(DownloadMyData))
            .WithTags("Users")
            .Produces<Stream>(StatusCodes.Status200OK, ExportArchive.ContentType)
            .WithRequestTimeout(MaxDownloadTime);

    private static async Task<IResult> Get(
        UsersDbContext db,
        IModuleBus bus,
        IOptions<JsonOptions> json,
        CancellationToken ct
    ) =>
        (await bus.SendAsync(new DownloadMyData(), ct)).ToHttp(() =>
            new StreamedFile(ExportArchive.ContentType, "my-data.zip", (file, aborted) => ExportArchive.WriteAsync(
                    file,
                    json.Value.SerializerOptions,
                    async archive =>
                    {
                        var tables = new PersonTables(db, bus).All;
                        await archive.AddPageAsync("What we hold about you", tables, aborted);
                        foreach (var table in tables)
                            await archive.AddJsonAsync(table, aborted);
                    },
                    written: null,
                    aborted
                ))
        );
}

public static class DownloadMyDataHandler
{
    // The DbContext gives this handler its transaction.
    public static ErrorOr<Success> Handle(DownloadMyData command, UsersDbContext db, UnitOfWork work)
    {
        if (!work.Caller.RecentlyVerified)
            return AuthorizationErrors.VerificationRequired;
        work.Audit(UserAudit.DataExported, work.Caller.Person, null);
        return Result.Success;
    }
}
