using Practice.Web;

namespace Practice.Host.Tests;

/// <summary>Initials are whole characters, as people count them.</summary>
public sealed class AvatarTests
{
    [Theory]
    [InlineData("Anna Maria Moss", "AM")]
    [InlineData("ada", "A")]
    [InlineData("  élodie\u00A0ørn ", "ÉØ")]
    [InlineData("𝒜da 𠮷野", "𝒜𠮷")]
    [InlineData("👩🏽‍⚕️ ß", "👩🏽‍⚕️ß")]
    [InlineData("e\u0301va", "E\u0301")]
    [InlineData("", "")]
    public void Initials_are_whole_characters(string name, string initials) =>
        Assert.Equal(initials, Avatar.Initials(name));
}
