using Microsoft.AspNetCore.Http;

namespace Practice.Web.Drafts;

/// <summary>The person's drafts, for the page that is being read.</summary>
/// <param name="All">The latest first.</param>
/// <param name="Page">The page's address, as <see cref="Draft.AddressOf"/> writes it.</param>
/// <param name="Chosen">The draft that the person puts back; null where they put none back.</param>
internal sealed record PageDrafts(IReadOnlyList<Draft> All, string Page, Guid? Chosen)
{
    private static readonly PageDrafts None = new([], "", null);

    public static PageDrafts Of(HttpContext http) => http.Features.Get<PageDrafts>() ?? None;

    /// <summary>Those of other pages. The forms of this page offer their own.</summary>
    public IEnumerable<Draft> Elsewhere => All.Where(draft => draft.Page != Page && !draft.FormIsGone);

    /// <summary>Those that no form can offer.</summary>
    public IEnumerable<Draft> WithoutForm => All.Where(draft => draft.FormIsGone);

    /// <summary>What the form offers to put back.</summary>
    public Draft? OfferedTo(string form) =>
        Chosen is null ? All.FirstOrDefault(draft => draft.Page == Page && draft.Form == form) : null;

    /// <summary>What the form is filled from.</summary>
    public Draft? PutBackInto(string form) =>
        All.FirstOrDefault(draft => draft.Id == Chosen && draft.Page == Page && draft.Form == form);
}
