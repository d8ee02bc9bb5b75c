using System.Globalization;

namespace Practice.Shared.Http;

public static class EmailAddress
{
    private static readonly IdnMapping Domains = new() { UseStd3AsciiRules = true };

    /// <summary>
    /// The form in which two spellings of one address are equal: case and surrounding space do not count, nor how
    /// accents are composed, nor how an international domain is written (<c>bücher.example</c>,
    /// <c>xn--bcher-kva.example</c>).
    /// </summary>
    public static string Normalize(string email) => Clean(email).ToUpperInvariant();

    /// <summary>One spelling of the address, to store and to send to; as it is if it is none.</summary>
    public static string Clean(string email)
    {
        var address = InputText.Clean(email.Trim());
        var domain = address.LastIndexOf('@') + 1;
        return domain > 0 && TryRead(address[domain..]) is { } known ? address[..domain] + known : address;
    }

    /// <summary>Whether a domain of this name can exist.</summary>
    public static bool IsDomain(string name) => TryRead(name) is not null;

    private static string? TryRead(string domain)
    {
        if (domain.Any(IsOtherWidth))
            return null;
        try
        {
            return Domains.GetUnicode(Domains.GetAscii(domain));
        }
        catch (ArgumentException)
        {
            return null;
        }
    }

    /// <summary>Letters of another width look like a domain and make none; of the dots, each is one.</summary>
    private static bool IsOtherWidth(char letter) =>
        letter is >= '\uFF00' and <= '\uFFEF' and not '\uFF0E' and not '\uFF61';
}
