using System.Text.RegularExpressions;
using Practice.Contracts.Locations;
using Practice.Groups.Domain;

namespace Practice.Groups.Features.Members.Import;

/// <summary>
/// Reads one row of a <see cref="MemberFile"/>. Values and settings are known by their codes and by the words that the
/// pages show.
/// </summary>
/// <param name="columns">The place of each column, by its name.</param>
/// <param name="locations">The locations that the caller may assign.</param>
/// <param name="levels">The group's own access levels that can be given.</param>
internal sealed partial class MemberRowParser(
    SheetRow row,
    Dictionary<string, int> columns,
    IReadOnlyList<LocationFacts> locations,
    IReadOnlyList<OwnAccessLevel> levels
)
{
    private const char Separator = ';';

    /// <summary>The words of the pages for settings, as <see cref="MemberFile.Fold"/> has them.</summary>
    private static readonly Dictionary<string, string> SettingWords = new()
    {
        [MemberFile.Fold("See patients other than their own")] = "othersPatients",
        [MemberFile.Fold("See and edit other people's appointments")] = "othersCalendars",
        [MemberFile.Fold("See and edit other people's invoices")] = "othersInvoices",
        [MemberFile.Fold("See other people's clinical records")] = "othersClinicalRecords",
        [MemberFile.Fold("Financial reports of the whole practice")] = "financialReports",
        [MemberFile.Fold("Export records")] = "exportData",
        [MemberFile.Fold("Add, edit and deactivate users")] = "manageUsers",
        [MemberFile.Fold("Create, edit and archive locations, and assign users to them")] = "manageLocations",
        [MemberFile.Fold("Only the locations they are assigned to")] = "restrictToAssignedLocations",
        [MemberFile.Fold("Codes instead of patients' names")] = "hidePatientNames",
        [MemberFile.Fold("Read only")] = "readOnly",
    };

    private readonly List<Error> _errors = [];

    /// <summary>The person of the row, and what is wrong with it. Absent values are left to the validator.</summary>
    public (NewMember Member, List<Error> Errors) Parse()
    {
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
        return (member, _errors);
    }

    private string? Cell(string column) =>
        InputText.CleanerOf(column)(LineBreaks().Replace(Written(column), " ")).NullIfBlank();

    private string Written(string column) => columns.TryGetValue(column, out var at) ? row[at] : "";

    private void Wrong(string column, string sentence) => _errors.Add(ApiError.InvalidField(column, sentence));

    private T? OneOf<T>(string column)
        where T : struct, Enum
    {
        if (Cell(column) is not { } text)
            return null;
        var folded = MemberFile.Fold(text.Split(':')[0]); // pages say more about a level after its name
        foreach (var value in Enum.GetValues<T>())
        {
            if (MemberFile.Fold(value.ToString()) == folded)
                return value;
        }

        Wrong(column, EnumCodes.OneOf<T>());
        return null;
    }

    /// <summary>An own level by its name or id, which no preset has.</summary>
    private AccessLevelId? Level()
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

    private string? Profession()
    {
        if (Cell("profession") is not { } text)
            return null;
        var folded = MemberFile.Fold(text);
        return Professions
            .All.FirstOrDefault(known => MemberFile.Fold(known.Code) == folded || MemberFile.Fold(known.Name) == folded)
            .Code
            ?? text;
    }

    private string? RegistrationNumber()
    {
        var text = Cell("registrationNumber");
        if (text is not null && Shortened().IsMatch(text))
            Wrong(
                "registrationNumber",
                "The spreadsheet shortened this number. Format the column as text and type the number again."
            );
        return text;
    }

    private Dictionary<string, bool>? Settings()
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

    private List<Guid> Locations()
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

    /// <summary>A list in one cell may have its entries on lines of their own.</summary>
    private IEnumerable<string> Parts(string column) =>
        LineBreaks()
            .Replace(Written(column), $"{Separator}")
            .Split(Separator)
            .Select(part => InputText.CleanerOf(column)(part).Trim())
            .Where(part => part.Length > 0);

    private static string SettingNamed(string name) =>
        SettingWords.GetValueOrDefault(MemberFile.Fold(name))
        ?? SettingWords.Values.FirstOrDefault(setting => MemberFile.Fold(setting) == MemberFile.Fold(name))
        ?? name;

    private static bool? YesOrNo(string value) =>
        value.ToLowerInvariant() switch
        {
            "true" or "yes" or "on" or "1" => true,
            "false" or "no" or "off" or "0" => false,
            _ => null,
        };

    [GeneratedRegex(@"[ \t]*[\r\n]+[ \t]*")]
    private static partial Regex LineBreaks();

    /// <summary>A long number as a spreadsheet shows it: its last digits are lost.</summary>
    [GeneratedRegex(@"^\d([.,]\d+)?E\+\d+$", RegexOptions.IgnoreCase)]
    private static partial Regex Shortened();
}
