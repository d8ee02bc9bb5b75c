using System.Globalization;
using System.Text;
using ErrorOr;
using Hl7.Fhir.Model;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Primitives;

namespace Practice.Shared.Fhir;

/// <summary>
/// What a search asks for (https://hl7.org/fhir/R4/search.html), of the query string and, for <c>_search</c>, of the
/// form. What is wrong with it waits until <see cref="Errors"/> is read: 401, 403 and 404 come before 400.
/// </summary>
public sealed class FhirSearch
{
    private const int Usual = 50;
    private const int MaxPageSize = 200;
    private const int MaxValues = 100;

    /// <summary>The first and the family name. Each is a search of its own in the query, whose text is kept.</summary>
    private const int MaxTexts = 2;

    private const int MaxParameters = 30;
    private const string Form = "application/x-www-form-urlencoded";
    private const char Separator = '|';

    /// <summary>Where a page begins. It never holds a name: it stands in addresses.</summary>
    private const string After = "_after";

    /// <summary>About the answer's form, which is decided before anything is searched.</summary>
    private static readonly string[] OfTheForm = ["_format", "_pretty"];

    private readonly FhirType _type;
    private readonly List<(FhirParameter Parameter, bool Exact, string Value)> _asked = [];
    private readonly List<Error> _errors = [];
    private readonly (DateTimeOffset At, string Id)? _after;

    private FhirSearch(FhirType type, IEnumerable<KeyValuePair<string, StringValues>> sent, bool strict)
    {
        _type = type;
        foreach (var (name, values) in sent)
        foreach (var value in values)
        {
            if (name == After)
                _after = ReadCursor(value);
            else if (name == FhirType.Count)
                Count = ReadCount(value);
            else if (!OfTheForm.Contains(name))
                Take(name, value ?? "", strict);
        }

        foreach (var missing in type.Searchable.Where(parameter => parameter.Required && !Asks(parameter.Name)))
            if (!Asks(FhirType.Id))
                Wrong(missing.Name, $"Required: a search of {type.Name} names one {missing.Name}.");
    }

    /// <summary>Of a read: one resource, by its id.</summary>
    private FhirSearch(FhirType type, string id)
        : this(type, [new(FhirType.Id, id)], strict: true) => IsRead = true;

    /// <summary>Whether one resource is read, and nothing searched.</summary>
    public bool IsRead { get; }

    internal ResourceType Type => _type.Name;

    /// <summary>The most resources of the answer.</summary>
    public int Count { get; } = Usual;

    /// <summary>How many rows to ask the database for: the one too many says that there is a next page.</summary>
    public int Rows => Count + 1;

    /// <summary>What is wrong with it.</summary>
    public IReadOnlyList<Error> Errors => _errors;

    /// <summary>The last resource of the page before.</summary>
    public (DateTimeOffset At, Guid Id)? AfterMomentAndId =>
        _after is { } last && Guid.TryParse(last.Id, out var id) ? (last.At, id) : null;

    /// <inheritdoc cref="AfterMomentAndId"/>
    public Guid? AfterId => AfterMomentAndId?.Id;

    public static async ValueTask<FhirSearch> BindAsync(HttpContext http)
    {
        var interaction = http.GetEndpoint()?.Metadata.GetMetadata<FhirInteraction>()
            ?? throw new InvalidOperationException("A route that takes a search must say what it searches.");
        if (interaction.Code == CapabilityStatement.TypeRestfulInteraction.Read)
            return new FhirSearch(interaction.Type, http.Request.RouteValues["id"]?.ToString() ?? "");
        var form = await ReadFormAsync(http);
        var search = new FhirSearch(
            interaction.Type,
            form.IsError ? http.Request.Query : http.Request.Query.Concat(form.Value),
            FhirHeaders.IsStrict(http.Request)
        );
        search._errors.InsertRange(0, form.ErrorsOrEmptyList);
        return search;
    }

    private static async Task<ErrorOr<List<KeyValuePair<string, StringValues>>>> ReadFormAsync(HttpContext http)
    {
        var request = http.Request;
        if (!HttpMethods.IsPost(request.Method) || request.ContentType is null)
            return new List<KeyValuePair<string, StringValues>>();
        if (!request.ContentType.Split(';')[0].Trim().Equals(Form, StringComparison.OrdinalIgnoreCase))
            return ApiError.Create(
                StatusCodes.Status415UnsupportedMediaType,
                "request.unsupported_media_type",
                $"Send the search as {Form}."
            );
        try
        {
            return (await request.ReadFormAsync(http.RequestAborted)).ToList();
        }
        catch (InvalidDataException) // too many parameters, or too long a one
        {
            return ApiError.InvalidField("form", $"At most {MaxParameters} parameters.");
        }
    }

    public bool Asks(string name) => _asked.Exists(asked => asked.Parameter.Name == name);

    /// <summary>
    /// The values of a token, such as a status: each repetition narrows, commas widen. Null where it was not asked for.
    /// </summary>
    public IReadOnlyList<string>? Codes(string name)
    {
        IReadOnlyList<string>? codes = null;
        foreach (var (_, _, value) in _asked.Where(asked => asked.Parameter.Name == name))
        {
            var these = Split(value).ConvertAll(code => code[(code.LastIndexOf(Separator) + 1)..]);
            codes = codes is null ? these : [.. codes.Intersect(these)];
        }

        return codes;
    }

    /// <summary>The ids of <c>_id</c>, or null. What is no id of ours matches nothing.</summary>
    public IReadOnlyList<Guid>? Ids() => Codes(FhirType.Id) is { } ids ? Known(ids) : null;

    /// <summary>The ids of <c>_id</c> as they were sent, or null.</summary>
    public IReadOnlyList<string>? IdTexts() => Codes(FhirType.Id);

    /// <summary>
    /// The values of an identifier that has this system, or was sent without one. The system alone means any value.
    /// Null where none was asked for.
    /// </summary>
    public FhirIdentifiers? Identifiers(string name, string system)
    {
        FhirIdentifiers? found = null;
        foreach (var (_, _, value) in _asked.Where(asked => asked.Parameter.Name == name))
        {
            var sent = Split(value);
            var these = sent.Where(one => one.LastIndexOf(Separator) is var at && (at < 0 || one[..at] == system))
                .Select(one => one[(one.LastIndexOf(Separator) + 1)..])
                .Where(one => one.Length > 0)
                .ToList();
            var some = new FhirIdentifiers(sent.Contains($"{system}{Separator}"), these);
            found =
                found is null or { Any: true } ? some
                : some.Any ? found
                : new(false, [.. found.Values.Intersect(these)]);
        }

        return found;
    }

    /// <summary>The ids that a reference may have, or null: <c>Patient/1</c>, <c>1</c>, or the whole address.</summary>
    public IReadOnlyList<Guid>? References(string name)
    {
        IReadOnlyList<Guid>? ids = null;
        foreach (var (parameter, _, value) in _asked.Where(asked => asked.Parameter.Name == name))
        {
            var these = Known(
                Split(value)
                    .ConvertAll(one =>
                        one.Split('/') is [.., var type, var id]
                            ? type == $"{parameter.Target}"
                                ? id
                                : ""
                            : one
                    )
            );
            ids = ids is null ? these : [.. ids.Intersect(these)];
        }

        return ids;
    }

    /// <summary>Texts to find, and whether each is meant as it stands. All must be found.</summary>
    public IReadOnlyList<(string Text, bool Exact)> Texts(string name) =>
        [.. _asked.Where(asked => asked.Parameter.Name == name).Select(asked => (Unescape(asked.Value), asked.Exact))];

    /// <summary>The time that all of the dates sent have in common.</summary>
    /// <param name="zone">Where a day without a time begins; UTC where nothing is said.</param>
    public FhirDates Dates(string name, TimeZoneInfo? zone = null) =>
        _asked
            .Where(asked => asked.Parameter.Name == name)
            .Select(asked => FhirDates.Read(asked.Value, zone ?? TimeZoneInfo.Utc)!)
            .Aggregate(new FhirDates(null, null), (all, one) => all.And(one));

    /// <summary>
    /// The one id that a reference names; an error where it names several, null where it names none of ours.
    /// </summary>
    public ErrorOr<Guid?> OneReference(string name) =>
        References(name) switch
        {
            null or [] => (Guid?)null,
            [var one] => one,
            _ => ApiError.InvalidField(name, $"One {name} at a time."),
        };

    /// <summary>When the resources last changed.</summary>
    public FhirDates LastUpdated => Dates(FhirType.LastUpdated);

    /// <summary>Whether the answer is in the order in which the resources changed.</summary>
    public bool ByChange => Asks(FhirType.LastUpdated);

    /// <summary>One page of what was found with <see cref="Rows"/>.</summary>
    /// <param name="resource">Null for a row that is not shown.</param>
    /// <param name="keys">What the rows are ordered by.</param>
    public FhirPage Page<TRow>(
        IReadOnlyList<TRow> rows,
        Func<TRow, Resource?> resource,
        Func<TRow, (DateTimeOffset At, string Id)> keys
    ) =>
        new(
            [.. rows.Take(Count).Select(resource).OfType<Resource>()],
            rows.Count > Count && keys(rows[Count - 1]) is var (at, id) ? WriteCursor(at, id) : null
        );

    /// <summary>One page of resources, where a row makes several of them.</summary>
    /// <param name="last">What the last row shown is ordered by; null where no row is left.</param>
    public static FhirPage Page(IReadOnlyList<Resource> resources, (DateTimeOffset At, string Id)? last) =>
        new(resources, last is var (at, id) ? WriteCursor(at, id) : null);

    /// <summary>All that the search understood, as a query string: what it ignored is left out.</summary>
    internal string ToQuery(string? next)
    {
        IEnumerable<KeyValuePair<string, string?>> asked =
        [
            .. _asked.Select(one =>
                KeyValuePair.Create(one.Exact ? $"{one.Parameter.Name}:exact" : one.Parameter.Name, (string?)one.Value)
            ),
            KeyValuePair.Create(FhirType.Count, (string?)Count.ToString(CultureInfo.InvariantCulture)),
        ];
        var cursor = next ?? (_after is var (at, id) ? WriteCursor(at, id) : null);
        return QueryHelpers.AddQueryString("", cursor is null ? asked : asked.Append(new(After, cursor)));
    }

    private void Take(string sent, string value, bool strict)
    {
        var (name, modifier) = sent.Split(':', 2) is [var before, var after] ? (before, after) : (sent, null);
        if (_asked.Count == MaxParameters)
        {
            if (_errors.Count == 0)
                Wrong(sent, $"At most {MaxParameters} parameters.");
        }
        else if (_type.Find(name) is not { } parameter)
        {
            if (strict)
                Wrong(sent, $"{_type.Name} can't be searched by it. See the capability statement.");
        }
        else if (modifier is not null && (modifier != "exact" || parameter.Type != SearchParamType.String))
        {
            Wrong(sent, "This modifier is not supported.");
        }
        else if (value.Length == 0)
        {
            Wrong(sent, "A value is missing.");
        }
        else if (value.Any(char.IsControl) || Split(value).Count > MaxValues)
        {
            Wrong(sent, $"At most {MaxValues} values, and no control characters.");
        }
        else if (
            parameter is { Type: SearchParamType.Token, Name: not "identifier" }
            && Split(value).Exists(one => one.EndsWith(Separator))
        )
        {
            Wrong(sent, "A system alone is not supported here. Name a code.");
        }
        else if (parameter.Type == SearchParamType.Date && FhirDates.Read(value, TimeZoneInfo.Utc) is null)
        {
            Wrong(sent, FhirDates.Form);
        }
        else if (parameter.Type == SearchParamType.String && (Split(value).Count > 1 || value.Length > 100))
        {
            Wrong(sent, "One text of at most 100 characters. Write a comma of the text as \\,.");
        }
        else if (parameter.Type == SearchParamType.String && Texts(name).Count == MaxTexts)
        {
            Wrong(sent, $"At most {MaxTexts} texts.");
        }
        else
        {
            _asked.Add((parameter, modifier is not null, value));
        }
    }

    private int ReadCount(string? value)
    {
        if (int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var count) && count > 0)
            return Math.Min(count, MaxPageSize);
        Wrong(FhirType.Count, "A whole number from 1. Resources are not counted.");
        return Usual;
    }

    private (DateTimeOffset At, string Id)? ReadCursor(string? value)
    {
        if (
            Cursors.Read(Separator, value) is [var ticks, var id]
            && Cursors.MomentOf(ticks) is { } at
            && Guid.TryParse(id, out _)
        )
            return (at, id);

        Wrong(After, "This is not from the link to a next page.");
        return null;
    }

    private static string WriteCursor(DateTimeOffset at, string id) => Cursors.Write(Separator, at, id);

    private void Wrong(string name, string sentence) => _errors.Add(ApiError.InvalidField(name, sentence));

    private static List<Guid> Known(IEnumerable<string> ids) => [.. ids.Select(FhirIds.Read).OfType<Guid>()];

    /// <summary>At the commas; one of a value is written <c>\,</c>.</summary>
    private static List<string> Split(string values)
    {
        List<string> split = [];
        var begin = 0;
        for (var i = 0; i <= values.Length; i++)
        {
            if (i < values.Length && values[i] == '\\')
            {
                i++;
            }
            else if (i == values.Length || values[i] == ',')
            {
                split.Add(Unescape(values[begin..Math.Min(i, values.Length)]));
                begin = i + 1;
            }
        }

        if (begin < values.Length)
            split.Add(Unescape(values[begin..]));
        return split;
    }

    private static string Unescape(string value)
    {
        if (!value.Contains('\\', StringComparison.Ordinal))
            return value;
        var plain = new StringBuilder();
        for (var i = 0; i < value.Length; i++)
            plain.Append(value[i] == '\\' && i + 1 < value.Length ? value[++i] : value[i]);
        return plain.ToString();
    }
}

/// <summary>What a search for an identifier asks for.</summary>
/// <param name="Any">Whether any value is meant: the search named only the system.</param>
public sealed record FhirIdentifiers(bool Any, IReadOnlyList<string> Values);

/// <summary>One page of a search.</summary>
/// <param name="Next">Where the next one begins; null for the last page.</param>
public sealed record FhirPage(IReadOnlyList<Resource> Resources, string? Next);

/// <summary>Ids of resources: of FHIR's form, which tells capital letters from small ones.</summary>
public static class FhirIds
{
    /// <summary>The id; null where it is none that a resource has.</summary>
    public static Guid? Read(string? text) =>
        Guid.TryParseExact(text, "D", out var id) && id.ToString() == text ? id : null;

    /// <summary>
    /// Of what has no id of its own: those of the two that it is of, in the 64 characters that there are.
    /// </summary>
    public static string Pair(Guid first, Guid second) => $"{first:N}{second:N}";

    public static (Guid First, Guid Second)? ReadPair(string? text) =>
        text is { Length: 64 }
        && Guid.TryParseExact(text[..32], "N", out var first)
        && Guid.TryParseExact(text[32..], "N", out var second)
        && Pair(first, second) == text
            ? (first, second)
            : null;
}
