using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Http;
using Practice.Client;
using Practice.Web.Forms;

namespace Practice.Web;

/// <summary>What every page uses: the API, the request, its forms, and where to go on.</summary>
public abstract class Page : ComponentBase
{
    [Inject]
    protected PracticeApi Api { get; set; } = null!;

    [Inject]
    protected Said Said { get; set; } = null!;

    [Inject]
    private NavigationManager Navigation { get; set; } = null!;

    [CascadingParameter]
    protected HttpContext Http { get; set; } = null!;

    /// <summary>The page's form of this name.</summary>
    protected FormState Form(string name) => new(Http, name);

    /// <summary>Sends the browser on, after what was asked has been done.</summary>
    protected void Go(string path, string? saying = null)
    {
        if ((saying ?? Said.Heard) is { } sentence) // what this page heard and nobody will see on it goes on with them
            Said.Say(sentence);
        Navigation.NavigateTo(path);
    }

    /// <summary>This page with one value of its query changed, or taken out; back on the first page of a list.</summary>
    protected string With(string name, string? value) => Addresses.With(Http.Request, name, value);

    /// <summary>This page with something opened over it, or closed (null); a list stays where it is.</summary>
    protected string Over(string name, string? value) => Addresses.Over(Http.Request, name, value);

    /// <summary>Whether the address says so.</summary>
    protected bool Asked(string name) => Http.Request.Query.ContainsKey(name);

    /// <summary>What the address says; null where it says nothing.</summary>
    protected string? Query(string name) => Http.Request.Query[name].ToString() is { Length: > 0 } text ? text : null;
}
