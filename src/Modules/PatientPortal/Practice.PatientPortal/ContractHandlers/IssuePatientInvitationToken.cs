using Microsoft.EntityFrameworkCore;
using Practice.Contracts.PatientPortal;
using Practice.PatientPortal.Data;
using Practice.PatientPortal.Domain.Patients;

namespace Practice.PatientPortal.ContractHandlers;

/// <summary>The link of a repeated email is that of the first.</summary>
public static class IssuePatientInvitationTokenHandler
{
    public static async Task<ErrorOr<PatientInvitationToken>> Handle(
        IssuePatientInvitationToken command,
        PatientPortalDbContext db,
        InvitationSecret secret,
        TimeProvider clock,
        CancellationToken ct
    )
    {
        var invitation = await db.PatientInvitations.SingleOrDefaultAsync(
            i => i.GroupId == command.GroupId && i.Id == command.InvitationId,
            ct
        );
        if (invitation is null || !invitation.IsOpen(clock.GetUtcNow()))
            return CommonErrors.NotFound;

        var token = InvitationTokens.Of(command.GroupId, secret.Of(invitation.Id));
        invitation.Issue(AuthorizationRequest.Hash(token));
        return new PatientInvitationToken(token);
    }
}
