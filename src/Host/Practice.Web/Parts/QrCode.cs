using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Rendering;
using QRCoder;

namespace Practice.Web.Parts;

/// <summary>A text for a camera to read, drawn into the page: no picture to fetch, and nothing that the content-security policy refuses.</summary>
public sealed class QrCode : ComponentBase
{
    [Parameter, EditorRequired]
    public string Text { get; set; } = "";

    /// <summary>What it is, for who can't see it.</summary>
    [Parameter, EditorRequired]
    public string Label { get; set; } = "";

    protected override void BuildRenderTree(RenderTreeBuilder builder)
    {
        using var code = QRCodeGenerator.GenerateQrCode(Text, QRCodeGenerator.ECCLevel.M);
        var rows = code.ModuleMatrix; // with its quiet zone
        var path = new StringBuilder();
        for (var y = 0; y < rows.Count; y++)
        {
            for (var x = 0; x < rows[y].Count; x++)
            {
                if (rows[y][x])
                    path.Append(CultureInfo.InvariantCulture, $"M{x} {y}h1v1h-1z");
            }
        }

        builder.OpenElement(0, "svg");
        builder.AddAttribute(1, "class", "qr");
        builder.AddAttribute(2, "viewBox", $"0 0 {rows.Count} {rows.Count}");
        builder.AddAttribute(3, "shape-rendering", "crispEdges");
        builder.AddAttribute(4, "role", "img");
        builder.AddAttribute(5, "aria-label", Label);
        builder.OpenElement(6, "path");
        builder.AddAttribute(7, "d", path.ToString());
        builder.CloseElement();
        builder.CloseElement();
    }
}
