using System.Globalization;
using System.Text.Json;
using Practice.Client;

namespace Practice.Web;

/// <summary>Labels of exports.</summary>
internal static class ExportLabels
{
    public static IReadOnlyList<ExportKind> Kinds { get; } = Enum.GetValues<ExportKind>();

    public static string Of(ExportKind kind) =>
        kind switch
        {
            ExportKind.Patients => "Patients",
            ExportKind.Appointments => "Appointments",
            ExportKind.Invoices => "Invoices",
            ExportKind.ClinicalRecords => "Clinical records",
            ExportKind.Members => "Users",
            ExportKind.Audit => "Audit",
            _ => kind.ToString(),
        };

    /// <summary>As the API writes it.</summary>
    public static string Code(ExportKind kind) => JsonNamingPolicy.CamelCase.ConvertName(kind.ToString());

    public static string Of(ExportStatus status) =>
        status switch
        {
            ExportStatus.Ready => "Ready",
            ExportStatus.Running => "Being downloaded",
            ExportStatus.Failed => "Broke off",
            ExportStatus.Done => "Downloaded",
            _ => status.ToString(),
        };

    public static string PillClass(ExportStatus status) =>
        status switch
        {
            ExportStatus.Done => "good",
            ExportStatus.Failed => "bad",
            _ => "",
        };

    public static string Progress(ExportView export) =>
        export.Status switch
        {
            ExportStatus.Ready => "",
            ExportStatus.Running when export.File is { } file => $"{Rows(export)}, now {file}",
            ExportStatus.Failed => $"after {Rows(export)}. Download it again.",
            _ => Rows(export),
        };

    private static string Rows(ExportView export) =>
        string.Create(CultureInfo.InvariantCulture, $"{export.Rows:N0} rows in {export.Files} files");
}
