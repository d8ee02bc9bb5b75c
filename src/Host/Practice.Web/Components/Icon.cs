using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Rendering;

namespace Practice.Web.Components;

/// <summary>
/// One of the product's icons, in the colour of the text. It is decorative: the text beside it or the label says what
/// it means.
/// </summary>
public sealed class Icon : ComponentBase
{
    /// <summary>SVG paths on a grid of 24 by 24.</summary>
    private static readonly Dictionary<string, string> Strokes = new()
    {
        ["account"] = "M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8ZM4 21c.6-4 3.8-6 8-6s7.4 2 8 6",
        ["add"] = "M12 5v14M5 12h14",
        ["add-person"] =
            "M10 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8ZM2.5 21c.5-4 3.3-6 7.5-6 1.8 0 3.4.4 4.6 1.200M18 14v7M14.5 17.500h7",
        ["alert"] = "M12 3.5 2.5 20h19ZM12 10v4.500M12 17.300v.2",
        ["arrow"] = "M5 12h14M13 6l6 6-6 6",
        ["bell"] = "M6 16.500V11a6 6 0 0 1 12 0v5.500l1.5 1.500h-15ZM10 20.500h4",
        ["calendar"] = "M4 6h16v14H4ZM4 10h16M8.5 3.500V8M15.5 3.500V8",
        ["chart"] = "M4 20.500h16M6.5 20V12M12 20V4.5M17.5 20V9",
        ["check"] = "M4.5 12.5 10 18 19.5 7",
        ["chevron"] = "M6 9.500l6 6 6-6",
        ["clinical"] = "M6 3.500h9l4 4V20.500H6ZM12 10v7M8.5 13.500h7",
        ["close"] = "M6 6l12 12M18 6 6 18",
        ["copy"] = "M8.5 8.500h11.500v12h-11.500ZM15.5 8.500V4H4v12h4.5",
        ["door"] = "M5 20.500h14M7 20.500V9a5 5 0 0 1 10 0v11.500M14 14v.3",
        ["family"] =
            "M8 11a3 3 0 1 0 0-6 3 3 0 0 0 0 6ZM17 13a2.3 2.3 0 1 0 0-4.6 2.3 2.3 0 0 0 0 4.600Z"
            + "M2.5 20c.4-3.6 2.4-5.5 5.5-5.500s5 1.9 5.5 5.500M15 16.300c3.4-.9 5.8.5 6.5 3.7",
        ["file"] = "M6 3.500h8l4 4v13H6ZM14 3.500V8h4",
        ["history"] = "M4 12a8 8 0 1 0 2.5-5.800M4 4v4h4M12 8v4.500l3 2",
        ["home"] = "M4 11.5 12 4l8 7.500M6 10v10h12V10M10 20v-6h4v6",
        ["invoice"] = "M6 3.500h12v17l-3-2-3 2-3-2-3 2ZM9 8.500h6M9 12.500h6",
        ["key"] = "M8 16a4 4 0 1 0 0-8 4 4 0 0 0 0 8ZM12 12h9M17.5 12v3.5",
        ["location"] =
            "M12 21c-4-4.5-6.5-7.7-6.5-11a6.5 6.5 0 0 1 13 0c0 3.3-2.5 6.5-6.5 11Z"
            + "M12 12.300a2.3 2.3 0 1 0 0-4.6 2.3 2.3 0 0 0 0 4.600Z",
        ["lock"] = "M6 11h12v9.500H6ZM8.5 11V8a3.5 3.5 0 0 1 7 0v3",
        ["mail"] = "M3.5 6h17v12.500h-17ZM4 6.500l8 6.5 8-6.5",
        ["menu"] = "M4 7h16M4 12h16M4 17h16",
        ["patients"] =
            "M9 11.500a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7ZM2.5 20c.5-3.7 2.9-5.5 6.5-5.500s6 1.8 6.5 5.500"
            + "M15.5 4.800a3.5 3.5 0 0 1 0 6.400M18 15c2 .8 3.2 2.4 3.5 5",
        ["pencil"] = "M4 20l1-4.500L16 4.500l3.5 3.5-11 11ZM14 6.5 17.5 10",
        ["phone"] = "M7 3.500h10v17H7ZM11 17.500h2",
        ["print"] = "M7 9V4h10v5M7 17H4V9h16v8h-3M7 14.500h10V20.500H7Z",
        ["request"] = "M4 5h16v11H12l-4.5 4V16H4ZM8 9h8M8 12h5",
        ["search"] = "M10.5 17a6.5 6.5 0 1 0 0-13 6.5 6.5 0 0 0 0 13ZM15.5 15.500l5 5",
        ["settings"] =
            "M4 7h9M17 7h3M4 17h3M11 17h9M15 9.300a2.3 2.3 0 1 0 0-4.6 2.3 2.3 0 0 0 0 4.600Z"
            + "M9 19.300a2.3 2.3 0 1 0 0-4.6 2.3 2.3 0 0 0 0 4.600Z",
        ["share"] =
            "M8 12a3 3 0 1 1-6 0 3 3 0 0 1 6 0ZM22 5.500a3 3 0 1 1-6 0 3 3 0 0 1 6 0Z"
            + "M22 18.500a3 3 0 1 1-6 0 3 3 0 0 1 6 0ZM7.7 10.700l8.7-4M7.7 13.300l8.7 4",
        ["sign-out"] = "M10 4H5v16h5M14 8l4 4-4 4M9 12h9",
        ["switch"] = "M4 8h13M13.5 4.5 17 8l-3.5 3.500M20 16H7M10.5 12.5 7 16l3.5 3.5",
        ["upload"] = "M12 16V5M7.5 9 12 4.5 16.5 9M4.5 15.500v4h15v-4",
    };

    [Parameter, EditorRequired]
    public string Name { get; set; } = "";

    protected override void BuildRenderTree(RenderTreeBuilder builder)
    {
        builder.OpenElement(0, "svg");
        builder.AddAttribute(1, "class", "icon");
        builder.AddAttribute(2, "viewBox", "0 0 24 24");
        builder.AddAttribute(3, "aria-hidden", "true");
        builder.AddAttribute(4, "focusable", "false");
        builder.OpenElement(5, "path");
        builder.AddAttribute(6, "d", Strokes[Name]);
        builder.CloseElement();
        builder.CloseElement();
    }
}
