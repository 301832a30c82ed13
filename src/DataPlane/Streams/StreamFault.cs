namespace Gatehouse.DataPlane.Streams;

/// <summary>A reason for which a connection or a datagram got no further. Statuses are those that nginx's stream log has for such cases.</summary>
/// <param name="Code">Stable; in logs and metrics.</param>
/// <param name="Status">Counted like the status of a request.</param>
/// <param name="Alert">What TLS clients are told (RFC 8446 §6.2).</param>
internal sealed record StreamFault(string Code, int Status, TlsAlert Alert = TlsAlert.InternalError)
{
    public static StreamFault BadHello { get; } = new("bad_hello", 400, TlsAlert.DecodeError);

    public static StreamFault HelloTooLarge { get; } = new("hello_too_large", 400, TlsAlert.DecodeError);

    public static StreamFault HelloTimeout { get; } = new("hello_timeout", 408);

    public static StreamFault HandshakeFailed { get; } = new("handshake_failed", 400);

    public static StreamFault ClientGone { get; } = new("client_gone", 499);

    public static StreamFault NoListener { get; } = new("no_listener", 404, TlsAlert.UnrecognizedName);

    public static StreamFault NoRoute { get; } = new("no_route", 404, TlsAlert.UnrecognizedName);

    public static StreamFault NoCertificate { get; } = new("no_certificate", 500);

    public static StreamFault NoCipherSuite { get; } = new("no_cipher_suite", 400, TlsAlert.HandshakeFailure);

    public static StreamFault InvalidBackend { get; } = new("invalid_backend", 500);

    public static StreamFault NoBackend { get; } = new("no_backend", 503);

    public static StreamFault Unreachable { get; } = new("backend_unreachable", 502);

    public static StreamFault Refused { get; } = new("backend_refused", 502);

    public static StreamFault BackendGone { get; } = new("backend_gone", 502);

    public static StreamFault Idle { get; } = new("idle", 200);

    public static StreamFault Cut { get; } = new("listener_closed", 200);

    public static StreamFault ReplyLimit { get; } = new("reply_limit", 200);

    public static StreamFault TooMany { get; } = new("too_many_sessions", 503);
}

/// <summary>Fatal alerts (RFC 8446 §6).</summary>
internal enum TlsAlert : byte
{
    HandshakeFailure = 40,
    DecodeError = 50,
    InternalError = 80,
    UnrecognizedName = 112,
}
