using System.Net.Http.Headers;

namespace Practice.Client;

public partial class PracticeApi
{
    /// <summary>
    /// Attaches a file to a clinical record as it is read: the generated call would have it in memory as a whole.
    /// </summary>
    /// <exception cref="ApiProblemException">Where the API rejects the file.</exception>
    public async Task AttachFileAsync(
        Guid groupId,
        Guid patientId,
        Guid recordId,
        string name,
        Stream content,
        CancellationToken ct = default
    )
    {
        using var request = new HttpRequestMessage(
            HttpMethod.Post,
            $"api/groups/{groupId}/patients/{patientId}/clinical-records/{recordId}/attachments"
                + $"?name={Uri.EscapeDataString(name)}"
        );
        request.Content = new StreamContent(content);
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/octet-stream");
        using var answer = await _httpClient.SendAsync(request, ct);
    }
}
