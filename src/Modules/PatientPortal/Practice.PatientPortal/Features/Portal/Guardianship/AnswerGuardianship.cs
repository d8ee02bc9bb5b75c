using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Practice.Contracts.PatientPortal;
using Practice.PatientPortal.Data;
using Practice.PatientPortal.Domain;
using Practice.PatientPortal.Domain.Accounts;
using Practice.PatientPortal.Domain.Guardianship;
using Wolverine;

namespace Practice.PatientPortal.Features.Portal.Guardianship;

/// <summary>The person who was asked to be a guardian accepts or declines. Nobody else can.</summary>
public sealed record AnswerGuardianship(Guid RequestId, bool Accept) : Message, ICommand<Success>;

internal sealed class AnswerGuardianshipEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app)
    {
        Map(app, "accept", accept: true);
        Map(app, "decline", accept: false);
    }

    private static void Map(IEndpointRouteBuilder app, string act, bool accept) =>
        app.MapPost(
                $"/api/portal/guardianships/{{requestId:guid}}/{act}",
                async (Guid requestId, IModuleBus bus, CancellationToken ct) =>
                    (await bus.SendAsync(new AnswerGuardianship(requestId, accept), ct)).ToHttp(() =>
                        Results.NoContent()
                    )
            )
            .RequirePortal()
            .WithName(accept ? "AcceptGuardianship" : "DeclineGuardianship")
            .WithSummary($"The person who was asked to be a guardian {act}s. Nobody else can.")
            .WithTags("Portal accounts")
            .Produces(StatusCodes.Status204NoContent)
            .ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status409Conflict);
}

public static class AnswerGuardianshipHandler
{
    public static async Task<ErrorOr<Success>> Handle(
        AnswerGuardianship command,
        PatientPortalDbContext db,
        UnitOfWork work,
        IModuleBus bus,
        IOptions<PortalOptions> options,
        TimeProvider clock,
        IMessageContext messages,
        CancellationToken ct
    )
    {
        var (person, now) = (await bus.GetAccountAsync(work.Caller.Person, ct), clock.GetUtcNow());
        await db.LockPersonAsync(person.UserId, ct); // two answers at once, and the limit
        if (await FindOpenAsync() is not { } asked)
            return CommonErrors.NotFound;
        if (command.Accept && await db.RunsMaximumAsync(person.UserId, ct))
            return PortalErrors.TooManyDependants;

        using var inAccount = work.ActInAccount(asked.AccountId);
        var account = (await db.LockAccountAsync(asked.AccountId, ct))!;
        if (!account.IsDependant)
            return CommonErrors.NotFound; // taken over at this moment
        if (command.Accept && !await db.IsGuardianAsync(account.Id, asked.AskedById, ct))
            return CommonErrors.NotFound; // who asked has no say any more
        if (command.Accept && await db.IsPausedAsync(work, account.Id, asked.AskedById, ct))
            return PortalErrors.AskerIsPaused;
        if (!command.Accept)
        {
            asked.Decline(now);
            work.Audit(PortalAudit.GuardianshipDeclined, account.Id, null);
            await db.SaveChangesAsync(ct);
            return Result.Success;
        }

        db.GuardianshipRequests.Remove(asked);
        var earlier = await db.Guardians.SingleOrDefaultAsync(
            g => g.AccountId == account.Id && g.UserId == person.UserId,
            ct
        );
        if (earlier is { EndedAt: not null })
        {
            db.Guardians.Remove(earlier); // they had left, and nothing of that time comes back
            await db.SaveChangesAsync(ct);
        }

        if (earlier is not { EndedAt: null })
        {
            await db.AddGuardianAsync(account, person, asked.Relationship, options.Value, now, messages, ct);
            work.Audit(PortalAudit.GuardianAdded, account.Id, null, new { asked.Relationship, asked.AskedById });
            await messages.PublishAsync(
                new GuardianAdded(account.Id, asked.AskedById, account.Name, person.FullName())
            );
        }

        await db.SaveChangesAsync(ct);
        return Result.Success;

        async Task<GuardianshipRequest?> FindOpenAsync() =>
            await db.GuardianshipRequests.SingleOrDefaultAsync(
                request => request.Id == command.RequestId && request.UserId == person.UserId,
                ct
            )
                is { } request
            && request.IsOpen(now)
                ? request
                : null;
    }
}
