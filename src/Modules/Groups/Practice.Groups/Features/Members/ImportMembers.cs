using System.Runtime.CompilerServices;
using System.Text.Json.Serialization;
using FluentValidation;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Practice.Contracts.Locations;
using Practice.Groups.Data;
using Practice.Groups.Domain;
using Practice.Shared.Hosting;
using Practice.Shared.Idempotency;
using Practice.Shared.Persistence;
using Wolverine;

namespace Practice.Groups.Features.Members;

/// <summary>The first step of adding one person of a file: as <see cref="AddUserToGroup"/>, but that nobody brings a password.</summary>
public sealed record ImportUser(Guid GroupId, NewMember Member) : Message, ICommand<AddUserStep>;

internal enum ImportVerdict
{
    /// <summary>Of a dry run: nothing stands against it. Whether the person has an account is not told.</summary>
    Ready,

    /// <summary>A new person, who is a member now and was mailed a link by which they set their password.</summary>
    Added,

    /// <summary>An existing person, who was invited.</summary>
    Invited,

    /// <summary>A member or invited already. An import adds people; it changes nobody.</summary>
    Unchanged,

    Refused,

    /// <summary>The import ended before this row. Send the file again: what is done is not done twice.</summary>
    NotTried,
}

/// <param name="Row">As a spreadsheet numbers it: the header is row 1.</param>
/// <param name="Code">Why not, as for a single user; <c>request.invalid</c> with <paramref name="Errors"/> by column.</param>
internal sealed record ImportedRow(
    int Row,
    string Email,
    ImportVerdict Verdict,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Code = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Detail = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
        IReadOnlyDictionary<string, string[]>? Errors = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] Guid? UserId = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] Guid? InvitationId = null
);

internal sealed record ImportReport(bool DryRun, IReadOnlyList<ImportedRow> Items);

/// <summary>
/// Adds the people of a CSV file, each as <see cref="AddUserToGroup"/> would and in a transaction of their own, and streams a
/// verdict per row. Sent again it goes on where it was cut off. With <c>dryRun=true</c> it only says what would stand against it.
/// </summary>
internal sealed class ImportMembersEndpoint : ICarterModule
{
    private const int LookedUpAtOnce = 500;

    /// <summary>Thousands of people take longer than any other call may.</summary>
    private static readonly TimeSpan LongestImport = TimeSpan.FromMinutes(15);

    public void AddRoutes(IEndpointRouteBuilder app) =>
        app.MapPost("/api/groups/{groupId:guid}/members/import", Post)
            .RequireAccess(Access.ManageUsers)
            .NaturallyIdempotent()
            .WithName("ImportMembers")
            .WithTags("Members")
            .Produces<ImportReport>()
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status413PayloadTooLarge)
            .ProducesProblem(StatusCodes.Status415UnsupportedMediaType)
            .ProducesProblem(StatusCodes.Status429TooManyRequests)
            .WithRequestTimeout(LongestImport);

    private static async Task<IResult> Post(
        Guid groupId,
        string? dryRun,
        MemberFile file,
        GroupsDbContext db,
        IModuleBus bus,
        IValidator<NewMember> validator,
        LookupLimit limit,
        TimeProvider clock,
        CancellationToken ct
    )
    {
        var actor = await db
            .Memberships.AsNoTracking()
            .SingleAsync(m => m.GroupId == groupId && m.UserId == ModuleDbContext.CurrentUserId(), ct);
        var only = QueryText.YesOrNo(nameof(dryRun), dryRun);
        if (only.IsError)
            return Problems.ToProblem(only.Errors);

        var locations = (await bus.QueryAsync(new ListLocations(groupId), ct))
            .Locations.Where(location => !location.Archived && actor.MayAssign([location.LocationId]))
            .ToList();
        var read = await file.ReadAsync(locations, validator, ct);
        if (read.IsError)
            return Problems.ToProblem(read.Errors);
        if (only.Value)
            return Results.Ok(
                new { DryRun = true, Items = JudgeAsync(groupId, read.Value, actor, db, clock.GetUtcNow(), ct) }
            );
        return limit.TryImport(actor.UserId)
            ? Results.Ok(new { DryRun = false, Items = AddAsync(groupId, read.Value, bus, ct) })
            : GroupErrors.TooManyImports.ToProblem();
    }

    private static async IAsyncEnumerable<ImportedRow> JudgeAsync(
        Guid groupId,
        IReadOnlyList<MemberRow> rows,
        Membership actor,
        GroupsDbContext db,
        DateTimeOffset now,
        [EnumeratorCancellation] CancellationToken ct
    )
    {
        foreach (var some in rows.Chunk(LookedUpAtOnce))
        {
            var emails = some.Select(row => EmailAddress.Normalize(row.Email)).ToList();
            var members = (
                await db
                    .Memberships.AsNoTracking()
                    .Where(m => m.GroupId == groupId && emails.Contains(m.Email.ToUpper()))
                    .Select(m => new { m.Email, m.Status })
                    .ToListAsync(ct)
            ).ToDictionary(m => EmailAddress.Normalize(m.Email), m => m.Status);
            var invited = (
                await db
                    .Invitations.AsNoTracking()
                    .Where(i =>
                        i.GroupId == groupId
                        && i.Status == InvitationStatus.Pending
                        && i.ExpiresAt > now
                        && emails.Contains(i.NormalizedEmail)
                    )
                    .Select(i => i.NormalizedEmail)
                    .ToListAsync(ct)
            ).ToHashSet();
            foreach (var row in some)
            {
                var email = EmailAddress.Normalize(row.Email);
                yield return row.Errors.Count > 0 ? Refused(row, row.Errors)
                : members.TryGetValue(email, out var status)
                    ? Refused(
                        row,
                        [status == MemberStatus.Active ? GroupErrors.AlreadyMember : GroupErrors.MemberDeactivated]
                    )
                : invited.Contains(email) ? Refused(row, [GroupErrors.AlreadyInvited])
                : !actor.MayGrant(row.Member.Choice.Effective(row.Member.RoleType!.Value), row.Member.LocationIds!)
                    ? Refused(row, [GroupErrors.BeyondOwnAccess])
                : new ImportedRow(row.Number, row.Email, ImportVerdict.Ready);
            }
        }
    }

    private static async IAsyncEnumerable<ImportedRow> AddAsync(
        Guid groupId,
        IReadOnlyList<MemberRow> rows,
        IModuleBus bus,
        [EnumeratorCancellation] CancellationToken ct
    )
    {
        Error? ended = null;
        foreach (var row in rows)
        {
            if (ended is { } why)
            {
                yield return new ImportedRow(row.Number, row.Email, ImportVerdict.NotTried, why.Code, why.Description);
                continue;
            }

            var added = row.Errors.Count > 0 ? [.. row.Errors] : await AddAsync(groupId, row.Member, bus, ct);
            if (added.IsError && EndsTheImport(added.FirstError))
                ended = added.FirstError;
            yield return added.IsError
                ? Refused(row, added.Errors)
                : new ImportedRow(
                    row.Number,
                    row.Email,
                    added.Value.UserId is null ? ImportVerdict.Invited : ImportVerdict.Added,
                    UserId: added.Value.UserId,
                    InvitationId: added.Value.InvitationId
                );
        }
    }

    private static async Task<ErrorOr<UserAdded>> AddAsync(
        Guid groupId,
        NewMember member,
        IModuleBus bus,
        CancellationToken ct
    )
    {
        try
        {
            var added = await TryAsync();
            return added.IsError && added.FirstError == GroupErrors.PasswordNotAllowed ? await TryAsync() : added; // an account came between: now they are invited
        }
        catch (Exception away) when (PracticeMessaging.IsTransient(away))
        {
            return CommonErrors.Unavailable; // the answer has begun: it can't become a 503 any more
        }

        async Task<ErrorOr<UserAdded>> TryAsync()
        {
            var begun = await bus.SendAsync(new ImportUser(groupId, member), ct);
            return begun.IsError ? begun.Errors : await bus.CompleteAsync(groupId, begun.Value, member, ct);
        }
    }

    /// <summary>Whether the same would be said of every further row: the caller may no more, or the database is away.</summary>
    private static bool EndsTheImport(Error refusal) =>
        refusal == CommonErrors.NotFound
        || refusal == AuthorizationErrors.NotAllowed
        || refusal == AuthorizationErrors.NotSignedIn
        || refusal == AuthorizationErrors.TwoFactorRequired
        || refusal == CommonErrors.Unavailable;

    private static ImportedRow Refused(MemberRow row, IReadOnlyList<Error> refusals) =>
        refusals[0].Type == ErrorType.Validation
            ? new ImportedRow(
                row.Number,
                row.Email,
                ImportVerdict.Refused,
                "request.invalid",
                Errors: refusals
                    .Where(refusal => refusal.Type == ErrorType.Validation)
                    .GroupBy(refusal => refusal.Code)
                    .ToDictionary(
                        column => column.Key,
                        column => column.Select(refusal => refusal.Description).Distinct().ToArray()
                    )
            )
            : new ImportedRow(
                row.Number,
                row.Email,
                refusals[0] == GroupErrors.AlreadyMember || refusals[0] == GroupErrors.AlreadyInvited
                        ? ImportVerdict.Unchanged
                    : refusals[0] == CommonErrors.Unavailable ? ImportVerdict.NotTried
                    : ImportVerdict.Refused,
                refusals[0].Code,
                refusals[0].Description
            );
}

public static class ImportUserHandler
{
    public static async Task<ErrorOr<AddUserStep>> Handle(
        ImportUser command,
        GroupsDbContext db,
        UnitOfWork work,
        IModuleBus bus,
        IOptions<InvitationOptions> options,
        TimeProvider clock,
        IMessageContext messages,
        CancellationToken ct
    ) =>
        await new UserAddition(db, work, bus, options.Value, clock.GetUtcNow(), messages).BeginAsync(
            command.GroupId,
            command.Member,
            withoutPassword: null,
            ct
        );
}
