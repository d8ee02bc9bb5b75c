using System.Reflection;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Mvc;

namespace Practice.PatientPortal.Data;

/// <summary>
/// A file as the body of a call. It is read after the caller was authorized, into a temporary file without a name: so
/// it takes no memory, and nothing of it is left whatever ends the process.
/// </summary>
public sealed class UploadedFile : IEndpointParameterMetadataProvider
{
    internal const int MaxBytes = 20 * 1024 * 1024;

    private readonly Stream _content;

    private UploadedFile(Stream content) => _content = content;

    internal bool IsEmpty => _content.Length == 0;

    /// <summary>The content from its beginning.</summary>
    internal Stream Read()
    {
        _content.Position = 0;
        return _content;
    }

    public static async ValueTask<UploadedFile> BindAsync(HttpContext http)
    {
        var path = Path.Combine(Path.GetTempPath(), $"practice-{Guid.NewGuid():n}");
        var content = PrivateFile.Create(path, FileAccess.ReadWrite, FileOptions.DeleteOnClose);
        http.Response.RegisterForDisposeAsync(content);
        File.Delete(path);
        await http.Request.Body.CopyToAsync(content, http.RequestAborted);
        return new UploadedFile(content);
    }

    static void IEndpointParameterMetadataProvider.PopulateMetadata(ParameterInfo parameter, EndpointBuilder builder)
    {
        builder.Metadata.Add(new AcceptsMetadata(["application/octet-stream", "*/*"], typeof(Stream)));
        builder.Metadata.Add(new RequestSizeLimitAttribute(MaxBytes)); // a larger body is answered with 413
    }
}
