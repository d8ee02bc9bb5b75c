namespace Practice.Users.Domain;

/// <summary>How long names may be.</summary>
internal static class NameLengths
{
    public const int Title = 40;
    public const int Name = 100;
}
