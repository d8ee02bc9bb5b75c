namespace Practice.Users.Domain;

/// <summary>Maximum lengths of names.</summary>
internal static class NameLengths
{
    public const int Title = 40;
    public const int Name = 100;
}
