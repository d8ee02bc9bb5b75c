namespace Practice.PatientPortal.Domain;

/// <summary>A patient invitation's token: the practice group whose rows it is looked for in, a full stop, and the secret.</summary>
internal static class InvitationTokens
{
    public static Guid? GroupOf(string token) =>
        token.Split('.') is [var group, { Length: > 0 }] && Guid.TryParseExact(group, "n", out var id) ? id : null;
}
