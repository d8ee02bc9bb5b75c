using System.IO.Pipelines;
using System.Net.Http.Headers;
using System.Runtime.CompilerServices;
using System.Text.Json;

namespace Practice.Client;

public partial class PracticeApi
{
    /// <summary>
    /// Sends a CSV file of members unchanged (the generated call would send JSON), and yields the result of each row as
    /// soon as the API has sent it: a real import of thousands of rows takes minutes.
    /// </summary>
    /// <param name="encoding">Is told in which encoding the API read the file.</param>
    /// <exception cref="ApiProblemException">On the first row, where the API rejects the whole file.</exception>
    public async IAsyncEnumerable<ImportedRow> ImportMemberFileAsync(
        Guid groupId,
        ReadOnlyMemory<byte> csv,
        bool dryRun,
        Action<string>? encoding = null,
        [EnumeratorCancellation] CancellationToken ct = default
    )
    {
        using var request = new HttpRequestMessage(
            HttpMethod.Post,
            $"api/groups/{groupId}/members/import?dryRun={(dryRun ? "true" : "false")}"
        );
        request.Content = new ReadOnlyMemoryContent(csv);
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("text/csv");
        using var answer = await _httpClient.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, ct);
        var reader = PipeReader.Create(await answer.Content.ReadAsStreamAsync(ct));
        var rows = new ImportReportReader(JsonSerializerSettings, encoding);
        bool complete;
        do
        {
            var read = await reader.ReadAsync(ct);
            var (buffer, found) = (read.Buffer, new List<ImportedRow>());
            complete = read.IsCompleted;
            buffer = buffer.Slice(rows.Take(buffer, complete, found));
            reader.AdvanceTo(buffer.Start, buffer.End);
            foreach (var row in found)
                yield return row;
        } while (!complete);
        await reader.CompleteAsync();
    }

    /// <summary>Reads rows from a report that has arrived only in part.</summary>
    private sealed class ImportReportReader(JsonSerializerOptions options, Action<string>? encoding)
    {
        private bool _isEncoding;
        private JsonReaderState _state;
        private bool _among;

        /// <returns>The position after the last complete row; the rest is passed again with more data.</returns>
        public SequencePosition Take(System.Buffers.ReadOnlySequence<byte> json, bool complete, List<ImportedRow> found)
        {
            var reader = new Utf8JsonReader(json, complete, _state);
            while (true)
            {
                var before = reader;
                if (!reader.Read())
                    break;
                if (!_among || reader.TokenType == JsonTokenType.EndArray)
                {
                    if (_isEncoding && reader.TokenType == JsonTokenType.String)
                        encoding?.Invoke(reader.GetString()!);
                    _isEncoding = reader.TokenType == JsonTokenType.PropertyName && reader.ValueTextEquals("encoding");
                    _among = reader.TokenType == JsonTokenType.StartArray;
                    continue;
                }

                if (!JsonDocument.TryParseValue(ref reader, out var row))
                {
                    reader = before;
                    break;
                }

                using (row)
                    found.Add(row.Deserialize<ImportedRow>(options)!);
            }

            _state = reader.CurrentState;
            return reader.Position;
        }
    }
}
