using Practice.Users.Domain;

namespace Practice.Users.TwoFactor;

internal static class LostSecondFactor
{
    /// <summary>Two-factor authentication stays on. If it was about to end, the audit says so.</summary>
    public static void KeepTwoFactor(this UnitOfWork work, Account account)
    {
        if (account.KeepTwoFactor())
            work.Audit(UserAudit.TwoFactorKept, account.Id, null, by: account.Id);
    }
}
