using FluentValidation;
using Microsoft.EntityFrameworkCore;
using Practice.Contracts.Groups;
using Practice.Contracts.Locations;
using Practice.Contracts.Users;
using Practice.Groups.Data;
using Practice.Groups.Domain;
using Practice.Shared.Limits;
using Wolverine;

namespace Practice.Groups.Features.Groups;

/// <summary>Creates a practice group, with the caller as its first owner, and its first location.</summary>
/// <remarks>
/// The location is made before the group: a crash in between leaves a location without a group, which nobody can see.
/// </remarks>
public sealed record CreateGroup(Guid GroupId, Guid LocationId, Body<NewGroup> Body) : Message, ICommand<NewResource>;

/// <param name="Location">
/// The first location; without it, one named like the group, in UTC until someone changes that.
/// </param>
public sealed record NewGroup(
    string? Name,
    RoleType? RoleType,
    string? Profession,
    string? RegistrationNumber,
    NewGroupLocation? Location
);

/// <param name="TimeZone">An IANA time zone, such as <c>Australia/Melbourne</c>.</param>
public sealed record NewGroupLocation(string? Name, string? TimeZone);

internal sealed class NewGroupValidator : AbstractValidator<NewGroup>
{
    public NewGroupValidator()
    {
        RuleFor(group => group.Name).RequiredText(100);
        RuleFor(group => group.RoleType).Required();
        RuleFor(group => group.Profession).Profession().When(group => group.Profession is not null);
        RuleFor(group => group.RegistrationNumber).RegistrationNumberOf(group => group.RoleType);
        RuleFor(group => group.Location)
            .ChildRules(location =>
            {
                location.RuleFor(l => l!.Name).RequiredText(100);
                location.RuleFor(l => l!.TimeZone).TimeZone();
            })
            .When(group => group.Location is not null);
    }
}

internal sealed class CreateGroupEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app) =>
        app.MapPost("/api/groups", Post)
            .RequireSession()
            .WithName(nameof(CreateGroup))
            .WithTags("Groups")
            .Produces<NewResource>(StatusCodes.Status201Created)
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status429TooManyRequests);

    private static async Task<IResult> Post(
        Body<NewGroup> body,
        IModuleBus bus,
        TimeProvider clock,
        CancellationToken ct
    )
    {
        var now = clock.GetUtcNow();
        return (
            await bus.SendAsync(new CreateGroup(Guid.CreateVersion7(now), Guid.CreateVersion7(now), body), ct)
        ).ToHttp(made => Results.Created($"/api/groups/{made.Id}", made));
    }
}

public static class CreateGroupHandler
{
    /// <summary>A group's id is made before the group, and holds whole milliseconds.</summary>
    private static readonly TimeSpan Rounding = TimeSpan.FromMinutes(1);

    public static async Task<ErrorOr<NewResource>> Handle(
        CreateGroup command,
        GroupsDbContext db,
        UnitOfWork work,
        IModuleBus bus,
        PeopleLimit limit,
        TimeProvider clock,
        IMessageContext messages,
        CancellationToken ct
    )
    {
        if (command.Body.Read() is var read && read.IsError)
            return read.Errors;
        var input = read.Value;

        var account = (await bus.QueryAsync(new FindAccount(work.Caller.Person), ct)).Account!;
        if (!account.EmailConfirmed)
            return GroupErrors.EmailNotConfirmed;
        if (await MadeTooManyAsync())
            return GroupErrors.TooManyPractices;

        var location = await bus.InvokeAsSystemAsync(
            new AddFirstLocation(
                command.GroupId,
                command.LocationId,
                input.Location?.Name ?? input.Name!,
                input.Location?.TimeZone ?? "Etc/UTC"
            ),
            ct
        );
        if (location.IsError)
            return location.Errors;

        // Again, since another call may have made one. A location without a practice, as now and then after a crash,
        // shows nowhere.
        await db.LockPersonAsync(account.UserId, ct);
        if (await MadeTooManyAsync())
            return GroupErrors.TooManyPractices;

        using var asSystem = work.ActAsSystemIn(command.GroupId);
        var group = Group.Create(command.GroupId, input.Name!, clock.GetUtcNow());
        var owner = Membership.JoinAsFirstOwner(
            group.Id,
            new MemberProfile(
                account.UserId,
                account.Email,
                account.Title,
                account.FirstName,
                account.LastName,
                input.RoleType!.Value,
                input.Profession ?? Professions.Other,
                input.RegistrationNumber.NullIfBlank()
            ),
            command.LocationId,
            group.CreatedAt
        );
        db.Groups.Add(group);
        db.Memberships.Add(owner);
        work.Audit(GroupAudit.Created, group.Id, group.Id);
        await messages.PublishAsync(new MemberJoined(group.Id, group.Name, owner.UserId, AccountIsNew: false));
        await db.SaveChangesAsync(ct);
        return new NewResource(group.Id);

        // Who makes a group joins it at that moment. It counts also if they gave it away or left it.
        async Task<bool> MadeTooManyAsync()
        {
            if (limit.NewPractices is not { } max)
                return false;
            var since = clock.GetUtcNow() - PeopleLimit.NewFor;
            var joined = await db
                .Memberships.Where(mine => mine.UserId == account.UserId && mine.JoinedAt > since)
                .Select(mine => new { mine.GroupId, mine.JoinedAt })
                .ToListAsync(ct);
            var made = 0;
            foreach (var one in joined.Where(one => PeopleLimit.MadeAt(one.GroupId) > since - Rounding))
            {
                using var asSystemThere = work.ActAsSystemIn(one.GroupId);
                if (await db.Groups.AnyAsync(g => g.Id == one.GroupId && g.CreatedAt == one.JoinedAt, ct))
                    made++;
            }

            return made >= max;
        }
    }
}
