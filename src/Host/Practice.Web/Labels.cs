using System.Globalization;
using Practice.Client;

namespace Practice.Web;

/// <summary>Labels of the API's enums, and names and amounts as text.</summary>
internal static class Labels
{
    /// <summary>Why the person has access to a portal account.</summary>
    public static string Of(OpenableAccount account) =>
        account.Relation switch
        {
            AccountRelation.Self => "Yourself",
            AccountRelation.Dependant => "Your dependant",
            _ => $"Shared with you · {Of(account.Role)}, {Of(account.Level)}",
        };

    /// <summary>What the person can do in another person's account; the end of a sentence.</summary>
    public static string ActingFor(OpenableAccount account) =>
        (account.Relation, account.Role, account.Level) switch
        {
            (AccountRelation.Dependant, _, PortalLevel.Clinical) => "as their guardian.",
            (AccountRelation.Dependant, _, _) => "as their guardian, without clinical records.",
            (_, PortalRole.Edit, PortalLevel.Clinical) => "which they share with you. You can view and edit it.",
            (_, PortalRole.Edit, _) => "which they share with you. You can view and edit it, except clinical records.",
            (_, _, PortalLevel.Clinical) => "which they share with you. You can view it, but not edit it.",
            _ => "which they share with you. You can view appointments and invoices, but not edit them.",
        };

    public static string Of(PortalRole role) => role == PortalRole.Edit ? "Edit" : "View";

    public static string Of(PortalLevel level) => level == PortalLevel.Clinical ? "Clinical" : "Administrative";

    public static string Of(RoleType roleType) => roleType == RoleType.Practitioner ? "Practitioner" : "Administrator";

    /// <summary>First and last name, without the title.</summary>
    public static string Of(MemberView member) => $"{member.FirstName} {member.LastName}";

    /// <summary>With the title, where there is one.</summary>
    public static string Full(MemberView member) =>
        string.IsNullOrEmpty(member.Title) ? Of(member) : $"{member.Title} {Of(member)}";

    /// <summary>Such as <c>1,120.15 AUD</c>: the API's amount with commas between thousands.</summary>
    public static string Money(string amount, string currency) => $"{Amount(amount)} {currency}";

    /// <summary>The same where the currency stands elsewhere.</summary>
    public static string Amount(string amount)
    {
        var point = amount.IndexOf('.', StringComparison.Ordinal);
        var whole = decimal.Parse(point < 0 ? amount : amount[..point], CultureInfo.InvariantCulture);
        return $"{whole.ToString("#,##0", CultureInfo.InvariantCulture)}{(point < 0 ? "" : amount[point..])}";
    }
}
