namespace Practice.PatientPortal.Domain.Accounts;

/// <summary>As what a person opens an account, in the words of the API.</summary>
public enum AccountRelation
{
    Self,
    Dependant,
    Granted,
}

internal static class AccountRelations
{
    public static AccountRelation Of(PortalRelation relation) =>
        relation switch
        {
            PortalRelation.Self => AccountRelation.Self,
            PortalRelation.Guardian => AccountRelation.Dependant,
            PortalRelation.Granted => AccountRelation.Granted,
            _ => throw new ArgumentOutOfRangeException(nameof(relation), relation, "Not a relation to an account."),
        };
}
