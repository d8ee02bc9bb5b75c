using System.Buffers;
using System.IO.Compression;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Practice.Csv;

namespace Practice.Shared.Exports;

/// <summary>
/// Writes tables into a ZIP archive while it is sent: each as CSV and as JSON, or as one readable page and JSON. Rows
/// come and go one by one: nothing but a page of them is in memory.
/// </summary>
public sealed class ExportArchive
{
    private const int FlushEvery = 500;
    private const int BufferSize = 32 * 1024;

    private readonly ZipArchive _zip;
    private readonly JsonSerializerOptions _json;
    private readonly Func<string, long, Task> _written;

    private ExportArchive(ZipArchive zip, JsonSerializerOptions json, Func<string, long, Task> written) =>
        (_zip, _json, _written) = (zip, json, written);

    public const string ContentType = "application/zip";

    /// <summary>
    /// Writes a whole archive. If writing fails, its directory is missing, and no program opens it:
    /// half of an export is never taken for the whole.
    /// </summary>
    /// <param name="written">Told with every row which file is written, and how many rows of it are.</param>
    public static async Task WriteAsync(
        Stream file,
        JsonSerializerOptions json,
        Func<ExportArchive, Task> write,
        Func<string, long, Task>? written,
        CancellationToken ct
    )
    {
        var output = new AsyncOutput(file);
        // Disposing it writes the directory: so only where all went well.
        var zip = await ZipArchive.CreateAsync(output, ZipArchiveMode.Create, leaveOpen: true, Encoding.UTF8, ct);
        await write(new ExportArchive(zip, json, written ?? ((_, _) => Task.CompletedTask)));
        await zip.DisposeAsync();
        await output.FlushAsync(ct);
    }

    /// <summary>For spreadsheets. What is a list or has parts is JSON in its cell.</summary>
    public async Task AddCsvAsync(ExportTable table, CancellationToken ct)
    {
        var columns = _json.GetTypeInfo(table.RowType).Properties.Where(column => column.Get is not null).ToList();
        var name = $"{table.Name}.csv";
        await using var entry = await OpenAsync(name, ct);
        await using var text = new StreamWriter(entry, new UTF8Encoding(false), leaveOpen: true);
        await text.WriteAsync(CsvText.Mark);
        await text.WriteAsync(CsvText.Row(columns.Select(column => column.Name)));
        await EachRowAsync(
            table,
            name,
            row => text.WriteAsync(CsvText.Row(columns.Select(column => Cell(column, row)))),
            () => text.FlushAsync(ct),
            ct
        );
    }

    /// <summary>A list of objects, as the API has them.</summary>
    public async Task AddJsonAsync(ExportTable table, CancellationToken ct)
    {
        var name = $"{table.Name}.json";
        await using var entry = await OpenAsync(name, ct);
        // The serializer flushes at once, and a response takes no such writes.
        var buffer = new ArrayBufferWriter<byte>();
        await using var writer = new Utf8JsonWriter(buffer, new JsonWriterOptions { Indented = true });
        writer.WriteStartArray();
        await EachRowAsync(
            table,
            name,
            row =>
            {
                JsonSerializer.Serialize(writer, row, table.RowType, _json);
                return buffer.WrittenCount < BufferSize ? Task.CompletedTask : SendAsync();
            },
            SendAsync,
            ct
        );
        writer.WriteEndArray();
        await writer.FlushAsync(ct);
        await SendAsync();

        async Task SendAsync()
        {
            await entry.WriteAsync(buffer.WrittenMemory, ct);
            buffer.ResetWrittenCount();
        }
    }

    /// <summary>One page that a browser shows, with all tables.</summary>
    public async Task AddPageAsync(string title, IReadOnlyList<ExportTable> tables, CancellationToken ct)
    {
        const string name = "index.html";
        await using var entry = await OpenAsync(name, ct);
        await using var page = new ExportPage(entry);
        await page.BeginAsync(title);
        foreach (var table in tables)
        {
            await page.BeginTableAsync(table.Name);
            await EachRowAsync(
                table,
                name,
                row => page.WriteAsync(JsonSerializer.SerializeToElement(row, table.RowType, _json)),
                () => page.FlushAsync(ct),
                ct
            );
            await page.EndTableAsync();
        }

        await page.EndAsync();
    }

    private async Task<Stream> OpenAsync(string name, CancellationToken ct)
    {
        await _written(name, 0);
        return await _zip.CreateEntry(name, CompressionLevel.Fastest).OpenAsync(ct);
    }

    private async Task EachRowAsync(
        ExportTable table,
        string name,
        Func<object, Task> write,
        Func<Task> flush,
        CancellationToken ct
    )
    {
        var rows = 0L;
        await foreach (var row in table.Rows(ct))
        {
            await write(row);
            if (++rows % FlushEvery == 0)
                await flush();
            await _written(name, rows);
        }
    }

    private string Cell(JsonPropertyInfo column, object row) =>
        column.Get!(row) switch
        {
            null => "",
            string text => text,
            var value => JsonSerializer.SerializeToElement(value, column.PropertyType, _json).ToString(),
        };
}
