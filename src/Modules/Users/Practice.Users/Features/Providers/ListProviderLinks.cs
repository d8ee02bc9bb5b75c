using Microsoft.EntityFrameworkCore;
using Practice.Users.Data;
using Practice.Users.Domain;

namespace Practice.Users.Features.Providers;

/// <param name="Provider">Its name when it was connected.</param>
internal sealed record ProviderLinkView(Guid Id, string Provider, DateTimeOffset CreatedAt, DateTimeOffset? LastUsedAt)
{
    public static ProviderLinkView Of(ProviderLink link) =>
        new(link.Id, link.Provider, link.CreatedAt, link.LastUsedAt);
}

/// <summary>The identity providers that sign the person in, newest first.</summary>
internal sealed class ListProviderLinksEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app) =>
        app.MapGet("/api/users/me/providers", Get)
            .RequireSession()
            .WithName("ListProviderLinks")
            .WithTags("Users")
            .Produces<Page<ProviderLinkView>>()
            .ProducesProblem(StatusCodes.Status400BadRequest);

    private static async Task<IResult> Get(Paging paging, UsersDbContext db, CancellationToken ct)
    {
        if (paging.AfterId() is var after && after.IsError)
            return Problems.ToProblem(after.Errors);

        var links = db.ProviderLinks.AsNoTracking().Where(link => link.AccountId == UsersDbContext.CurrentUserId());
        if (after.Value is { } last)
            links = links.Where(link => link.Id < last);

        var rows = await links.OrderByDescending(link => link.Id).Take(paging.Limit + 1).ToListAsync(ct);
        return Results.Ok(paging.Page(rows, ProviderLinkView.Of, link => [link.Id]));
    }
}
