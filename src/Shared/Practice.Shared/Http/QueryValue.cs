namespace Practice.Shared.Http;

/// <summary>A parameter of the query string, whatever its value is: <see cref="QueryText"/> reads it.</summary>
public interface IQueryValue
{
    string? Sent { get; }
}

/// <summary>
/// A filter in the query string, as it was sent. The type says what it may be, so the API document knows it too, and a
/// wrong value is answered by the slice, after 401, 403 and 404.
/// </summary>
/// <typeparam name="T">An enum, <see cref="Guid"/>, <see cref="bool"/>, <see cref="DateOnly"/>, <see
/// cref="DateTimeOffset"/>, or a number.</typeparam>
public readonly record struct QueryValue<T>(string? Sent) : IQueryValue
    where T : struct
{
    /// <summary>For ASP.NET Core, which binds parameters by it.</summary>
    public static bool TryParse(string? text, out QueryValue<T> value)
    {
        value = new(text);
        return true;
    }

    public override string ToString() => Sent ?? "";
}
