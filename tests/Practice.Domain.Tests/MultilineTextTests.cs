using FluentValidation;
using Practice.Shared.Http;

namespace Practice.Domain.Tests;

/// <summary>Text of several lines: line breaks are one character each, and everything else keeps its meaning.</summary>
public sealed class MultilineTextTests
{
    [Theory]
    [InlineData("address", "12 Main St\r\nUnit 4", "12 Main St\nUnit 4")]
    [InlineData("reason", "a\rb\r\n\r\nc", "a\nb\n\nc")]
    [InlineData("body", "Cafe\u0301\r\n\tnext", "Caf\u00e9\n\tnext")]
    [InlineData("text", "no break", "no break")]
    [InlineData("password", "a\r\nb", "a\r\nb")]
    [InlineData("name", "a\r\nb", "a\r\nb")]
    public void A_line_break_is_stored_as_one_character(string field, string sent, string stored) =>
        Assert.Equal(stored, InputText.CleanerOf(field)(sent));

    [Theory]
    [InlineData("12345\n789", null)]
    [InlineData("12\t45", null)]
    [InlineData(null, null)]
    [InlineData("12345\n7890", "At most 9 characters.")]
    [InlineData("12\u0000", "Control characters are not allowed, except tabs and line breaks.")]
    [InlineData("12\u001b", "Control characters are not allowed, except tabs and line breaks.")]
    public void Line_breaks_are_allowed_and_count_once(string? text, string? error) =>
        Assert.Equal(error, new Rules().Validate(new Text(text)).Errors.SingleOrDefault()?.ErrorMessage);

    private sealed record Text(string? Value);

    private sealed class Rules : AbstractValidator<Text>
    {
        public Rules() => RuleFor(text => text.Value).OptionalMultilineText(9);
    }
}
