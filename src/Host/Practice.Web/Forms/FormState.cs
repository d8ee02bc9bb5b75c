using System.Net;
using Microsoft.AspNetCore.Http;
using Practice.Client;

namespace Practice.Web.Forms;

/// <summary>
/// One form of a page: what was typed, kept when it comes back, and what the API found wrong with it, at its field. The rules
/// themselves stand in the API alone.
/// </summary>
public sealed class FormState
{
    private readonly IFormCollection? _posted;
    private readonly HttpContext _http;
    private readonly Dictionary<string, IReadOnlyList<string>> _errors = [];
    private readonly Dictionary<string, string> _labels = [];
    private bool _focusTaken;

    /// <param name="name">As in the form's <c>@formname</c>.</param>
    public FormState(HttpContext http, string name)
    {
        (_http, Name) = (http, name);
        if (
            HttpMethods.IsPost(http.Request.Method)
            && http.Request.HasFormContentType
            && http.Request.Form["_handler"] == name
        )
            _posted = http.Request.Form;
    }

    public string Name { get; }

    /// <summary>Whether this very form was sent.</summary>
    public bool IsPosted => _posted is not null;

    /// <summary>What is wrong that concerns no single field.</summary>
    public string? Problem { get; private set; }

    /// <summary>The code of the refusal; empty where there is none.</summary>
    public string Code { get; private set; } = "";

    /// <summary>By the field's name as sent.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> Errors => _errors;

    public bool HasFailed => Problem is not null || _errors.Count > 0;

    /// <summary>What was typed; null where nothing was. Passwords keep their spaces.</summary>
    public string? Text(string field) => _posted?[field].ToString() is { Length: > 0 } text ? text : null;

    /// <summary>What the field shows: what was typed; what is stored where it was not there to type in.</summary>
    public string? Shown(string field, string? stored = null) =>
        _posted?.ContainsKey(field) == true ? Text(field) : stored;

    public bool Ticked(string field, bool stored = false) => IsPosted ? _posted!.ContainsKey(field) : stored;

    public IReadOnlyList<string> All(string field) =>
        _posted is null ? [] : [.. _posted[field].OfType<string>().Where(value => value.Length > 0)];

    public Guid? Id(string field) => Guid.TryParse(Text(field), out var id) ? id : null;

    public IReadOnlyList<Guid> Ids(string field) =>
        [.. All(field).Select(text => Guid.TryParse(text, out var id) ? id : (Guid?)null).OfType<Guid>()];

    public int? Number(string field) => int.TryParse(Text(field), out var number) ? number : null;

    public DateOnly? Date(string field) =>
        DateOnly.TryParseExact(Text(field), "yyyy-MM-dd", out var date) ? date : null;

    public TimeOnly? Time(string field) =>
        TimeOnly.TryParseExact(Text(field), ["HH:mm", "HH:mm:ss"], out var time) ? time : null;

    /// <summary>The day that was given; where it can't be read, that is said at the field rather than taken for none.</summary>
    public DateOnly? Day(string field)
    {
        var day = Date(field);
        if (day is null && Text(field) is not null)
            Refuse(field, "Give a day, as year-month-day, such as 2027-03-31.");
        return day;
    }

    /// <summary>The enum's value by its word in the API; null where nothing fitting was chosen.</summary>
    public T? Choice<T>(string field)
        where T : struct, Enum =>
        Enum.TryParse<T>(Text(field), ignoreCase: true, out var value) && Enum.IsDefined(value) ? value : null;

    public IFormFile? File(string field) => _posted?.Files[field];

    public string? ErrorOf(string field) =>
        _errors.TryGetValue(field, out var errors) ? string.Join(" ", errors) : null;

    /// <summary>True for the first field with an error that asks: there the cursor goes.</summary>
    public bool TakesFocus(string field)
    {
        if (_focusTaken || !_errors.ContainsKey(field))
            return false;
        return _focusTaken = true;
    }

    /// <summary>What people call a field: so that what is wrong with it can be said elsewhere on the page too.</summary>
    public void Call(string field, string label) => _labels[field] = label;

    public string? LabelOf(string field) => _labels.GetValueOrDefault(field);

    public void Refuse(string field, string sentence) => _errors[field] = [sentence];

    public void Refuse(string sentence) => Problem = sentence;

    /// <summary>What the API said of a field of its own stands at the form's that it comes from.</summary>
    public void Move(string from, string to)
    {
        if (from != to && _errors.Remove(from, out var errors))
            _errors[to] = _errors.TryGetValue(to, out var others) ? [.. others, .. errors] : errors;
    }

    /// <summary>What the API said of these fields says nothing to who filled in the form.</summary>
    public void Forget(params string[] fields)
    {
        foreach (var field in fields)
            _errors.Remove(field);
    }

    /// <summary>What the API said of the whole stands at the one field that it is about.</summary>
    public void MoveProblem(string code, string field)
    {
        if (Code == code && Problem is { } problem)
            AskAgain(field, problem);
    }

    /// <summary>Nothing is wrong yet: one field more is needed.</summary>
    public void AskAgain(string field, string sentence) => (Problem, _errors[field]) = (null, [sentence]);

    /// <summary>Does what the form is for. False where the API refused: then its sentences stand at the fields. A session that is over is for others to handle.</summary>
    public async Task<bool> TryAsync(Func<Task> act)
    {
        if (HasFailed)
        {
            _http.Response.StatusCode = StatusCodes.Status400BadRequest;
            return false;
        }

        try
        {
            await act();
            return true;
        }
        catch (ApiRefusedException refused) when (IsAboutTheForm(refused))
        {
            Code = refused.Code;
            foreach (var (field, sentences) in refused.Errors)
                _errors[field] = sentences;
            if (_errors.Count == 0)
                Problem = refused.RetryAfter is { } wait ? $"{refused.Sentence} ({Wait(wait)})" : refused.Sentence;
            _http.Response.StatusCode = (int)refused.Status;
            return false;
        }
    }

    private static bool IsAboutTheForm(ApiRefusedException refused) =>
        refused.Code switch
        {
            "users.invalid_credentials" or "users.code_required" => true, // the one 401 that a form can bring about
            "users.password_change_required" => false,
            _ => refused.Status is not (HttpStatusCode.Unauthorized or HttpStatusCode.NotFound),
        };

    private static string Wait(TimeSpan wait) =>
        wait < TimeSpan.FromMinutes(2)
            ? $"Try again in {Math.Ceiling(wait.TotalSeconds)} seconds."
            : $"Try again in {Math.Ceiling(wait.TotalMinutes)} minutes.";
}
