using System.Globalization;
using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Net.Http.Headers;
using Practice.Client;
using Practice.Web.Drafts;

namespace Practice.Web.Forms;

/// <summary>
/// One form of a page: what the person typed, and the errors of each field. The rules are in the API; a form only shows
/// what the API said.
/// </summary>
public sealed class FormState
{
    /// <summary>Stands for a changed hidden field. No version is equal to it, so the form is out of date.</summary>
    private const string NoVersion = "\"none\"";

    /// <summary>Password and code, where the API asks for them again.</summary>
    public const string VerifyPassword = "verify.password",
        VerifyCode = "verify.code";

    /// <summary>What the API says of a call that was sent before: it is still running, or had another body.</summary>
    internal const string InProgress = "idempotency.in_progress",
        KeyReused = "idempotency.key_reused";

    /// <summary>What was posted, or is put back.</summary>
    private readonly IFormCollection? _input;
    private readonly HttpContext _http;
    private readonly Dictionary<string, IReadOnlyList<string>> _errors = [];
    private ApiProblemException? _problem;
    private readonly Dictionary<string, string> _labels = [];
    private readonly Dictionary<string, string> _shownAt = [];
    private readonly Dictionary<string, IReadOnlyList<DateTimeOffset>> _twice = [];

    /// <summary>What fields show instead of what was posted.</summary>
    private readonly Dictionary<string, string> _shownInstead = [];

    /// <summary>How to fill in the empty dates and times.</summary>
    private readonly Dictionary<string, string> _guidance = [];

    private readonly bool _hasHeader;
    private bool _focusTaken;

    /// <param name="name">As in the form's <c>@formname</c>.</param>
    /// <param name="hasHeader">Whether the page shows its <c>FormHeader</c> again with an error.</param>
    public FormState(HttpContext http, string name, bool hasHeader = true)
    {
        (_http, Name, _hasHeader) = (http, name, hasHeader);
        var drafts = PageDrafts.Of(http);
        (IsPosted, Offered, PutBack) = (
            PostedName(http.Request) == name,
            drafts.OfferedTo(name),
            drafts.PutBackInto(name)
        );
        _input = IsPosted ? http.Request.Form : PutBack?.Fields;
    }

    /// <summary>The form of the page that was posted, such as one of many rows.</summary>
    public static FormState Posted(HttpContext http) => new(http, PostedName(http.Request) ?? "", hasHeader: false);

    public string Name { get; }

    /// <summary>Whether this form was posted, not another one of the page.</summary>
    public bool IsPosted { get; }

    /// <summary>Whether the form shows what a person typed, and not what is stored.</summary>
    public bool HasInput => _input is not null;

    /// <summary>What the person typed into this form earlier and can put back.</summary>
    internal Draft? Offered { get; }

    /// <summary>The draft that the form is filled from.</summary>
    internal Draft? PutBack { get; }

    /// <summary>
    /// The draft that the form was filled from, through failed posts; deleted once the form is saved.
    /// </summary>
    internal Guid? DraftId => PutBack?.Id ?? Id(Draft.Key);

    /// <summary>
    /// The form's own field for the person's password, if it has one: then it is asked for only once.
    /// </summary>
    public string? PasswordField { get; init; }

    /// <summary>An error that belongs to no single field.</summary>
    public string? Problem { get; private set; }

    /// <summary>The error code of the API; empty where there is none.</summary>
    public string Code { get; private set; } = "";

    /// <summary>The ids that the API's problem names, such as those of patients.</summary>
    public IReadOnlyList<Guid> IdsInProblem(string name) => _problem?.Ids(name) ?? [];

    /// <summary>Whether the API wants the person to confirm who they are, before it does what the form says.</summary>
    public bool AsksToVerify =>
        Code == "auth.verification_required" || _errors.ContainsKey(VerifyPassword) || _errors.ContainsKey(VerifyCode);

    /// <summary>By the field's name as posted.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> Errors => _errors;

    public bool HasFailed => Problem is not null || _errors.Count > 0;

    /// <summary>The posted text; null where it is empty. Passwords keep their spaces.</summary>
    public string? Text(string field) => _input?[field].ToString() is { Length: > 0 } text ? text : null;

    /// <summary>
    /// What the field shows: the text that was posted or put back, else the stored value.
    /// </summary>
    public string? ValueOf(string field, string? stored = null) =>
        _shownInstead.TryGetValue(field, out var text) ? text
        : _input?.ContainsKey(field) == true ? Text(field)
        : stored;

    /// <summary>Has the field show this, and not what was posted. The page says so to the person.</summary>
    public void Show(string field, string text)
    {
        _shownInstead[field] = text;
        _twice.Remove(field); // which was about what was posted
    }

    public bool IsChecked(string field, bool stored = false) => _input?.ContainsKey(field) ?? stored;

    public IReadOnlyList<string> Values(string field) =>
        _input is null ? [] : [.. _input[field].OfType<string>().Where(value => value.Length > 0)];

    public Guid? Id(string field) => Guid.TryParse(Text(field), out var id) ? id : null;

    public IReadOnlyList<Guid> Ids(string field) =>
        [.. Values(field).Select(text => Guid.TryParse(text, out var id) ? id : (Guid?)null).OfType<Guid>()];

    /// <summary>The posted whole number. Text that is none is an error of the field, and not an empty field.</summary>
    public int? Number(string field)
    {
        if (int.TryParse(Text(field), NumberStyles.Integer, CultureInfo.InvariantCulture, out var number))
            return number;
        if (Text(field) is not null)
            AddError(field, "This is not a whole number. Enter digits only, such as 30.");
        return null;
    }

    /// <summary>The posted number. Text that is none is an error of the field, which says how to write it.</summary>
    public double? Decimal(string field)
    {
        if (Text(field)?.Trim() is not { } text)
            return null;
        if (decimal.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number))
            return (double)number;
        // "1,500" may mean thousands: then no advice is better than a wrong one.
        var thousands = text.Length - text.IndexOf(',', StringComparison.Ordinal) == 4 && text[0] != '0';
        AddError(
            field,
            !thousands
            && decimal.TryParse(
                text.Replace(',', '.'),
                NumberStyles.AllowDecimalPoint,
                CultureInfo.InvariantCulture,
                out var meant
            )
            && meant == decimal.Round(meant, 3)
                ? string.Create(CultureInfo.InvariantCulture, $"Write {meant}, with a point before the decimals.")
                : "Enter a number, such as 1 or 0.5."
        );
        return null;
    }

    /// <summary>
    /// The posted date. Text that is no date is an error of the field. Browsers post a date that is typed in part as
    /// an empty field, so an error about that says how to fill it in.
    /// </summary>
    public DateOnly? Date(string field) =>
        Read(field, DateFormat.ParseDay, "date", "Enter a date as year-month-day, such as 2027-03-31.");

    /// <summary>
    /// The moment at which clocks in the zone show the posted date and time; null where one of them is missing or
    /// wrong, or clocks skip this time, or show it twice and nobody said which: then the field has an error.
    /// </summary>
    public DateTimeOffset? LocalTime(string dateField, string timeField, string timeZone)
    {
        var (date, time) = (Date(dateField), Time(timeField));
        if (date is not { } on || time is not { } clock)
            return null;
        var local = on.ToDateTime(clock);
        switch (DateFormat.InstantsOf(local, timeZone))
        {
            case [var only]:
                return only;
            case [var first, var second]:
                _twice[timeField] = [first, second];
                if (Text(WhichOf(timeField)) is "first" or "second")
                    return Text(WhichOf(timeField)) == "first" ? first : second;
                AddError(WhichOf(timeField), "Clocks go back on that day and show this time twice. Choose one.");
                return null;
            default:
                var next = DateFormat.NextAfterGap(local, timeZone);
                AddError(
                    timeField,
                    $"Clocks go forward on that day and skip this time. The next one is {DateFormat.TimeOfDay(next)}"
                        + (next.Date == local.Date ? "." : $" on {DateFormat.Text(DateOnly.FromDateTime(next))}.")
                );
                return null;
        }
    }

    /// <summary>The field that says which one is meant, of a time that occurs twice: first or second.</summary>
    public static string WhichOf(string timeField) => $"{timeField}Which";

    /// <summary>
    /// Both instants of the time that the form shows, where it occurs twice: the posted one, or else the stored one.
    /// </summary>
    public IReadOnlyList<DateTimeOffset> TwiceAt(string timeField, DateTimeOffset? stored, string timeZone) =>
        IsPosted ? _twice.GetValueOrDefault(timeField, [])
        : stored is { } at ? DateFormat.InstantsOf(DateFormat.ToZone(at, timeZone).DateTime, timeZone)
        : [];

    /// <summary>The version that the input is based on; empty without a <c>VersionField</c>.</summary>
    public string Version =>
        Text("version") is not { } text ? ""
        : EntityTagHeaderValue.TryParse(text, out var tag) ? tag.ToString()
        : NoVersion;

    /// <summary>The enum value by its name in the API; null where none was chosen.</summary>
    public T? Choice<T>(string field)
        where T : struct, Enum =>
        Enum.TryParse<T>(Text(field), ignoreCase: true, out var value) && Enum.IsDefined(value) ? value : null;

    public IFormFile? File(string field) => IsPosted ? _input!.Files[field] : null;

    public string? ErrorOf(string field) =>
        _errors.TryGetValue(field, out var errors) ? string.Join(" ", errors) : null;

    /// <summary>True for the first field with an error that asks: it gets the focus.</summary>
    public bool TakesFocus(string field)
    {
        if (_focusTaken || !_errors.ContainsKey(field))
            return false;
        return _focusTaken = true;
    }

    /// <summary>Remembers the field's label, so that the list of errors can name the field.</summary>
    public void SetLabel(string field, string label) => _labels[field] = label;

    public string? LabelOf(string field) => _labels.GetValueOrDefault(field);

    public void AddError(string field, string message) => SetErrors(field, [message]);

    public void AddError(string message) => Problem = message;

    /// <summary>The API's errors of one field will be shown at another: one control asks for both.</summary>
    public void ShowErrorsAt(string from, string to) => _shownAt[from] = to;

    /// <summary>Shows the API's errors of one field at another field of the form.</summary>
    public void MoveErrors(string from, string to)
    {
        if (from != to && _errors.Remove(from, out var errors))
            SetErrors(to, _errors.TryGetValue(to, out var others) ? [.. others.Union(errors)] : errors);
    }

    /// <summary>Drops the API's errors of fields that the form does not have.</summary>
    public void ClearErrors(params string[] fields)
    {
        foreach (var field in fields)
            _errors.Remove(field);
    }

    /// <summary>Shows a problem with this code at the one field that it is about.</summary>
    public void MoveProblem(string code, string field)
    {
        if (Code == code && Problem is { } problem)
            AskFor(field, problem);
    }

    /// <summary>Asks for one more field; there is no other problem.</summary>
    public void AskFor(string field, string message)
    {
        Problem = null;
        SetErrors(field, [message]);
    }

    /// <summary>
    /// Calls the API. Returns false where the API rejected the input; its messages are then at the fields. Other
    /// problems, such as an ended session, are thrown on. The same form, sent again, does nothing twice.
    /// </summary>
    /// <param name="reads">
    /// Nothing is changed, such as by a preview: it is done each time that the form is sent, and the form's key stays.
    /// </param>
    public async Task<bool> TryAsync(Func<Task> act, bool reads = false)
    {
        if (HasFailed)
        {
            _http.Response.StatusCode = StatusCodes.Status400BadRequest;
            return false;
        }

        var attempt = FormAttempt.Of(_http);
        try
        {
            if (!await VerifyAsync())
                return false;
            await (reads ? act() : attempt.CallAsync(act));
            if (Id(Draft.Key) is { } draft)
                await _http.RequestServices.GetRequiredService<DraftKeeper>().DeleteAsync(_http, draft);
            return true;
        }
        catch (ApiProblemException problem) when (IsAboutTheForm(problem))
        {
            (Code, _problem) = (problem.Code, problem);
            foreach (var (field, messages) in problem.Errors)
                SetErrors(field, messages);
            foreach (var (from, to) in _shownAt)
                MoveErrors(from, to);
            if (_errors.Count == 0)
                Problem = TextOf(problem);
            if (problem.Code == KeyReused)
                attempt.End(); // the person is told, and may mean it
            _http.Response.StatusCode = (int)problem.Status;
            return false;
        }
    }

    /// <summary>Confirms who the person is, where the form asked for it; false where that failed.</summary>
    private async Task<bool> VerifyAsync()
    {
        var passwordField =
            PasswordField is not null && IsPosted && _input!.ContainsKey(VerifyCode) ? PasswordField : VerifyPassword;
        if (Text(passwordField) is not { } password)
            return true;
        try
        {
            await _http
                .RequestServices.GetRequiredService<PracticeApi>()
                .VerifySessionAsync(new VerifySessionInput { Password = password, Code = Text(VerifyCode) });
            return true;
        }
        catch (ApiProblemException problem) when (problem.Status == HttpStatusCode.UnprocessableEntity)
        {
            AskFor(problem.Code == "users.wrong_password" ? passwordField : VerifyCode, problem.Message);
            _http.Response.StatusCode = (int)problem.Status;
            return false;
        }
    }

    private TimeOnly? Time(string field) => Read(field, DateFormat.ParseTime, "time", "Enter a time, such as 14:30.");

    private T? Read<T>(string field, Func<string?, T?> parse, string what, string guidance)
        where T : struct
    {
        if (Text(field) is not { } text)
            _guidance[field] = guidance;
        else if (parse(text) is { } value)
            return value;
        else
            AddError(field, $"This is not a {what}. {guidance}");
        return null;
    }

    private void SetErrors(string field, IReadOnlyList<string> messages) =>
        _errors[field] = _guidance.TryGetValue(field, out var guidance) ? [guidance] : messages;

    private static string? PostedName(HttpRequest request) =>
        HttpMethods.IsPost(request.Method) && request.HasFormContentType ? request.Form["_handler"].ToString() : null;

    private bool IsAboutTheForm(ApiProblemException problem) =>
        problem.Code switch
        {
            // the only 401s that a form can cause
            "users.invalid_credentials" or "users.code_required" or "users.passkey_invalid" => true,
            "users.password_change_required" => false,
            "auth.verification_required" => _hasHeader, // else there is a page for it
            _ => problem.Status is not (HttpStatusCode.Unauthorized or HttpStatusCode.NotFound),
        };

    private static string TextOf(ApiProblemException problem) =>
        problem switch
        {
            { Code: InProgress } => "This was sent before and is not done yet. Send it again in a moment.",
            { Code: KeyReused } => "What you sent first is saved, or is being saved, without your changes since. "
                + "Check that before you send this form again: then it is saved as well.",
            { RetryAfter: { } wait, Status: HttpStatusCode.TooManyRequests } => $"{problem.Message} ({Wait(wait)})",
            _ => problem.Message,
        };

    private static string Wait(TimeSpan wait) =>
        wait < TimeSpan.FromMinutes(2)
            ? $"Try again in {Math.Ceiling(wait.TotalSeconds)} seconds."
            : $"Try again in {Math.Ceiling(wait.TotalMinutes)} minutes.";
}
