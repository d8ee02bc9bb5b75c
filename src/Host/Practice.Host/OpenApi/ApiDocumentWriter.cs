using System.Reflection;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace Practice.Host.OpenApi;

/// <summary>
/// Completes the document that ASP.NET Core makes: what a slice says of itself, what its validators
/// demand, which errors its code answers with, which headers, and examples. All of it is read from the
/// code, so that nobody keeps it up (docs/adr/0038).
/// </summary>
internal sealed class ApiDocumentWriter(
    IServiceProvider services,
    EndpointDataSource endpoints,
    IReadOnlyList<Assembly> modules,
    SchemaTypes types
) : IDisposable
{
    private static readonly JsonSerializerOptions Written = new()
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        NewLine = "\n",
    };

    private readonly SemaphoreSlim _once = new(1);
    private byte[]? _document;

    /// <summary>
    /// The document as JSON. It is made once: it does not change while the host runs. A caller who hangs up does not
    /// interrupt that, or the next one would begin again.
    /// </summary>
    public async Task<byte[]> ReadAsync(CancellationToken ct)
    {
        if (_document is not null)
            return _document;
        await _once.WaitAsync(ct);
        try
        {
            return _document ??= await WriteAsync();
        }
        finally
        {
            _once.Release();
        }
    }

    public void Dispose() => _once.Dispose();

    private async Task<byte[]> WriteAsync()
    {
        await using var scope = services.CreateAsyncScope();
        var provider = scope.ServiceProvider.GetRequiredKeyedService<IOpenApiDocumentProvider>(ApiDocument.Name);
        var described = await provider.GetOpenApiDocumentAsync(CancellationToken.None);
        var text = await described.SerializeAsJsonAsync(OpenApiSpecVersion.OpenApi3_1, CancellationToken.None);
        var document = JsonNode.Parse(text)!.AsObject();
        new ApiDocumentDraft(document, Calls(), types, scope.ServiceProvider).Complete();
        return JsonSerializer.SerializeToUtf8Bytes(document, Written);
    }

    private Dictionary<string, ApiCall> Calls()
    {
        var follower = new CallFollower(modules);
        return endpoints
            .Endpoints.OfType<RouteEndpoint>()
            .Select(endpoint => (endpoint.Metadata, Handler: endpoint.Metadata.GetMetadata<MethodInfo>()))
            .Where(call => call.Handler is not null && call.Metadata.GetMetadata<IEndpointNameMetadata>() is not null)
            .Select(call => new ApiCall(
                call.Metadata,
                call.Handler!,
                follower.Follow(call.Handler!, DocComments.CommandOf(call.Metadata, call.Handler!))
            ))
            .DistinctBy(call => call.Name)
            .ToDictionary(call => call.Name);
    }
}
