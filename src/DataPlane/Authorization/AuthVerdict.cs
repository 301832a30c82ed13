namespace Gatehouse.DataPlane.Authorization;

/// <summary>What an authorization service said.</summary>
internal abstract record AuthVerdict
{
    /// <summary>No clear answer: the request is refused.</summary>
    public static AuthVerdict Unclear { get; } = new AuthUnclear();
}

/// <summary>No clear answer.</summary>
internal sealed record AuthUnclear : AuthVerdict;

/// <summary>A no, with the answer for the client.</summary>
/// <param name="Status">Status.</param>
/// <param name="Headers">Headers; they have been checked.</param>
/// <param name="Body">Body.</param>
internal sealed record AuthDenial(int Status, IReadOnlyList<HeaderChange> Headers, ReadOnlyMemory<byte> Body) : AuthVerdict;

/// <summary>A yes.</summary>
/// <param name="Request">Changes of the request to the backend.</param>
/// <param name="Response">Changes of the answer to the client.</param>
internal sealed record AuthGrant(IReadOnlyList<HeaderChange> Request, IReadOnlyList<HeaderChange> Response) : AuthVerdict;

/// <summary>A change of one header.</summary>
/// <param name="Name">Name.</param>
/// <param name="Values">Values; null: the header is removed.</param>
/// <param name="Mode">What happens to values that are there.</param>
internal readonly record struct HeaderChange(string Name, IReadOnlyList<string>? Values, ChangeMode Mode = ChangeMode.Overwrite);

/// <summary>How a header is changed (https://www.envoyproxy.io/docs/envoy/latest/api-v3/config/core/v3/base.proto, HeaderAppendAction).</summary>
internal enum ChangeMode
{
    /// <summary>The value takes the place of others.</summary>
    Overwrite,

    /// <summary>The value is added to others.</summary>
    Append,

    /// <summary>The value is set unless there are others.</summary>
    AddIfAbsent,

    /// <summary>The value takes the place of others, if there are any.</summary>
    OverwriteIfPresent,
}
