using Microsoft.EntityFrameworkCore;
using Practice.Groups.Data;
using Practice.Groups.Domain;
using Practice.Groups.Tokens;
using Practice.Shared.Limits;

namespace Practice.Groups.Features.Clients;

/// <summary>
/// Gives an API client an access token for its secret (OAuth 2.0, grant type <c>client_credentials</c>). The client
/// authenticates by HTTP Basic or with <c>client_id</c> and <c>client_secret</c> in the body.
/// </summary>
/// <param name="Address">Where the call comes from: wrong secrets are counted by it.</param>
public sealed record IssueClientToken(Guid ClientId, string Secret, string Address)
    : Message,
        ICommand<IssuedClientToken>;

/// <param name="Result">As <c>authority.open_client_session</c> answers: <c>opened</c>, or why not.</param>
/// <param name="Token">Null if there is none.</param>
/// <param name="Seconds">How long the token lives, or how long to wait.</param>
public sealed record IssuedClientToken(string? Result, string? Token, int Seconds);

internal sealed class IssueClientTokenEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app) =>
        app.MapPost(TokenServer.TokenPath, (Delegate)TokenServer.AnswerAsync)
            .AllowAnyone()
            .WithName(nameof(IssueClientToken))
            .WithTags("API clients")
            .Accepts<TokenRequest>("application/x-www-form-urlencoded")
            .Produces<TokenAnswer>()
            .Produces<TokenError>(StatusCodes.Status400BadRequest)
            .Produces<TokenError>(StatusCodes.Status401Unauthorized)
            .Produces<TokenError>(StatusCodes.Status429TooManyRequests);
}

public static class IssueClientTokenHandler
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromHours(1);

    /// <summary>A wrong secret is no error here: its count is committed.</summary>
    public static async Task<ErrorOr<IssuedClientToken>> Handle(
        IssueClientToken command,
        GroupsDbContext db,
        PeopleLimit limits,
        CancellationToken ct
    )
    {
        var token = ApiClient.NewSecret();
        var (secretHash, tokenHash) = (AuthorizationRequest.Hash(command.Secret), AuthorizationRequest.Hash(token));
        var address = AuthorizationRequest.Hash(command.Address);
        var opened = await db
            .Database.SqlQuery<Opened>(
                $"""
                select result, seconds from authority.open_client_session({command.ClientId}, {secretHash}, {address},
                    {tokenHash}, {(int)Lifetime.TotalSeconds}, {!limits.AreOff})
                """
            )
            .ToListAsync(ct);
        var (result, seconds) = (opened[0].Result, opened[0].Seconds ?? 0);
        return new IssuedClientToken(result, result == "opened" ? token : null, seconds);
    }

    private sealed record Opened(string Result, int? Seconds);
}
