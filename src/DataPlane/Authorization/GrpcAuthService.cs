using System.Buffers.Binary;
using System.Net;
using System.Net.Http.Headers;

namespace Gatehouse.DataPlane.Authorization;

/// <summary>Asks a service that speaks Envoy's ext_authz over gRPC (https://github.com/grpc/grpc/blob/master/doc/PROTOCOL-HTTP2.md).</summary>
internal static class GrpcAuthService
{
    private const string Method = "/envoy.service.auth.v3.Authorization/Check";
    private const int Prefix = 5;
    private const int MaxMessage = 1 << 20;

    public static async Task<AuthVerdict> AskAsync(AuthQuestion question, HttpMessageInvoker client, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var check = CheckMessages.Request(question, now);
        var framed = new byte[Prefix + check.Length];
        BinaryPrimitives.WriteInt32BigEndian(framed.AsSpan(1), check.Length);
        check.Span.CopyTo(framed.AsSpan(Prefix));
        using var content = new ByteArrayContent(framed);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/grpc");
        using var message = question.Message(HttpMethod.Post, Method, content);
        message.Headers.TryAddWithoutValidation("TE", "trailers");
        using var response = await client.SendAsync(message, cancellationToken);
        if (response.StatusCode != HttpStatusCode.OK)
            return AuthVerdict.Unclear;
        var answer = await ReadAsync(response, cancellationToken);
        return answer is null || !IsOk(response.TrailingHeaders) ? AuthVerdict.Unclear : CheckMessages.Verdict(answer.Value.Span);
    }

    // One message, not compressed, and nothing after it.
    private static async Task<ReadOnlyMemory<byte>?> ReadAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        await using var stream = await response.Content.ReadAsStreamAsync(cancellationToken);
        var header = new byte[Prefix];
        if (await stream.ReadAtLeastAsync(header, Prefix, throwOnEndOfStream: false, cancellationToken) < Prefix)
            return null;
        var length = BinaryPrimitives.ReadUInt32BigEndian(header.AsSpan(1));
        if (header[0] != 0 || length > MaxMessage)
            return null;
        var body = new byte[length];
        await stream.ReadExactlyAsync(body, cancellationToken);
        // Trailers are there once the end has been read.
        return await stream.ReadAsync(header, cancellationToken) == 0 ? body : null;
    }

    private static bool IsOk(HttpResponseHeaders trailers) => trailers.TryGetValues("grpc-status", out var values) && values.SequenceEqual(["0"]);
}
