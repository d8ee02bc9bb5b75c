using System.Text;
using System.Xml.Linq;
using Microsoft.AspNetCore.DataProtection.Repositories;
using Npgsql;
using Practice.Shared.Persistence;

namespace Practice.Host.FrontEnd;

/// <summary>The keys with which cookies and forms are sealed, in the database: they outlive restarts, and every host opens what another sealed.</summary>
internal sealed class KeyRing(PracticeDatabase database, Seal seal) : IXmlRepository
{
    private readonly NpgsqlDataSource _source = database.For(PracticeDatabase.WebSchema);

    public IReadOnlyCollection<XElement> GetAllElements()
    {
        using var read = _source.CreateCommand("select name, sealed from web.keys");
        using var reader = read.ExecuteReader();
        var keys = new List<XElement>();
        while (reader.Read())
        {
            // One that was sealed before the owner's password changed is of no use any more: what it had sealed is over.
            if (seal.Open(reader.GetString(0), reader.GetFieldValue<byte[]>(1)) is { } content)
                keys.Add(XElement.Parse(Encoding.UTF8.GetString(content)));
        }

        return keys;
    }

    public void StoreElement(XElement element, string friendlyName)
    {
        using var write = _source.CreateCommand(
            "insert into web.keys (name, sealed) values ($1, $2) on conflict (name) do nothing"
        );
        write.Parameters.AddWithValue(friendlyName);
        write.Parameters.AddWithValue(
            seal.Close(friendlyName, Encoding.UTF8.GetBytes(element.ToString(SaveOptions.DisableFormatting)))
        );
        write.ExecuteNonQuery();
    }
}
