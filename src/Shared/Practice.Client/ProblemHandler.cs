namespace Practice.Client;

/// <summary>
/// Throws an <see cref="ApiProblemException"/> for every error response, before the generated calls see the status.
/// </summary>
public sealed class ProblemHandler : DelegatingHandler
{
    protected override async Task<HttpResponseMessage> SendAsync(
        HttpRequestMessage request,
        CancellationToken cancellationToken
    )
    {
        var answer = await base.SendAsync(request, cancellationToken);
        if (answer.IsSuccessStatusCode)
            return answer;
        using (answer)
            throw await ApiProblemException.ReadAsync(answer, cancellationToken);
    }
}
