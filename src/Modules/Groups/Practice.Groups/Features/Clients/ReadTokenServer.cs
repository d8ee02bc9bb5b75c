using Practice.Groups.Tokens;

namespace Practice.Groups.Features.Clients;

/// <summary>Where and how API clients get tokens (OAuth 2.0 Authorization Server Metadata, RFC 8414).</summary>
internal sealed class ReadTokenServerEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app)
    {
        app.MapGet(TokenServer.MetadataPath, (Delegate)TokenServer.AnswerAsync)
            .AllowAnyone()
            .WithName("ReadTokenServer")
            .WithTags("API clients")
            .Produces<TokenServerMetadata>();
        // Of an issuer whose address has a path, the path goes after the well-known part.
        app.MapGet(TokenServer.MetadataPath + "/{**issuer}", (Delegate)TokenServer.AnswerAsync)
            .AllowAnyone()
            .ExcludeFromDescription();
    }
}
