using System.Net.Mime;

namespace Practice.Shared.Http;

/// <summary>
/// A file that is written while it is sent. If the caller loses their access meanwhile, or writing fails, the
/// connection is cut: nobody takes half of a file for the whole.
/// </summary>
public sealed class StreamedFile(string contentType, string name, Func<Stream, CancellationToken, Task> write) : IResult
{
    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var response = httpContext.Response;
        response.ContentType = contentType;
        response.Headers.CacheControl = "no-store";
        response.Headers.ContentDisposition = new ContentDisposition
        {
            DispositionType = DispositionTypeNames.Attachment,
            FileName = name,
        }.ToString();
        try
        {
            await write(response.Body, httpContext.RequestAborted);
        }
        catch (AccessDeniedException) when (response.HasStarted)
        {
            httpContext.Abort();
        }
    }
}
