namespace Practice.Benchmarks.Seeds;

/// <summary>The ids of what <c>seed.sql</c> makes, by its kinds and numbers.</summary>
internal static class Ids
{
    public static Guid Group(int number) => Of(1, number);

    public static Guid Person(int number) => Of(2, number);

    public static Guid Account(int number) => Of(5, number);

    private static Guid Of(int kind, long number) =>
        Guid.ParseExact($"{1_700_000_000_000 + number:x12}7{kind:x3}8{number:x15}", "n");
}
