using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Http;
using Practice.Client;
using Practice.Web.Forms;

namespace Practice.Web;

/// <summary>What every page uses: the API, the request, its forms, and redirects.</summary>
public abstract class Page : ComponentBase
{
    [Inject]
    protected PracticeApi Api { get; set; } = null!;

    [Inject]
    private FlashMessage FlashMessage { get; set; } = null!;

    [Inject]
    private NavigationManager Navigation { get; set; } = null!;

    [CascadingParameter]
    protected HttpContext Http { get; set; } = null!;

    /// <summary>The page's form of this name.</summary>
    /// <param name="password">Its field for the person's password, if it has one.</param>
    protected FormState Form(string name, string? password = null) => new(Http, name) { PasswordField = password };

    /// <summary>The form that was posted, where a page has several actions. Its name is empty where none was.</summary>
    protected FormState PostedForm() => FormState.Posted(Http);

    /// <summary>
    /// Redirects the browser. The next page shows the message, or the one that this page took and will not show.
    /// </summary>
    protected void RedirectTo(string path, string? message = null)
    {
        if ((message ?? FlashMessage.Current) is { } text)
            FlashMessage.Set(text);
        Navigation.NavigateTo(path);
    }

    /// <inheritdoc cref="PageUrl.WithQuery"/>
    protected string UrlWith(string name, string? value) => PageUrl.WithQuery(Http.Request, name, value);

    /// <inheritdoc cref="PageUrl.WithDialog"/>
    protected string DialogUrl(string name, string? value) => PageUrl.WithDialog(Http.Request, name, value);

    protected bool HasQuery(string name) => Http.Request.Query.ContainsKey(name);

    /// <summary>The query value; null where it is missing or empty.</summary>
    protected string? Query(string name) => Http.Request.Query[name].ToString() is { Length: > 0 } text ? text : null;
}
