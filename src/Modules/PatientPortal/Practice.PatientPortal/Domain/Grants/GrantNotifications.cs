using Practice.Contracts.PatientPortal;
using Practice.PatientPortal.Domain.Accounts;

namespace Practice.PatientPortal.Domain.Grants;

internal static class GrantNotifications
{
    /// <summary>
    /// A request that waited for the account's own person does so no longer; null where it did not wait.
    /// Nobody requests access at a dependant's address.
    /// </summary>
    public static PortalAccessRequestClosed? Closed(PortalAccount account, Grant grant, GrantStatus before) =>
        before == GrantStatus.Pending && grant.Status != GrantStatus.Pending
            ? new(account.Id, grant.Id, account.UserId)
            : null;

    /// <summary>
    /// What to tell the person a grant is for after its status changed: that they have access, or no longer have it.
    /// Null where they learn nothing, such as after a denial.
    /// </summary>
    public static Message? For(PortalAccount account, Grant grant, GrantStatus before)
    {
        if (grant.UserId is not { } userId || before == grant.Status)
            return null;
        if (grant.Status == GrantStatus.Current)
            return new PortalAccessGranted(
                account.Id,
                grant.Id,
                userId,
                account.Name,
                grant.Role,
                grant.Level,
                grant.GivenById
            );
        return before == GrantStatus.Current
            ? new PortalAccessRevoked(account.Id, grant.Id, userId, grant.AccountName ?? account.Name, grant.GivenById)
            : null;
    }
}
