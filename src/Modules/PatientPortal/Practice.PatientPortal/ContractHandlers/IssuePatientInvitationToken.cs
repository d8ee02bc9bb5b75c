using System.Buffers.Text;
using System.Security.Cryptography;
using Microsoft.EntityFrameworkCore;
using Practice.Contracts.PatientPortal;
using Practice.PatientPortal.Data;

namespace Practice.PatientPortal.ContractHandlers;

/// <summary>A mail sent once more makes the earlier link worthless.</summary>
public static class IssuePatientInvitationTokenHandler
{
    public static async Task<ErrorOr<PatientInvitationToken>> Handle(
        IssuePatientInvitationToken command,
        PatientPortalDbContext db,
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

        var token = $"{command.GroupId:n}.{Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32))}";
        invitation.Issue(AuthorizationRequest.Hash(token));
        return new PatientInvitationToken(token);
    }
}
