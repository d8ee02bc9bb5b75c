using System.Reflection;
using FluentValidation;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Mvc;
using Practice.Contracts.Locations;
using Practice.Groups.Domain;

namespace Practice.Groups.Features.Members.Import;

/// <summary>A row of a <see cref="MemberFile"/>: a person, and the errors found in the row.</summary>
/// <param name="Number">As a spreadsheet numbers it: the header is usually row 1.</param>
internal sealed record MemberRow(int Number, string Email, NewMember Member, IReadOnlyList<Error> Errors);

/// <summary>The people of a file.</summary>
/// <param name="Encoding">In which the file was read: the sender may have meant another.</param>
internal sealed record MemberRows(string Encoding, IReadOnlyList<MemberRow> Rows);

/// <summary>
/// A CSV file of people to add, as spreadsheet programs save it (<see cref="Spreadsheet"/>): a header, then one person
/// per row. Columns, values and settings are known by their codes and by the words that the pages show. There is no
/// column for passwords. At most 5,000 people and 4 MB; the file is held in memory.
/// </summary>
internal sealed class MemberFile : IEndpointParameterMetadataProvider
{
    public const int MaxRows = 5_000;

    private const string MediaType = "text/csv";
    private const int MaxBytes = 4 * 1024 * 1024;

    /// <summary>The person of the template's example row, at an address that nobody can have.</summary>
    private const string ExampleEmail = "jo.example@example.com";

    private static readonly string[] Required =
    [
        "firstName",
        "lastName",
        "roleType",
        "profession",
        "email",
        "accessLevel",
    ];
    private static readonly string[] Optional = ["title", "registrationNumber", "settings", "locations"];

    /// <summary>Words of the pages for columns, where letter by letter they are not the column's name.</summary>
    private static readonly Dictionary<string, string> OtherNames = new()
    {
        ["emailaddress"] = "email",
        ["assigntolocations"] = "locations",
    };

    /// <summary>
    /// Browsers name the type of a file by what is installed, so only what is surely no CSV is refused.
    /// </summary>
    private static readonly string[] NoFiles =
    [
        "application/json",
        "multipart/form-data",
        "application/x-www-form-urlencoded",
    ];

    /// <summary>Null where the body is of another type.</summary>
    private readonly MemoryStream? _bytes;

    private MemberFile(MemoryStream? bytes) => _bytes = bytes;

    public static async ValueTask<MemberFile> BindAsync(HttpContext http)
    {
        var type = http.Request.ContentType?.Split(';')[0].Trim();
        if (NoFiles.Contains(type, StringComparer.OrdinalIgnoreCase))
            return new MemberFile(null);

        var bytes = new MemoryStream();
        await http.Request.Body.CopyToAsync(bytes, http.RequestAborted);
        return new MemberFile(bytes);
    }

    static void IEndpointParameterMetadataProvider.PopulateMetadata(ParameterInfo parameter, EndpointBuilder builder)
    {
        builder.Metadata.Add(new AcceptsMetadata([MediaType, "*/*"], typeof(string)));
        builder.Metadata.Add(new RequestSizeLimitAttribute(MaxBytes)); // a larger body is answered with 413
    }

    /// <summary>Every row with its errors; or why the file as a whole cannot be read.</summary>
    /// <param name="locations">The locations that the caller may assign.</param>
    /// <param name="levels">The group's own access levels that can be given.</param>
    public async Task<ErrorOr<MemberRows>> ReadAsync(
        IReadOnlyList<LocationFacts> locations,
        IReadOnlyList<OwnAccessLevel> levels,
        IValidator<NewMember> validator,
        CancellationToken ct
    )
    {
        if (_bytes is null)
            return ApiError.Create(
                StatusCodes.Status415UnsupportedMediaType,
                "request.unsupported_media_type",
                $"Send the file itself as the body, as {MediaType}."
            );
        var sheet = Spreadsheet.Read(_bytes.GetBuffer().AsSpan(0, (int)_bytes.Length), MaxRows);
        if (sheet.IsError)
            return sheet.Errors;
        var columns = FindColumns(sheet.Value.Rows[0].Cells);
        if (columns.IsError)
            return columns.Errors;
        var people = sheet.Value.Rows.Skip(1).ToList();
        if (people.Count == 0)
            return Spreadsheet.Wrong("The file has a header and no rows.");
        if (people.Find(row => HasMore(row, columns.Value)) is { } longer)
            return Spreadsheet.Wrong(
                $"Row {longer.Number} has text in a column without a heading. "
                    + "Does a text with a separator in it lack its quotes?"
            );

        var rows = new List<MemberRow>();
        var emails = new HashSet<string>(StringComparer.Ordinal);
        foreach (var row in people)
        {
            ct.ThrowIfCancellationRequested();
            var (member, errors) = new MemberRowParser(row, columns.Value, locations, levels).Parse();
            if (member.Email!.Equals(ExampleEmail, StringComparison.OrdinalIgnoreCase))
            {
                rows.Add(new MemberRow(row.Number, member.Email!, member, [GroupErrors.ExampleRow]));
                continue;
            }

            errors.AddRange(
                (await validator.ValidateAsync(member, ct))
                    .Errors.Where(error =>
                        error.PropertyName != "confirmEmail"
                        && !errors.Exists(earlier => earlier.Code == ColumnOf(error.PropertyName))
                    )
                    .Select(error => ApiError.InvalidField(ColumnOf(error.PropertyName), error.ErrorMessage))
            );
            if (errors.Count == 0 && !emails.Add(EmailAddress.Normalize(member.Email!)))
                errors.Add(GroupErrors.TwiceInFile);
            rows.Add(new MemberRow(row.Number, member.Email!, member, errors));
        }

        return new MemberRows(sheet.Value.Encoding, rows);
    }

    /// <summary>The place of each column, by its name; empty columns have none.</summary>
    private static ErrorOr<Dictionary<string, int>> FindColumns(string[] header)
    {
        if (Array.Exists(header, column => column.Contains("password", StringComparison.OrdinalIgnoreCase)))
            return Spreadsheet.Wrong(
                "Do not put passwords in the file. New people are mailed a link to set their own password."
            );
        var columns = new Dictionary<string, int>();
        for (var at = 0; at < header.Length; at++)
        {
            if (string.IsNullOrWhiteSpace(header[at]))
                continue;
            if (ColumnNamed(header[at]) is not { } column)
                return Spreadsheet.Wrong(
                    $"There is no column '{(header[at].Length <= 40 ? header[at] : header[at][..40] + "…")}'. "
                        + $"The columns are {string.Join(", ", Required)}; optional: {string.Join(", ", Optional)}."
                );
            if (!columns.TryAdd(column, at))
                return Spreadsheet.Wrong("A column appears twice.");
        }

        return Required.Where(column => !columns.ContainsKey(column)).ToList() is { Count: > 0 } missing
            ? Spreadsheet.Wrong($"Missing columns: {string.Join(", ", missing)}.")
            : columns;
    }

    private static string? ColumnNamed(string heading)
    {
        var folded = Fold(heading);
        if (folded.EndsWith("optional", StringComparison.Ordinal))
            folded = folded[..^"optional".Length];
        return OtherNames.GetValueOrDefault(folded)
            ?? Required.Concat(Optional).FirstOrDefault(column => Fold(column) == folded);
    }

    private static bool HasMore(SheetRow row, Dictionary<string, int> columns)
    {
        for (var at = 0; at < row.Cells.Length; at++)
        {
            if (!columns.ContainsValue(at) && !string.IsNullOrWhiteSpace(row.Cells[at]))
                return true;
        }

        return false;
    }

    /// <summary>Codes and words are known by their letters and digits: <c>First_name</c> is <c>firstName</c>.</summary>
    public static string Fold(string text) => string.Concat(text.Where(char.IsLetterOrDigit)).ToLowerInvariant();

    private static string ColumnOf(string field) => field == "locationIds" ? "locations" : field;
}
