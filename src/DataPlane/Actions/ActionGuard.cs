using System.Buffers;
using Gatehouse.Gateway.Matching;

namespace Gatehouse.DataPlane.Actions;

/// <summary>
/// Refuses actions with values that would break a message or smuggle one. The API validates all of this; the table is untrusted
/// input all the same.
/// </summary>
internal static class ActionGuard
{
    private static readonly SearchValues<char> Token = SearchValues.Create(
        "!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ");

    /// <summary>What upstream's field holds at most (https://gateway-api.sigs.k8s.io/reference/spec/#forwardbodyconfig).</summary>
    private const long MostAuthBody = ushort.MaxValue;

    public static void Check(RuleAction action)
    {
        switch (action)
        {
            case RequestHeadersAction headers:
                Check(headers.Changes);
                break;
            case ResponseHeadersAction headers:
                Check(headers.Changes);
                break;
            case RedirectAction redirect:
                Require(redirect.StatusCode is 301 or 302 or 303 or 307 or 308, "redirect status");
                Require(redirect.Scheme is null or "http" or "https", "redirect scheme");
                Require(redirect.Port is null or (> 0 and <= 65535), "redirect port");
                Check(redirect.Hostname, redirect.Path);
                break;
            case UrlRewriteAction rewrite:
                Check(rewrite.Hostname, rewrite.Path);
                break;
            case MirrorAction mirror:
                Require(mirror.Denominator >= 1 && mirror.Numerator >= 0, "mirrored share");
                break;
            case ExternalAuthAction auth:
                Require(auth.MaxBodyBytes is >= 0 and <= MostAuthBody, "size of the body for authorization");
                Require(auth.PathPrefix is null || (auth.PathPrefix.StartsWith('/') && PathText.IsSendable(auth.PathPrefix)), "path of authorization");
                break;
            case CorsAction cors:
                Require(cors.AllowMethods.Concat(cors.AllowHeaders).Concat(cors.ExposeHeaders).All(IsToken), "CORS method or header name");
                break;
        }
    }

    private static void Check(HeaderChanges changes)
    {
        foreach (var header in changes.Set.Concat(changes.Add))
        {
            Require(IsToken(header.Name), "header name");
            Require(!header.Value.AsSpan().ContainsAnyInRange('\0', '\x08') && !header.Value.AsSpan().ContainsAnyInRange('\x0a', '\x1f')
                && !header.Value.AsSpan().ContainsAnyExceptInRange('\0', '\xff'), "header value");
        }
        foreach (var name in changes.Remove)
            Require(IsToken(name), "header name");
    }

    private static void Check(string? hostname, PathChange? path)
    {
        Require(hostname is null || RequestHost.TryNormalize(hostname, out _), "hostname");
        Require(path is null || (path.Full is null) != (path.Prefix is null), "path change");
        Require(PathText.IsSendable(path?.Full ?? "") && PathText.IsSendable(path?.Replacement ?? ""), "path");
    }

    public static bool IsToken(string name) => name.Length is > 0 and <= 256 && !name.AsSpan().ContainsAnyExcept(Token);

    private static void Require(bool condition, string what)
    {
        if (!condition)
            throw new MatchTableException($"an action's {what} cannot be used");
    }
}
