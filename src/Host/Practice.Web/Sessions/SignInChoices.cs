namespace Practice.Web.Sessions;

/// <summary>The identity providers that people can sign in with. They stay the same while the host runs.</summary>
/// <param name="Providers">Their names, as the operator ordered them.</param>
public sealed record SignInChoices(IReadOnlyList<string> Providers);
