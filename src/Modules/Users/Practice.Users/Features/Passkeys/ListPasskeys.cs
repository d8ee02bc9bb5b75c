using Microsoft.EntityFrameworkCore;
using Practice.Users.Data;
using Practice.Users.Passkeys;

namespace Practice.Users.Features.Passkeys;

/// <summary>The person's passkeys, newest first.</summary>
internal sealed class ListPasskeysEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app) =>
        app.MapGet("/api/users/me/passkeys", Get)
            .RequireSession()
            .WithName("ListPasskeys")
            .WithTags("Users")
            .Produces<Page<PasskeyView>>()
            .ProducesProblem(StatusCodes.Status400BadRequest);

    private static async Task<IResult> Get(Paging paging, UsersDbContext db, CancellationToken ct)
    {
        if (paging.AfterId() is var after && after.IsError)
            return Problems.ToProblem(after.Errors);

        var passkeys = db.Passkeys.AsNoTracking().Where(passkey => passkey.UserId == UsersDbContext.CurrentUserId());
        if (after.Value is { } last)
            passkeys = passkeys.Where(passkey => passkey.Id < last);

        var rows = await passkeys.OrderByDescending(passkey => passkey.Id).Take(paging.Limit + 1).ToListAsync(ct);
        return Results.Ok(paging.Page(rows, PasskeyView.Of, passkey => [passkey.Id]));
    }
}
