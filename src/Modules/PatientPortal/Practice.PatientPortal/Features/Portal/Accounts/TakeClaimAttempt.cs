using Microsoft.EntityFrameworkCore;
using Practice.PatientPortal.Data;
using Practice.PatientPortal.Domain;
using Practice.PatientPortal.Domain.Patients;

namespace Practice.PatientPortal.Features.Portal.Accounts;

/// <summary>
/// Counts an attempt to claim an invitation. Whoever reads the mailbox could otherwise try every date of birth.
/// </summary>
public sealed record TakeClaimAttempt(Guid GroupId, string TokenHash) : Message, ICommand<Success>, IInGroup
{
    /// <summary>Null where the token names no practice: the claim says so.</summary>
    internal static TakeClaimAttempt? For(string token) =>
        InvitationTokens.GroupOf(token) is { } groupId ? new(groupId, AuthorizationRequest.Hash(token)) : null;
}

public static class TakeClaimAttemptHandler
{
    public static async Task<ErrorOr<Success>> Handle(
        TakeClaimAttempt command,
        PatientPortalDbContext db,
        CancellationToken ct
    )
    {
        var invitation = await db
            .PatientInvitations.FromSql(
                $"select * from portal.patient_invitations where token_hash = {command.TokenHash} for update"
            )
            .SingleOrDefaultAsync(ct);
        return invitation?.Attempt() == false ? PortalErrors.ClaimLocked : Result.Success;
    }
}
