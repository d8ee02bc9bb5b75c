using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Reflection.PortableExecutable;
using System.Text.RegularExpressions;
using Practice.Web;

namespace Practice.Host.Tests;

/// <summary>
/// No page shows the code of its template, in whatever state: where Razor takes code for text, the text is in the
/// compiled page.
/// </summary>
public sealed partial class TemplateCodeTests
{
    [Fact]
    public void No_text_of_a_page_is_template_code()
    {
        var texts = TextsOf(typeof(PracticeWeb).Assembly.Location);
        Assert.Contains(texts, text => text.Contains("Import users", StringComparison.Ordinal));
        Assert.DoesNotContain(texts, TemplateCode().IsMatch);
    }

    [Theory]
    [InlineData("by semicolons@if (_locations.Any())")]
    [InlineData("dear@(Name)")]
    [InlineData("<p>@foreach (var row in Rows)")]
    [InlineData("@* a comment *@")]
    [InlineData("hello @Name.First")]
    public void Template_code_is_known(string text) => Assert.Matches(TemplateCode(), text);

    private static List<string> TextsOf(string assembly)
    {
        using var file = new PEReader(File.OpenRead(assembly));
        var metadata = file.GetMetadataReader();
        var texts = new List<string>();
        for (var handle = MetadataTokens.UserStringHandle(1); !handle.IsNil; handle = metadata.GetNextHandle(handle))
            texts.Add(metadata.GetUserString(handle));
        return texts;
    }

    [GeneratedRegex(@"@(if|else|for|foreach|switch|while|using|code)\b|@\(|@\*|(^|[\s>])@[A-Z]\w*[.(]")]
    private static partial Regex TemplateCode();
}
