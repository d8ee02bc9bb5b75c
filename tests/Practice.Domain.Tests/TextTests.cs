using FluentValidation;
using Practice.PatientPortal.Domain.Patients;
using Practice.Shared.Http;

namespace Practice.Domain.Tests;

/// <summary>
/// Text is cleaned where it comes in: one form of accents, and nothing invisible in names and addresses.
/// </summary>
public sealed class TextTests
{
    [Theory]
    [InlineData("Zoe\u0308", "Zoë")] // composed
    [InlineData("\u1112\u1161\u11AB", "한")]
    [InlineData("\u2126", "Ω")]
    [InlineData("A\u200Bda", "Ada")] // zero width
    [InlineData("\uFEFFAda", "Ada")]
    [InlineData("A\u00ADda", "Ada")] // a soft hyphen
    [InlineData("Ada\u202E", "Ada")] // turns around what follows
    [InlineData("A\u2066d\u2069a", "Ada")]
    [InlineData("Ada\u180E", "Ada")]
    [InlineData("Ada\uFE0F", "Ada")]
    [InlineData("Ada\U000E0041\U000E01F5", "Ada")] // tags, and what Unicode keeps for more
    [InlineData("é\u200Dl", "él")]
    [InlineData("é\u200Dی", "éی")]
    [InlineData("ﻋلی\u200Cرضا", "ﻋلی\u200Cرضا")] // Persian needs it
    [InlineData("ශ\u0DCA\u200Dරී", "ශ\u0DCA\u200Dරී")] // and Sinhala
    [InlineData("\u2060", "")] // nothing can be seen
    [InlineData("\u3164", "")]
    [InlineData("\u2800\u2800", "")]
    [InlineData("\u115F\u1160\uFFA0", "")]
    [InlineData("\u200C\u200D", "")]
    public void A_name_is_composed_and_keeps_only_what_can_be_seen(string typed, string stored) =>
        Assert.Equal(stored, InputText.CleanName(typed));

    [Theory]
    [InlineData("ada@example.org", true)]
    [InlineData("ada\u200B@example.org", false)]
    [InlineData("ada@exam\u00ADple.org", false)]
    [InlineData("\uFEFFada@example.org", false)]
    [InlineData("ada@example.org\u202E", false)]
    [InlineData("a\u2066da@example.org", false)]
    [InlineData("ada\u3164@example.org", false)]
    public void An_address_with_something_invisible_is_refused(string address, bool accepted) =>
        Assert.Equal(accepted, new Form().Validate(new Typed(InputText.CleanerOf("email")(address), "x")).IsValid);

    [Theory]
    [InlineData("Ada", true)]
    [InlineData("", false)]
    [InlineData("\u00A0\u3000", false)]
    [InlineData("A\u0000da", false)]
    [InlineData("A\nda", false)]
    [InlineData("A\u2028da", false)]
    public void A_name_is_one_line_and_not_blank(string name, bool accepted) =>
        Assert.Equal(
            accepted,
            new Form().Validate(new Typed("ada@example.org", InputText.CleanerOf("lastName")(name))).IsValid
        );

    [Theory]
    [InlineData("12 Apr 1985", "1985-04-12")]
    [InlineData("moss 12  april 1985", "moss 1985-04-12")]
    [InlineData("1 May 2001, ada", "2001-05-01, ada")]
    [InlineData("31 Feb 1985", "31 Feb 1985")]
    [InlineData("12 Abc 1985", "12 Abc 1985")]
    [InlineData("13/04/1985", "1985-04-13")]
    [InlineData("1985-04-12", "1985-04-12")]
    public void A_date_in_a_search_may_be_as_people_write_it(string typed, string sought) =>
        Assert.Equal([sought], SpelledDates.Readings(typed));

    [Fact]
    public void A_date_whose_day_and_month_can_be_swapped_is_sought_as_both() =>
        Assert.Equal(["1985-04-12", "1985-12-04"], SpelledDates.Readings("12/04/1985"));

    private sealed record Typed(string? Email, string? Name);

    private sealed class Form : AbstractValidator<Typed>
    {
        public Form()
        {
            RuleFor(typed => typed.Email).Email();
            RuleFor(typed => typed.Name).RequiredText(100);
        }
    }
}
