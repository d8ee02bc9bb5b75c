using Npgsql;

namespace Practice.BadClient;

/// <summary>Rule 10: a client that knows the database, though only to catch what it throws.</summary>
internal static class Storage
{
    public static string Read(Func<string> read)
    {
        try
        {
            return read();
        }
        catch (NpgsqlException)
        {
            return "";
        }
    }
}
