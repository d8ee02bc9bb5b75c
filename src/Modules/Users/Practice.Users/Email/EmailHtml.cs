using System.Text.Encodings.Web;
using System.Text.RegularExpressions;
using System.Text.Unicode;
using Fluid;

namespace Practice.Users.Email;

/// <summary>
/// Writes the HTML part of an email: the words of its text in one layout, <c>Email.liquid</c>. Everything is encoded
/// there: Fluid escapes nothing by itself.
/// </summary>
internal sealed partial class EmailHtml
{
    /// <summary>Letters of all scripts stay readable in the source.</summary>
    private static readonly HtmlEncoder Encoder = HtmlEncoder.Create(UnicodeRanges.All);

    /// <summary>Made with the first email. Wolverine makes handlers, and so this, with the start.</summary>
    private readonly Lazy<Layout> _layout = new(ReadLayout);

    /// <param name="practice">The practice that it comes from; null where it comes from none.</param>
    /// <param name="action">What the link does that stands by itself.</param>
    public string Render(string subject, string text, string? practice, string action)
    {
        var (template, options) = _layout.Value;
        var context = new TemplateContext(options);
        context.SetValue("subject", subject);
        context.SetValue("practice", practice);
        context.SetValue("action", action);
        context.SetValue("blocks", BlocksOf(text));
        return template.Render(context, Encoder);
    }

    private static Layout ReadLayout()
    {
        var options = new TemplateOptions { MaxSteps = 10_000 };
        options.MemberAccessStrategy.Register<EmailBlock>();
        using var file = typeof(EmailHtml).Assembly.GetManifestResourceStream("Email.liquid")!;
        using var reader = new StreamReader(file);
        return new(new FluidParser().Parse(reader.ReadToEnd()), options);
    }

    private static List<EmailBlock> BlocksOf(string text) =>
        [.. text.ReplaceLineEndings("\n").Split("\n\n", StringSplitOptions.RemoveEmptyEntries).Select(BlockOf)];

    /// <summary>
    /// A link by itself becomes a button; at the end of a sentence, the sentence becomes the link. Facts
    /// (<c>When: …</c>) keep their lines, other lines were only wrapped.
    /// </summary>
    private static EmailBlock BlockOf(string paragraph)
    {
        var lines = paragraph.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        if (lines.Length > 1 && Array.TrueForAll(lines, line => Fact().IsMatch(line)))
            return new(Lines: lines);
        var words = string.Join(' ', lines);
        return EndingLink().Match(words) is { Success: true } link
            ? new([link.Groups["before"].Value], link.Groups["sentence"].Value, link.Groups["url"].Value)
            : new([words]);
    }

    private sealed record Layout(IFluidTemplate Template, TemplateOptions Options);

    [GeneratedRegex(@"^[A-Z][A-Za-z ]{0,30}: \S")]
    private static partial Regex Fact();

    [GeneratedRegex(@"^(?:(?<before>(?:.*[.!?] )?)(?<sentence>[^.!?]+): )?(?<url>https?://\S+)$")]
    private static partial Regex EndingLink();
}

/// <param name="Lines">Text before the link, or all of it.</param>
/// <param name="Label">The words of the link; empty for a button.</param>
internal sealed record EmailBlock(IReadOnlyList<string> Lines, string Label = "", string? Url = null);
