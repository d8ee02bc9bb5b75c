using Microsoft.EntityFrameworkCore;
using Practice.Contracts.Users;
using Practice.Users.Data;
using Practice.Users.Domain;

namespace Practice.Users.ContractHandlers;

public static class FindReminderChoiceHandler
{
    public static async Task<ReminderChoiceAnswer> Handle(
        FindReminderChoice query,
        UsersDbContext db,
        CancellationToken ct
    )
    {
        if (query.UserIds.Count == 0)
            return new(
                query.Email is null || (await db.FindWantedAsync(EmailCategory.Reminders, query.Email, ct)).IsWanted
            );
        var without = await db.MailPreferences.CountAsync(
            chosen => query.UserIds.Contains(chosen.AccountId) && !chosen.Reminders,
            ct
        );
        return new(without < query.UserIds.Count);
    }
}
