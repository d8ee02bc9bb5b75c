using System.Data.Common;
using System.Security.Claims;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Components.Endpoints;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Practice.Web.Forms;
using Practice.Web.Sessions;

namespace Practice.Web.Drafts;

/// <summary>
/// Keeps what a person typed where it cannot be saved, because the session has ended or needs the password again. They
/// get it back after they signed in (docs/adr/0026).
/// </summary>
internal sealed class DraftKeeper(IDraftStore store, EncryptedCookies cookies, IAntiforgery antiforgery)
{
    /// <summary>Whose session this browser had last. It outlives the session, and opens nothing.</summary>
    private const string OwnerCookie = "practice-person";

    /// <summary>In bytes. The longest text that is kept, of which each character may be written as several.</summary>
    private const long MaxBodyBytes = 256 * 1024;

    private static readonly TimeSpan OwnerLifetime = TimeSpan.FromDays(7);

    public static void Map(IEndpointRouteBuilder app)
    {
        // A page that signs out by itself sends what is typed in its forms.
        app.MapPost("/drafts", async (HttpContext http, IAntiforgery antiforgery, DraftKeeper keeper) =>
            {
                await antiforgery.ValidateRequestAsync(http);
                return await keeper.WriteAsync(http, SessionOwner.Of(http.User))
                    ? Results.NoContent()
                    : Results.UnprocessableEntity();
            })
            .RequireAuthorization()
            .ExcludeFromDescription();
        app.MapPost(
                "/drafts/{id:guid}/discard",
                async (Guid id, string? to, HttpContext http, IAntiforgery antiforgery, DraftKeeper keeper) =>
                {
                    await antiforgery.ValidateRequestAsync(http);
                    await keeper.DeleteAsync(http, id);
                    return Results.LocalRedirect(PageUrl.LocalOr(to, "/"));
                }
            )
            .RequireAuthorization()
            .ExcludeFromDescription();
    }

    /// <summary>Before authorization: a form whose session is over leads to the sign-in and loses nothing.</summary>
    public static async Task KeepOfEndedSessionAsync(HttpContext http, RequestDelegate next)
    {
        if (
            HttpMethods.IsPost(http.Request.Method)
            && http.User.Identity?.IsAuthenticated != true
            && http.GetEndpoint()?.Metadata is { } endpoint
            && endpoint.GetMetadata<IAuthorizeData>() is not null
            && (endpoint.GetMetadata<ComponentTypeMetadata>() is not null || http.Request.Path == "/drafts")
            && await http.RequestServices.GetRequiredService<DraftKeeper>().KeepOfEndedSessionAsync(http)
        )
            http.Response.Redirect(
                $"/sign-in?ended&kept&to={Uri.EscapeDataString(http.Request.Path + http.Request.QueryString)}"
            );
        else
            await next(http);
    }

    /// <summary>A page shows what its person can put back.</summary>
    public static async Task ReadAsync(HttpContext http, RequestDelegate next)
    {
        if (
            HttpMethods.IsGet(http.Request.Method)
            && SessionOwner.Of(http.User) is { } person
            && http.GetEndpoint()?.Metadata.GetMetadata<ComponentTypeMetadata>() is not null
        )
        {
            var drafts = await http
                .RequestServices.GetRequiredService<IDraftStore>()
                .ReadAsync(person, http.RequestAborted);
            if (drafts.Count > 0)
                http.Features.Set(
                    new PageDrafts(
                        [.. drafts.Select(Draft.Read)],
                        Draft.AddressOf(http.Request),
                        Guid.TryParse(http.Request.Query[Draft.Key], out var chosen) ? chosen : null
                    )
                );
        }

        await next(http);
    }

    public void SetOwner(Guid personId) => cookies.Write(OwnerCookie, personId.ToString(), OwnerLifetime);

    /// <summary>
    /// Keeps the posted form of a page for the signed-in person. False where there was nothing to keep.
    /// </summary>
    public async Task<bool> KeepAsync(HttpContext http) =>
        http.Features.Get<IAntiforgeryValidationFeature>() is { IsValid: true }
        && await WriteAsync(http, SessionOwner.Of(http.User));

    /// <summary>
    /// Keeps what was typed into a form that its page has no more, so that it is shown. False where nothing was typed.
    /// </summary>
    public async Task<bool> KeepOfGoneFormAsync(HttpContext http)
    {
        try
        {
            return http.Features.Get<IAntiforgeryValidationFeature>() is { IsValid: true }
                && await WriteAsync(http, SessionOwner.Of(http.User), formIsGone: true);
        }
        catch (DbException)
        {
            return false; // what happened is said all the same
        }
    }

    /// <summary>The form was saved, or the person does not want it.</summary>
    public async Task DeleteAsync(HttpContext http, Guid id)
    {
        if (SessionOwner.Of(http.User) is { } person)
            await store.DeleteAsync(person, id, CancellationToken.None);
    }

    /// <summary>
    /// Nobody is signed in. The form's token must be one that this site made for a session of the person whom this
    /// browser had last: nobody else can leave text for them.
    /// </summary>
    private async Task<bool> KeepOfEndedSessionAsync(HttpContext http)
    {
        if (!MayBeRead(http.Request) || !Guid.TryParse(cookies.Read(OwnerCookie), out var person))
            return false;
        var nobody = http.User;
        http.User = new ClaimsPrincipal(SessionOwner.IdentityOf(person));
        try
        {
            return await antiforgery.IsRequestValidAsync(http) && await WriteAsync(http, person);
        }
        finally
        {
            http.User = nobody;
        }
    }

    /// <summary>Nobody is signed in: only a short form is read.</summary>
    private static bool MayBeRead(HttpRequest request) =>
        request.ContentType?.StartsWith("application/x-www-form-urlencoded", StringComparison.OrdinalIgnoreCase) == true
        && request.ContentLength <= MaxBodyBytes;

    private async Task<bool> WriteAsync(HttpContext http, Guid? person, bool formIsGone = false)
    {
        // Files come as multipart/form-data. They are not kept, nor what is sent with them.
        if (
            person is not { } id
            || !http.Request.HasFormContentType
            || http.Request.ContentType!.StartsWith("multipart", StringComparison.OrdinalIgnoreCase)
        )
            return false;
        var form = await http.Request.ReadFormAsync(http.RequestAborted);
        var page =
            http.Request.Path == "/drafts"
                ? PageUrl.Without(PageUrl.LocalOr(http.Request.Query["at"], "/"), Draft.Key)
                : Draft.AddressOf(http.Request);
        if (Draft.Write(page, form, formIsGone) is not { } content)
            return false;
        var draft = Guid.TryParse(form[Draft.Key], out var before) ? before : Guid.CreateVersion7();
        await store.KeepAsync(id, draft, content, CancellationToken.None);
        return true;
    }
}
