using System.Runtime.CompilerServices;
using System.Text.Json.Serialization;
using FluentValidation;
using Microsoft.EntityFrameworkCore;
using Practice.Contracts.Locations;
using Practice.Groups.Data;
using Practice.Groups.Domain;
using Practice.Groups.Features.Members.AddUser;
using Practice.Groups.Limits;
using Practice.Shared.Idempotency;
using Practice.Shared.Persistence;

namespace Practice.Groups.Features.Members.Import;

internal enum ImportVerdict
{
    /// <summary>In a dry run: no error found. It does not say whether the person has an account.</summary>
    Ready,

    /// <summary>
    /// The person was written to: who is new is a member now, who has an account is invited. The file does not tell
    /// which: it would tell about thousands of addresses at once.
    /// </summary>
    Accepted,

    /// <summary>Already a member or invited. An import adds people; it changes none.</summary>
    Unchanged,

    [JsonStringEnumMemberName("refused")]
    Rejected,

    /// <summary>
    /// The import stopped before this row. Send the file again: rows that are done are not done twice.
    /// </summary>
    NotTried,
}

/// <param name="Row">As a spreadsheet numbers it: blank rows count.</param>
/// <param name="Code">
/// The error, as for a single user; <c>request.invalid</c> with <paramref name="Errors"/> by column.
/// </param>
internal sealed record ImportedRow(
    int Row,
    string Email,
    ImportVerdict Verdict,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Code = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Detail = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
        IReadOnlyDictionary<string, string[]>? Errors = null
);

/// <param name="Encoding">
/// How the file's bytes were read: <c>utf-8</c>, <c>utf-16le</c>, <c>utf-16be</c> or
/// <c>windows-1252</c>. The last one is a guess.
/// </param>
internal sealed record ImportReport(bool DryRun, string Encoding, IReadOnlyList<ImportedRow> Items);

/// <summary>
/// Adds the people of a CSV file, many at once, and streams a verdict per row. If it is sent again, it continues where
/// it was cut off. With <c>dryRun=true</c> it only reports what would fail.
/// </summary>
/// <remarks>Each is added by <see cref="AddUserWorkflow"/>.</remarks>
internal sealed class ImportMembersEndpoint : ICarterModule
{
    private const int CheckedAtOnce = 500;

    /// <summary>Each step of so many is one transaction. The last holds the group's lock for about 0.1 s.</summary>
    private const int AddedAtOnce = 200;

    /// <summary>Thousands of people take longer than any other call may.</summary>
    private static readonly TimeSpan MaxImportTime = TimeSpan.FromMinutes(15);

    public void AddRoutes(IEndpointRouteBuilder app) =>
        app.MapPost("/api/groups/{groupId:guid}/members/import", Post)
            .RequireAccess(Access.ManageUsers)
            .RequirePerson()
            .NaturallyIdempotent()
            .WithName("ImportMembers")
            .WithTags("Members")
            .Produces<ImportReport>()
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status413PayloadTooLarge)
            .ProducesProblem(StatusCodes.Status415UnsupportedMediaType)
            .ProducesProblem(StatusCodes.Status429TooManyRequests)
            .WithRequestTimeout(MaxImportTime);

    private static async Task<IResult> Post(
        Guid groupId,
        QueryValue<bool>? dryRun,
        MemberFile file,
        GroupsDbContext db,
        IModuleBus bus,
        IValidator<NewMember> validator,
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
        var levels = await db
            .AccessLevels.AsNoTracking()
            .Where(level => level.GroupId == groupId && level.ArchivedAt == null)
            .ToListAsync(ct);
        var read = await file.ReadAsync(locations, levels, validator, ct);
        if (read.IsError)
            return Problems.ToProblem(read.Errors);
        if (only.Value)
            return Results.Ok(
                new
                {
                    DryRun = true,
                    read.Value.Encoding,
                    Items = CheckAsync(
                        groupId,
                        read.Value.Rows,
                        actor,
                        new KnownLevels(levels),
                        db,
                        clock.GetUtcNow(),
                        ct
                    ),
                }
            );
        return (await bus.SendAsync(new CountLookup(groupId, LookupKind.File), ct)).ToHttp(() =>
            Results.Ok(
                new
                {
                    DryRun = false,
                    read.Value.Encoding,
                    Items = AddAsync(groupId, read.Value.Rows, bus, ct),
                }
            )
        );
    }

    private static async IAsyncEnumerable<ImportedRow> CheckAsync(
        Guid groupId,
        IReadOnlyList<MemberRow> rows,
        Membership actor,
        KnownLevels levels,
        GroupsDbContext db,
        DateTimeOffset now,
        [EnumeratorCancellation] CancellationToken ct
    )
    {
        foreach (var some in rows.Chunk(CheckedAtOnce))
        {
            var emails = some.Select(row => EmailAddress.Normalize(row.Email)).ToList();
            var members = (
                await db
                    .Memberships.AsNoTracking()
                    .Where(m => m.GroupId == groupId && !m.HasLeft && emails.Contains(m.Email.ToUpper()))
                    .Select(m => new { m.Email, m.Status })
                    .ToListAsync(ct)
            )
                .GroupBy(m => EmailAddress.Normalize(m.Email))
                // A deactivated member keeps the address that they had; it may be another member's now.
                .ToDictionary(same => same.Key, same => same.Min(m => m.Status));
            var invited = (
                await db.VisibleInvitations(groupId)
                    .AsNoTracking()
                    .Where(i =>
                        i.Status == InvitationStatus.Pending && i.ExpiresAt > now && emails.Contains(i.NormalizedEmail)
                    )
                    .Select(i => i.NormalizedEmail)
                    .ToListAsync(ct)
            ).ToHashSet();
            foreach (var row in some)
            {
                var email = EmailAddress.Normalize(row.Email);
                yield return row.Errors.Count > 0 ? Failed(row, row.Errors)
                : members.TryGetValue(email, out var status)
                    ? Failed(
                        row,
                        [status == MemberStatus.Active ? GroupErrors.AlreadyMember : GroupErrors.MemberDeactivated]
                    )
                : invited.Contains(email) ? Failed(row, [GroupErrors.AlreadyInvited])
                : WhyNotGranted(row.Member) is { } refused ? Failed(row, [refused])
                : new ImportedRow(row.Number, row.Email, ImportVerdict.Ready);
            }
        }

        Error? WhyNotGranted(NewMember person)
        {
            var choice = person.ChoiceOf(levels);
            return choice.IsError ? choice.FirstError
                : actor.MayGrant(choice.Value.Effective(person.RoleType!.Value), person.LocationIds!) ? null
                : GroupErrors.BeyondOwnAccess;
        }
    }

    private static async IAsyncEnumerable<ImportedRow> AddAsync(
        Guid groupId,
        IReadOnlyList<MemberRow> rows,
        IModuleBus bus,
        [EnumeratorCancellation] CancellationToken ct
    )
    {
        Error? stopped = null;
        foreach (var some in rows.Chunk(AddedAtOnce))
        {
            var outcomes = some.Where(row => row.Errors.Count > 0)
                .ToDictionary(row => row.Number, row => (ErrorOr<UserAdded>)row.Errors.ToList());
            if (stopped is null)
            {
                var good = some.Where(row => row.Errors.Count == 0).ToList();
                var batch = await bus.AddUsersAsync(groupId, good.ConvertAll(row => row.Member), ct);
                foreach (var (row, outcome) in good.Zip(batch.Outcomes))
                {
                    if (outcome is { } known)
                        outcomes.Add(row.Number, known);
                }

                stopped = batch.Stopped;
            }

            foreach (var row in some)
                yield return !outcomes.TryGetValue(row.Number, out var outcome) ? NotTried(row, stopped!.Value)
                : outcome.IsError ? Failed(row, outcome.Errors)
                : new ImportedRow(row.Number, row.Email, ImportVerdict.Accepted);
        }
    }

    private static ImportedRow NotTried(MemberRow row, Error why) =>
        new(row.Number, row.Email, ImportVerdict.NotTried, why.Code, why.Description);

    private static ImportedRow Failed(MemberRow row, IReadOnlyList<Error> errors) =>
        errors[0].Type == ErrorType.Validation
            ? new ImportedRow(
                row.Number,
                row.Email,
                ImportVerdict.Rejected,
                "request.invalid",
                Errors: errors
                    .Where(error => error.Type == ErrorType.Validation)
                    .GroupBy(error => error.Code)
                    .ToDictionary(
                        column => column.Key,
                        column => column.Select(error => error.Description).Distinct().ToArray()
                    )
            )
            : new ImportedRow(
                row.Number,
                row.Email,
                errors[0] == GroupErrors.AlreadyMember || errors[0] == GroupErrors.AlreadyInvited
                        ? ImportVerdict.Unchanged
                    : errors[0] == CommonErrors.Unavailable ? ImportVerdict.NotTried
                    : ImportVerdict.Rejected,
                errors[0].Code,
                errors[0].Description
            );
}
