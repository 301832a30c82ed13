using System.Globalization;
using System.Text;
using System.Text.Unicode;

namespace Gatehouse.DataPlane.Authorization;

/// <summary>
/// The messages of Envoy's ext_authz, as far as they are used here
/// (https://www.envoyproxy.io/docs/envoy/latest/api-v3/service/auth/v3/external_auth.proto). Numbers are the fields' own.
/// </summary>
internal static class CheckMessages
{
    /// <summary>A CheckRequest.</summary>
    public static ReadOnlyMemory<byte> Request(AuthQuestion question, DateTimeOffset now)
    {
        var context = question.Context;
        var time = new ProtoWriter().Number(1, now.ToUnixTimeSeconds()).Number(2, now.Millisecond * 1_000_000L);
        var attributes = new ProtoWriter()
            .Message(1, Peer(context.Connection.RemoteIpAddress, context.Connection.RemotePort))
            .Message(2, Peer(context.Connection.LocalIpAddress, context.Connection.LocalPort))
            .Message(4, new ProtoWriter().Message(1, time).Message(2, HttpOf(question)));
        return new ProtoWriter().Message(1, attributes).Written;
    }

    /// <summary>
    /// Reads a CheckResponse. A yes is a status that is there and OK, or none but an OkHttpResponse; anything that says both yes and no, or
    /// neither, is not clear.
    /// </summary>
    /// <exception cref="InvalidDataException">The message is malformed.</exception>
    public static AuthVerdict Verdict(ReadOnlySpan<byte> message)
    {
        var reader = new ProtoReader(message);
        int? code = null;
        AuthVerdict? answer = null;
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case 1:
                    code = StatusCode(reader.Value);
                    break;
                case 2:
                    answer = Denied(reader.Value);
                    break;
                case 3:
                    answer = Ok(reader.Value);
                    break;
            }
        }
        return (code, answer) switch
        {
            (0, null) => new AuthGrant([], []),
            (0 or null, AuthGrant grant) => grant,
            (not 0 and not null, AuthDenial denial) => denial,
            (not 0 and not null, null) => new AuthDenial(StatusCodes.Status403Forbidden, [], default),
            _ => AuthVerdict.Unclear,
        };
    }

    private static ProtoWriter Peer(System.Net.IPAddress? address, int port) =>
        new ProtoWriter().Message(1, new ProtoWriter().Message(1, new ProtoWriter().Text(2, address?.ToString()).Number(3, port)));

    private static ProtoWriter HttpOf(AuthQuestion question)
    {
        var request = question.Context.Request;
        var host = request.Headers.Host.ToString();
        var http = new ProtoWriter().Text(1, question.Context.TraceIdentifier).Text(2, question.Method);
        var allowed = question.Action.AllowedHeaders is { Count: > 0 } names ? names : null;
        foreach (var (name, values) in question.HeadersOf(allowed))
            Header(http, name.ToLower(CultureInfo.InvariantCulture), string.Join(',', values));
        if (allowed is null)
        {
            Header(http, ":method", question.Method);
            Header(http, ":path", question.Target);
            Header(http, ":authority", host);
            Header(http, ":scheme", request.Scheme);
        }
        // The query is part of the path; the field for it "is always empty".
        http.Text(4, question.Target).Text(5, host).Text(6, request.Scheme).Number(9, request.ContentLength ?? (question.Body.IsEmpty ? 0 : -1)).Text(10, request.Protocol);
        // A text must be UTF-8; what is not goes as bytes.
        if (!question.Body.IsEmpty)
            http.Bytes(Utf8.IsValid(question.Body.Span) ? 11 : 12, question.Body.Span);
        return http;
    }

    private static void Header(ProtoWriter http, string name, string value) => http.Message(3, new ProtoWriter().Text(1, name).Text(2, value));

    private static int StatusCode(ReadOnlySpan<byte> status)
    {
        var reader = new ProtoReader(status);
        var code = 0;
        while (reader.Next())
            code = reader.Field == 1 ? (int)reader.Number : code;
        return code;
    }

    private static AuthDenial Denied(ReadOnlySpan<byte> denied)
    {
        var reader = new ProtoReader(denied);
        var (status, headers, body) = (0, new List<HeaderChange>(), "");
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case 1:
                    status = StatusCode(reader.Value);
                    break;
                case 2:
                    Add(headers, reader.Value);
                    break;
                case 3:
                    body = reader.Text;
                    break;
            }
        }
        var added = headers.Select(header => header with { Mode = ChangeMode.Append });
        return new AuthDenial(status is >= 200 and <= 599 ? status : StatusCodes.Status403Forbidden, [.. added], Encoding.UTF8.GetBytes(body));
    }

    private static AuthGrant Ok(ReadOnlySpan<byte> ok)
    {
        var reader = new ProtoReader(ok);
        var (request, response) = (new List<HeaderChange>(), new List<HeaderChange>());
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case 2:
                    Add(request, reader.Value);
                    break;
                case 5 when AuthHeaders.MayChange(reader.Text):
                    request.Add(new HeaderChange(reader.Text, null));
                    break;
                case 6:
                    Add(response, reader.Value);
                    break;
            }
        }
        return new AuthGrant(request, response);
    }

    // A HeaderValueOption. Not saying how means overwriting, as these messages have it.
    private static void Add(List<HeaderChange> changes, ReadOnlySpan<byte> option)
    {
        var reader = new ProtoReader(option);
        var (name, value, mode) = ("", "", ChangeMode.Overwrite);
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case 1:
                    (name, value) = HeaderValue(reader.Value);
                    break;
                case 2 when StatusCode(reader.Value) != 0:
                    mode = ChangeMode.Append;
                    break;
                case 3:
                    mode = reader.Number switch { 1 => ChangeMode.AddIfAbsent, 3 => ChangeMode.OverwriteIfPresent, _ => mode };
                    break;
            }
        }
        if (!AuthHeaders.IsSendable(value))
            throw new InvalidDataException("A header cannot be sent.");
        if (AuthHeaders.MayChange(name))
            changes.Add(new HeaderChange(name, [value], mode));
    }

    private static (string Name, string Value) HeaderValue(ReadOnlySpan<byte> header)
    {
        var reader = new ProtoReader(header);
        var (name, value) = ("", "");
        while (reader.Next())
        {
            if (reader.Field == 1)
                name = reader.Text;
            else if (reader.Field is 2 or 3 && reader.Value.Length > 0)
                value = Encoding.Latin1.GetString(reader.Value);
        }
        return (name, value);
    }
}
