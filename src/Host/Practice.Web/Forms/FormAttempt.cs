using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace Practice.Web.Forms;

/// <summary>
/// The posted form of a request. The form has a hidden key, and each of its calls to the API an <c>Idempotency-Key</c>
/// made from it: sent again, because the answer was late or lost, the form does nothing twice (docs/adr/0064).
/// </summary>
internal sealed class FormAttempt
{
    /// <summary>The hidden field. Blazor's own fields begin with this character, too.</summary>
    public const string Field = "_attempt";

    private readonly string? _form;
    private readonly Guid? _key;
    private readonly Dictionary<string, int> _calls = [];
    private bool _isCalling,
        _isOver;

    private FormAttempt(IFormCollection? posted) => (_form, _key) = (posted?["_handler"].ToString(), KeyIn(posted));

    public static FormAttempt Of(HttpContext http)
    {
        if (http.Features.Get<FormAttempt>() is { } known)
            return known;
        var posts = HttpMethods.IsPost(http.Request.Method) && http.Request.HasFormContentType;
        var attempt = new FormAttempt(posts ? http.Request.Form : null);
        http.Features.Set(attempt);
        return attempt;
    }

    /// <summary>
    /// The key that the form has when it is shown: the same one until what was posted is done, then a new one.
    /// </summary>
    /// <param name="putBack">The draft that the form is filled from: it may have been posted before.</param>
    public Guid KeyOf(string form, IFormCollection? putBack = null) =>
        (form == _form ? (_isOver ? null : _key) : KeyIn(putBack)) ?? Guid.NewGuid();

    /// <summary>
    /// Carries out what the form says, which ends the attempt. What a failed try did not do can be done with the same
    /// key.
    /// </summary>
    public async Task CallAsync(Func<Task> act)
    {
        _isOver = false;
        _isCalling = true;
        try
        {
            await act();
            End();
        }
        finally
        {
            _isCalling = false;
        }
    }

    /// <summary>It is done. The same input, sent from the next form, is meant to be done again.</summary>
    public void End() => _isOver = true;

    /// <summary>The key of the next call to this address; null where the form has none.</summary>
    public string? NextKey(Uri address)
    {
        if (!_isCalling || _key is not { } key)
            return null;
        var path = address.PathAndQuery;
        var calls = _calls[path] = _calls.GetValueOrDefault(path) + 1;
        return $"{key:N}-{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(path)))[..16]}-{calls}";
    }

    private static Guid? KeyIn(IFormCollection? fields) =>
        Guid.TryParse(fields?[Field].ToString(), out var key) ? key : null;
}
