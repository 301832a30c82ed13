using System.Buffers.Binary;
using System.Buffers.Text;
using Gatehouse.Api.Errors;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;

namespace Gatehouse.Api.Preconditions;

/// <summary>Entity tags and the conditions that requests put on them (https://www.rfc-editor.org/rfc/rfc9110#section-13).</summary>
internal static class EntityTags
{
    /// <summary>Opaque strong tag of one version of one object.</summary>
    public static string Of(Guid id, uint version)
    {
        Span<byte> bytes = stackalloc byte[20];
        id.TryWriteBytes(bytes);
        BinaryPrimitives.WriteUInt32BigEndian(bytes[16..], version);
        return $"\"{Base64Url.EncodeToString(bytes)}\"";
    }

    /// <summary>Checks If-Match and If-None-Match of a write against the object as it is.</summary>
    /// <param name="request">Request.</param>
    /// <param name="current">Tag of the object; null: there is none.</param>
    /// <returns>The failure, or null.</returns>
    public static Error? Check(HttpRequest request, string? current)
    {
        if (request.Headers.IfMatch.Count > 0 && !Matches(request.Headers.IfMatch, current))
        {
            return new PreconditionFailedError(current is null
                ? "The object does not exist (any more), so If-Match cannot hold."
                : "The object was changed since you read it: GET it again and repeat the change on the new version.");
        }
        if (request.Headers.IfNoneMatch.Count > 0 && Matches(request.Headers.IfNoneMatch, current))
            return new PreconditionFailedError("The object exists already.");
        return null;
    }

    /// <summary>Strong comparison; <c>*</c> is any existing object. A header that is not a list of tags matches nothing.</summary>
    private static bool Matches(StringValues header, string? current)
    {
        if (current is null || !EntityTagHeaderValue.TryParseStrictList(header.OfType<string>().ToList(), out var tags))
            return false;
        var expected = new EntityTagHeaderValue(current);
        return tags.Any(tag => tag.Equals(EntityTagHeaderValue.Any) || tag.Compare(expected, useStrongComparison: true));
    }
}
