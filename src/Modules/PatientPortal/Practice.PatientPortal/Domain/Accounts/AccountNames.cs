using Practice.Contracts.Users;

namespace Practice.PatientPortal.Domain.Accounts;

internal static class AccountNames
{
    /// <summary>The name that grants and guardianships show, without the title.</summary>
    public static string FullName(this AccountFacts person) => $"{person.FirstName} {person.LastName}";
}
