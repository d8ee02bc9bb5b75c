namespace Practice.PatientPortal.Domain.Patients;

/// <summary>
/// A patient invitation's token: the practice group that holds the invitation, a full stop, and the secret.
/// </summary>
internal static class InvitationTokens
{
    public static string Of(Guid groupId, string secret) => $"{groupId:n}.{secret}";

    public static Guid? GroupOf(string token) =>
        token.Split('.') is [var group, { Length: > 0 }] && Guid.TryParseExact(group, "n", out var id) ? id : null;
}
