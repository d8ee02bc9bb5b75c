using System.Buffers.Binary;
using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using ErrorOr;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Net.Http.Headers;

namespace Practice.Shared.Http;

/// <summary>
/// Turns a resource's version, its row's <c>xmin</c>, into a strong entity tag. The version counts the transactions of
/// the whole database, so that two of them would tell what others do. The tag tells nothing but whether it is the same.
/// Where a row changes without what the caller sees of it, even that would tell: there the tag is made of what they
/// see.
/// </summary>
/// <param name="key">Not derived from a password: anyone who may read can guess at it as long as they like.</param>
public sealed class EntityTags(byte[] key)
{
    private const int Bytes = 12;

    public string Of(uint version)
    {
        Span<byte> number = stackalloc byte[sizeof(uint)];
        BinaryPrimitives.WriteUInt32BigEndian(number, version);
        return Of(number);
    }

    /// <param name="state">What the caller sees of the resource, with its id.</param>
    public string Of(string state) => Of(Encoding.UTF8.GetBytes(state));

    private string Of(ReadOnlySpan<byte> state) =>
        $"\"{Base64Url.EncodeToString(HMACSHA256.HashData(key, state).AsSpan(0, Bytes))}\"";
}

/// <summary>Entity tags in answers, and their check before a change.</summary>
public static class ETags
{
    /// <summary>200 with the resource and its entity tag.</summary>
    public static IResult Ok<T>(HttpContext http, T resource, uint version) =>
        Ok(http, resource, tags => tags.Of(version));

    /// <inheritdoc cref="Ok{T}(HttpContext, T, uint)"/>
    /// <param name="state">What the caller sees of it: see <see cref="EntityTags.Of(string)"/>.</param>
    public static IResult Ok<T>(HttpContext http, T resource, string state) =>
        Ok(http, resource, tags => tags.Of(state));

    /// <summary>
    /// 428 without <c>If-Match</c>, 412 where it names another version than <paramref name="current"/>.
    /// </summary>
    public static Error? Check(IfMatch sent, uint current) => Check(sent, sent.Tags.Of(current));

    /// <inheritdoc cref="Check(IfMatch, uint)"/>
    /// <param name="state">What the caller sees of it now: see <see cref="EntityTags.Of(string)"/>.</param>
    public static Error? CheckState(IfMatch sent, string state) => Check(sent, sent.Tags.Of(state));

    private static Error? Check(IfMatch sent, string tag) =>
        sent.Tag is null ? CommonErrors.VersionRequired
        : sent.Tag == "*" || sent.Tag == tag ? null
        : ApiError.VersionChanged(tag);

    private static Ok<T> Ok<T>(HttpContext http, T resource, Func<EntityTags, string> tag)
    {
        http.Response.Headers.ETag = tag(http.RequestServices.GetRequiredService<EntityTags>());
        return TypedResults.Ok(resource);
    }
}

/// <summary>
/// The <c>If-Match</c> header as sent: checked where the resource's version is known, after 401, 403 and 404.
/// </summary>
public readonly record struct IfMatch(string? Tag, EntityTags Tags)
{
    public static ValueTask<IfMatch> BindAsync(HttpContext http)
    {
        var sent = http.Request.Headers[HeaderNames.IfMatch].ToString();
        var tags = http.RequestServices.GetRequiredService<EntityTags>();
        return ValueTask.FromResult(new IfMatch(sent.Length == 0 ? null : sent, tags));
    }
}
