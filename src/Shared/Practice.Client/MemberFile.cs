using System.IO.Pipelines;
using System.Net.Http.Headers;
using System.Runtime.CompilerServices;
using System.Text.Json;

namespace Practice.Client;

public partial class PracticeApi
{
    /// <summary>
    /// Sends a file of members as it is (the generated call would make JSON of it) and tells each row's verdict as soon as the API has
    /// said it: for good, thousands of rows take minutes.
    /// </summary>
    /// <exception cref="ApiRefusedException">With the first row asked for, where the file as a whole is refused.</exception>
    public async IAsyncEnumerable<ImportedRow> ImportMemberFileAsync(
        Guid groupId,
        ReadOnlyMemory<byte> csv,
        bool dryRun,
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
        var rows = new RowsOfReport(JsonSerializerSettings);
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

    /// <summary>Finds the rows in a report of which only a part has come yet.</summary>
    private sealed class RowsOfReport(JsonSerializerOptions options)
    {
        private JsonReaderState _state;
        private bool _among;

        /// <returns>Up to where it has read; what follows is asked for again, with more behind it.</returns>
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
