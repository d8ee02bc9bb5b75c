using System.Reflection;
using System.Text.RegularExpressions;
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
internal sealed partial class MemberFile : IEndpointParameterMetadataProvider
{
    public const int MostRows = 5_000;

    private const string MediaType = "text/csv";
    private const int MostBytes = 4 * 1024 * 1024;
    private const char Separator = ';';

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

    /// <summary>The words of the pages for settings, in the same way.</summary>
    private static readonly Dictionary<string, string> SettingWords = new()
    {
        [Fold("See patients other than their own")] = "othersPatients",
        [Fold("See and edit other people's appointments")] = "othersCalendars",
        [Fold("See and edit other people's invoices")] = "othersInvoices",
        [Fold("See other people's clinical records")] = "othersClinicalRecords",
        [Fold("Financial reports of the whole practice")] = "financialReports",
        [Fold("Export records")] = "exportData",
        [Fold("Add, edit and deactivate users")] = "manageUsers",
        [Fold("Create, edit and archive locations, and assign users to them")] = "manageLocations",
        [Fold("Only the locations they are assigned to")] = "restrictToAssignedLocations",
        [Fold("Codes instead of patients' names")] = "hidePatientNames",
        [Fold("Read only")] = "readOnly",
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
        var type = http.Request.ContentType?.Split(Separator)[0].Trim();
        if (NoFiles.Contains(type, StringComparer.OrdinalIgnoreCase))
            return new MemberFile(null);

        var bytes = new MemoryStream();
        await http.Request.Body.CopyToAsync(bytes, http.RequestAborted);
        return new MemberFile(bytes);
    }

    static void IEndpointParameterMetadataProvider.PopulateMetadata(ParameterInfo parameter, EndpointBuilder builder)
    {
        builder.Metadata.Add(new AcceptsMetadata([MediaType, "*/*"], typeof(string)));
        builder.Metadata.Add(new RequestSizeLimitAttribute(MostBytes)); // a larger body is answered with 413
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
        var sheet = Spreadsheet.Read(_bytes.GetBuffer().AsSpan(0, (int)_bytes.Length), MostRows);
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
            var (member, errors) = Parse(row, columns.Value, locations, levels);
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
    private static string Fold(string text) => string.Concat(text.Where(char.IsLetterOrDigit)).ToLowerInvariant();

    private static (NewMember Member, List<Error> Errors) Parse(
        SheetRow row,
        Dictionary<string, int> columns,
        IReadOnlyList<LocationFacts> locations,
        IReadOnlyList<OwnAccessLevel> levels
    )
    {
        var errors = new List<Error>();
        var email = Cell("email") ?? "";
        var member = new NewMember(
            Cell("title"),
            Cell("firstName"),
            Cell("lastName"),
            OneOf<RoleType>("roleType"),
            Profession(),
            RegistrationNumber(),
            email,
            email,
            null,
            null,
            Level(),
            Settings(),
            Locations()
        );
        return (member, errors);

        string? Cell(string column) =>
            InputText.CleanerOf(column)(LineBreaks().Replace(Written(column), " ")).NullIfBlank();

        string Written(string column) => columns.TryGetValue(column, out var at) ? row[at] : "";

        void Wrong(string column, string sentence) => errors.Add(ApiError.InvalidField(column, sentence));

        T? OneOf<T>(string column)
            where T : struct, Enum
        {
            if (Cell(column) is not { } text)
                return null;
            var folded = Fold(text.Split(':')[0]); // pages say more about a level after its name
            foreach (var value in Enum.GetValues<T>())
            {
                if (Fold(value.ToString()) == folded)
                    return value;
            }

            Wrong(column, EnumCodes.OneOf<T>());
            return null;
        }

        // An own level by its name or id, which no preset has.
        AccessLevelId? Level()
        {
            var text = Cell("accessLevel");
            return
                levels.FirstOrDefault(level =>
                    level.Name.Equals(text, StringComparison.OrdinalIgnoreCase)
                    || level.Id.ToString().Equals(text, StringComparison.OrdinalIgnoreCase)
                )
                    is { } own
                ? own.ToLevel().Id
                : OneOf<AccessLevel>("accessLevel");
        }

        string? Profession()
        {
            if (Cell("profession") is not { } text)
                return null;
            var folded = Fold(text);
            return Professions
                .All.FirstOrDefault(known => Fold(known.Code) == folded || Fold(known.Name) == folded)
                .Code
                ?? text;
        }

        string? RegistrationNumber()
        {
            var text = Cell("registrationNumber");
            if (text is not null && Shortened().IsMatch(text))
                Wrong(
                    "registrationNumber",
                    "The spreadsheet shortened this number. Format the column as text and type the number again."
                );
            return text;
        }

        IReadOnlyDictionary<string, bool>? Settings()
        {
            var settings = new Dictionary<string, bool>();
            foreach (var part in Parts("settings"))
            {
                if (
                    part.Split('=', StringSplitOptions.TrimEntries) is not [var name, var value]
                    || YesOrNo(value) is not { } on
                )
                    Wrong("settings", "Write settings as name=true or name=false, separated by semicolons.");
                else if (!settings.TryAdd(SettingNamed(name), on))
                    Wrong("settings", "A setting appears twice.");
            }

            return settings.Count == 0 ? null : settings;
        }

        IReadOnlyList<Guid> Locations()
        {
            var ids = new List<Guid>();
            foreach (var part in Parts("locations"))
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
                    Wrong(
                        "locations",
                        named.Count == 0
                            ? "There is no active location of this name that you may assign."
                            : "Several locations have this name. Use the id."
                    );
            }

            return ids;
        }

        // A list in one cell may have its entries on lines of their own.
        IEnumerable<string> Parts(string column) =>
            LineBreaks()
                .Replace(Written(column), $"{Separator}")
                .Split(Separator)
                .Select(part => InputText.CleanerOf(column)(part).Trim())
                .Where(part => part.Length > 0);
    }

    private static string SettingNamed(string name) =>
        SettingWords.GetValueOrDefault(Fold(name))
        ?? SettingWords.Values.FirstOrDefault(setting => Fold(setting) == Fold(name))
        ?? name;

    private static bool? YesOrNo(string value) =>
        value.ToLowerInvariant() switch
        {
            "true" or "yes" or "on" or "1" => true,
            "false" or "no" or "off" or "0" => false,
            _ => null,
        };

    private static string ColumnOf(string field) => field == "locationIds" ? "locations" : field;

    [GeneratedRegex(@"[ \t]*[\r\n]+[ \t]*")]
    private static partial Regex LineBreaks();

    /// <summary>A long number as a spreadsheet shows it: its last digits are lost.</summary>
    [GeneratedRegex(@"^\d([.,]\d+)?E\+\d+$", RegexOptions.IgnoreCase)]
    private static partial Regex Shortened();
}
