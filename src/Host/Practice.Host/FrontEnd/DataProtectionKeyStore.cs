using System.Text;
using System.Xml.Linq;
using Microsoft.AspNetCore.DataProtection.Repositories;
using Npgsql;
using Practice.Shared.Persistence;

namespace Practice.Host.FrontEnd;

/// <summary>
/// The data protection keys, for cookies and forms. They are stored in the database, so they survive restarts and all
/// hosts share them.
/// </summary>
internal sealed class DataProtectionKeyStore(PracticeDatabase database, SessionEncryption encryption) : IXmlRepository
{
    private readonly NpgsqlDataSource _source = database.For(PracticeDatabase.WebSchema);

    public IReadOnlyCollection<XElement> GetAllElements()
    {
        using var read = _source.CreateCommand("select name, sealed from web.keys");
        using var reader = read.ExecuteReader();
        var keys = new List<XElement>();
        while (reader.Read())
        {
            // A key from before a change of the owner's password cannot be decrypted: its cookies and forms are
            // invalid.
            if (encryption.Decrypt(reader.GetString(0), reader.GetFieldValue<byte[]>(1)) is { } content)
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
            encryption.Encrypt(friendlyName, Encoding.UTF8.GetBytes(element.ToString(SaveOptions.DisableFormatting)))
        );
        write.ExecuteNonQuery();
    }
}
