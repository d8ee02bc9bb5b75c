using FluentValidation;
using Microsoft.EntityFrameworkCore;
using Practice.PatientPortal.Data;
using Practice.PatientPortal.Domain;
using Practice.PatientPortal.Domain.Patients;

namespace Practice.PatientPortal.Features.Portal.Accounts;

/// <summary>
/// Shows which practice a mailed invitation is from, the patient's first name and whether it is for a guardian, before
/// it is claimed. It shows this only to the confirmed address it was mailed to, and changes nothing.
/// </summary>
public sealed record PreviewClaim(Body<ClaimToken> Body) : Message, ICommand<ClaimPreview>;

public sealed record ClaimToken(string? Token);

/// <param name="FirstName">Whose records they are.</param>
/// <param name="ForGuardian">
/// Then it is claimed for a dependant's account, else for one's own or for a dependant's.
/// </param>
public sealed record ClaimPreview(string Practice, string FirstName, bool ForGuardian);

internal sealed class ClaimTokenValidator : AbstractValidator<ClaimToken>
{
    public ClaimTokenValidator() => RuleFor(claim => claim.Token).RequiredText(200);
}

internal sealed class PreviewClaimEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app) =>
        app.MapPost("/api/portal/claims/preview", Post)
            .RequirePortal()
            .WithName(nameof(PreviewClaim))
            .WithTags("Portal accounts")
            .Produces<ClaimPreview>()
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status410Gone)
            .ProducesProblem(StatusCodes.Status422UnprocessableEntity);

    private static async Task<IResult> Post(Body<ClaimToken> body, IModuleBus bus, CancellationToken ct) =>
        (await bus.SendAsync(new PreviewClaim(body), ct)).ToHttp(preview => Results.Ok(preview));
}

public static class PreviewClaimHandler
{
    public static async Task<ErrorOr<ClaimPreview>> Handle(
        PreviewClaim command,
        PatientPortalDbContext db,
        UnitOfWork work,
        IModuleBus bus,
        TimeProvider clock,
        CancellationToken ct
    )
    {
        if (command.Body.Read() is var read && read.IsError)
            return read.Errors;
        var person = await bus.GetAccountAsync(work.Caller.Person, ct);
        if (!person.EmailConfirmed)
            return PortalErrors.EmailNotConfirmed;
        if (InvitationTokens.GroupOf(read.Value.Token!) is not { } groupId)
            return PortalErrors.InvitationInvalid;

        using var asSystem = work.ActAsSystemIn(groupId); // the token shows that the caller was invited there
        var hash = AuthorizationRequest.Hash(read.Value.Token!);
        var invitation = await db.PatientInvitations.AsNoTracking().SingleOrDefaultAsync(i => i.TokenHash == hash, ct);
        if (invitation is null || !invitation.IsOpen(clock.GetUtcNow()))
            return PortalErrors.InvitationInvalid;
        if (invitation.NormalizedEmail != EmailAddress.Normalize(person.Email))
            return PortalErrors.NotThisPatient;
        if (invitation.Attempts >= PatientInvitation.MaxAttempts)
            return PortalErrors.ClaimLocked;
        var patient = await db.Patients.AsNoTracking().SingleAsync(p => p.Id == invitation.PatientId, ct);
        return new ClaimPreview(patient.PracticeName, patient.FirstName, invitation.ForGuardian);
    }
}
