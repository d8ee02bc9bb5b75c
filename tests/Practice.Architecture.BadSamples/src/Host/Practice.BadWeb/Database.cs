using Npgsql;

namespace Practice.BadWeb;

/// <summary>Rule 10: a database where a search by names of types does not look. In an async lambda:</summary>
internal sealed class LambdaPage
{
    public Func<Task<string>> Load { get; } =
        async () =>
        {
            await using var connection = new NpgsqlConnection();
            await connection.OpenAsync();
            return connection.Database;
        };
}

/// <summary>In an attribute:</summary>
[Mark(typeof(Dictionary<string, NpgsqlException>))]
internal sealed class MarkedPage;

[AttributeUsage(AttributeTargets.All)]
internal sealed class MarkAttribute(Type type) : Attribute
{
    public Type Type { get; } = type;
}

/// <summary>In a catch that does not name its exception:</summary>
internal sealed class CatchingPage
{
    public string Load(Func<string> load)
    {
        try
        {
            return load();
        }
        catch (NpgsqlException)
        {
            return "";
        }
    }
}

/// <summary>And code by its name, for which nothing need be known.</summary>
internal sealed class ReflectingPage
{
    public Type? Load() => Type.GetType("Practice.Groups.Data.GroupsDbContext, Practice.Groups");
}
