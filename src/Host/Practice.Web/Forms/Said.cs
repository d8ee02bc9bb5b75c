namespace Practice.Web.Forms;

/// <summary>One sentence about what was just done, shown by the page that the browser is sent on to. It may name a person, so it travels sealed.</summary>
public sealed class Said(SealedCookies cookies)
{
    private const string Cookie = "practice-said";
    private static readonly TimeSpan Life = TimeSpan.FromMinutes(1);

    /// <summary>What was heard while this very page was made.</summary>
    public string? Heard { get; private set; }

    public void Say(string sentence) => cookies.Write(Cookie, sentence, Life);

    /// <summary>What the page before has said; once.</summary>
    public string? Hear()
    {
        cookies.Delete(Cookie);
        return cookies.Read(Cookie) is { } sentence ? Heard = sentence : null;
    }
}
