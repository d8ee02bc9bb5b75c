using Microsoft.EntityFrameworkCore;
using Practice.Contracts.Groups;
using Practice.Groups.Data;
using Practice.Shared.Limits;

namespace Practice.Groups.ContractHandlers;

public static class IssueClientTokenHandler
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromHours(1);

    /// <summary>A wrong secret is no error here: its count is committed.</summary>
    public static async Task<ErrorOr<ClientTokenAnswer>> Handle(
        IssueClientToken command,
        GroupsDbContext db,
        PeopleLimit limits,
        CancellationToken ct
    )
    {
        var token = RandomToken.New();
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
        var outcome = Enum.Parse<ClientTokenOutcome>(opened[0].Result, ignoreCase: true);
        return new ClientTokenAnswer(
            outcome,
            outcome == ClientTokenOutcome.Opened ? token : null,
            opened[0].Seconds ?? 0
        );
    }

    private sealed record Opened(string Result, int? Seconds);
}
