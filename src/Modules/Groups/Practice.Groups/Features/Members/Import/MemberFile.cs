using System.Globalization;
using System.Reflection;
using System.Text;
using System.Text.Json;
using CsvHelper;
using CsvHelper.Configuration;
using FluentValidation;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Mvc;
using Practice.Contracts.Locations;
using Practice.Groups.Domain;

namespace Practice.Groups.Features.Members.Import;

/// <summary>A row of a <see cref="MemberFile"/>: a person, and the errors found in the row.</summary>
/// <param name="Number">As a spreadsheet numbers it: the header is row 1.</param>
internal sealed record MemberRow(int Number, string Email, NewMember Member, IReadOnlyList<Error> Errors);

/// <summary>
/// A CSV file of people to add (UTF-8, RFC 4180): a header, then one person per row. Columns: <c>firstName</c>,
/// <c>lastName</c>, <c>roleType</c>, <c>profession</c>, <c>email</c> and <c>accessLevel</c>; optional: <c>title</c>,
/// <c>registrationNumber</c>, <c>settings</c> (<c>readOnly=true; exportData=false</c>) and <c>locations</c> (names or
/// ids, separated by semicolons). There is no column for passwords. At most 5,000 rows and 4 MB; the file is held in
/// memory.
/// </summary>
internal sealed class MemberFile : IEndpointParameterMetadataProvider
{
    public const int MostRows = 5_000;

    private const string MediaType = "text/csv";
    private const int MostBytes = 4 * 1024 * 1024;
    private const char Separator = ';';

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

    private readonly MemoryStream _bytes;

    private MemberFile(MemoryStream bytes) => _bytes = bytes;

    public static async ValueTask<MemberFile> BindAsync(HttpContext http)
    {
        if (http.Request.ContentType is not { } type || !type.StartsWith(MediaType, StringComparison.OrdinalIgnoreCase))
            throw new BadHttpRequestException("The body must be CSV.", StatusCodes.Status415UnsupportedMediaType);

        var bytes = new MemoryStream();
        await http.Request.Body.CopyToAsync(bytes, http.RequestAborted);
        bytes.Position = 0;
        return new MemberFile(bytes);
    }

    static void IEndpointParameterMetadataProvider.PopulateMetadata(ParameterInfo parameter, EndpointBuilder builder)
    {
        builder.Metadata.Add(new AcceptsMetadata([MediaType], typeof(string)));
        builder.Metadata.Add(new RequestSizeLimitAttribute(MostBytes)); // a larger body is answered with 413
    }

    /// <summary>Every row with its errors; or why the file as a whole cannot be read.</summary>
    /// <param name="locations">The locations that the caller may assign.</param>
    public async Task<ErrorOr<IReadOnlyList<MemberRow>>> ReadAsync(
        IReadOnlyList<LocationFacts> locations,
        IValidator<NewMember> validator,
        CancellationToken ct
    )
    {
        var rows = new List<MemberRow>();
        var emails = new HashSet<string>(StringComparer.Ordinal);
        try
        {
            using var reader = new StreamReader(
                _bytes,
                new UTF8Encoding(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true),
                leaveOpen: true
            );
            using var csv = new CsvReader(
                reader,
                new CsvConfiguration(CultureInfo.InvariantCulture)
                {
                    TrimOptions = TrimOptions.Trim,
                    PrepareHeaderForMatch = header => header.Header.Trim().ToUpperInvariant(),
                    MissingFieldFound = null,
                    DetectColumnCountChanges = true,
                }
            );
            if (!await csv.ReadAsync())
                return Wrong("The file is empty.");
            csv.ReadHeader();
            if (FindHeaderError(csv.HeaderRecord!) is { } wrongHeader)
                return wrongHeader;

            while (await csv.ReadAsync())
            {
                ct.ThrowIfCancellationRequested();
                if (rows.Count == MostRows)
                    return Wrong($"At most {MostRows} rows.");
                var (member, errors) = Parse(csv, locations);
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
                rows.Add(new MemberRow(rows.Count + 2, member.Email!, member, errors));
            }
        }
        catch (CsvHelperException wrong)
        {
            var reason =
                wrong is BadDataException ? "has a misplaced quote" : "has more or fewer columns than the first row";
            return Wrong($"Row {rows.Count + 2} {reason}.");
        }
        catch (DecoderFallbackException)
        {
            return Wrong("Save the file as CSV UTF-8 and import it again.");
        }

        return rows.Count == 0 ? Wrong("The file has a header and no rows.") : rows;
    }

    private static Error? FindHeaderError(string[] header)
    {
        var columns = header.Select(column => column.Trim()).ToList();
        if (columns.Exists(column => column.Contains("password", StringComparison.OrdinalIgnoreCase)))
            return Wrong("Do not put passwords in the file. New people are mailed a link to set their own password.");
        if (
            columns.Find(column => !Required.Concat(Optional).Contains(column, StringComparer.OrdinalIgnoreCase)) is
            { } unknown
        )
            return Wrong(
                $"There is no column '{(unknown.Length <= 40 ? unknown : unknown[..40] + "…")}'. "
                    + $"The columns are {string.Join(", ", Required)}; optional: {string.Join(", ", Optional)}."
            );
        if (columns.Distinct(StringComparer.OrdinalIgnoreCase).Count() < columns.Count)
            return Wrong("A column appears twice.");
        return Required.Except(columns, StringComparer.OrdinalIgnoreCase).ToList() is { Count: > 0 } missing
            ? Wrong($"Missing columns: {string.Join(", ", missing)}.")
            : null;
    }

    private static (NewMember Member, List<Error> Errors) Parse(CsvReader csv, IReadOnlyList<LocationFacts> locations)
    {
        var errors = new List<Error>();
        var email = Cell("email") ?? "";
        var member = new NewMember(
            Cell("title"),
            Cell("firstName"),
            Cell("lastName"),
            OneOf<RoleType>("roleType"),
            Cell("profession"),
            Cell("registrationNumber"),
            email,
            email,
            null,
            null,
            OneOf<AccessLevel>("accessLevel"),
            Settings(),
            Locations()
        );
        return (member, errors);

        string? Cell(string column) =>
            csv.GetField(column) is { } text ? InputText.CleanerOf(column)(text).NullIfBlank() : null;

        T? OneOf<T>(string column)
            where T : struct, Enum
        {
            if (Cell(column) is not { } text)
                return null;
            foreach (var value in Enum.GetValues<T>())
            {
                if (value.ToString().Equals(text, StringComparison.OrdinalIgnoreCase))
                    return value;
            }

            errors.Add(
                ApiError.InvalidField(
                    column,
                    $"One of {string.Join(", ", Enum.GetNames<T>().Select(JsonNamingPolicy.CamelCase.ConvertName))}."
                )
            );
            return null;
        }

        IReadOnlyDictionary<string, bool>? Settings()
        {
            if (Cell("settings") is not { } text)
                return null;
            var settings = new Dictionary<string, bool>();
            foreach (
                var part in text.Split(
                    Separator,
                    StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries
                )
            )
            {
                if (
                    part.Split('=', StringSplitOptions.TrimEntries) is not [var name, var value]
                    || !bool.TryParse(value, out var on)
                )
                    errors.Add(
                        ApiError.InvalidField(
                            "settings",
                            "Write settings as name=true or name=false, separated by semicolons."
                        )
                    );
                else if (!settings.TryAdd(name, on))
                    errors.Add(ApiError.InvalidField("settings", "A setting appears twice."));
            }

            return settings;
        }

        IReadOnlyList<Guid> Locations()
        {
            var ids = new List<Guid>();
            foreach (
                var part in (Cell("locations") ?? "").Split(
                    Separator,
                    StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries
                )
            )
            {
                var named = locations
                    .Where(location =>
                        part.Equals(location.Name, StringComparison.OrdinalIgnoreCase)
                        || part.Equals(location.LocationId.ToString(), StringComparison.OrdinalIgnoreCase)
                    )
                    .ToList();
                if (named.Count == 1)
                    ids.Add(named[0].LocationId);
                else
                    errors.Add(
                        ApiError.InvalidField(
                            "locations",
                            named.Count == 0
                                ? "There is no active location of this name that you may assign."
                                : "Several locations have this name. Use the id."
                        )
                    );
            }

            return ids;
        }
    }

    private static string ColumnOf(string field) => field == "locationIds" ? "locations" : field;

    private static Error Wrong(string sentence) => ApiError.InvalidField("file", sentence);
}
