using System.Net;
using System.Text.Json;
using Gatehouse.Api.Bodies;
using Gatehouse.Api.Errors;
using Gatehouse.Contracts.Api;
using Gatehouse.Gateway.Explanation;
using Gatehouse.Gateway.Validation;

namespace Gatehouse.Api.Explain;

/// <summary>The request that is to be explained.</summary>
/// <param name="Request">Request.</param>
/// <param name="Pool">Pool that it is sent to.</param>
internal sealed record ExplainDraft(ExplainRequest Request, string Pool)
{
    private const string DefaultPool = "default";
    private const int MaxUrl = 8192;
    private const int MaxHeaders = 100;

    public static Result<ExplainDraft> Read(JsonElement body, string? viewer)
    {
        var fields = BodyFields.Of(body, ["method", "url", "headers", "sni", "address", "pool"], []);
        var method = fields.Text("method", 32) ?? "GET";
        var url = fields.RequiredText("url", MaxUrl);
        var headers = fields.Map("headers", ValidateHeaders);
        var sni = fields.Text("sni", 253);
        var address = fields.Text("address", 45);
        var pool = fields.Text("pool", 253) ?? DefaultPool;
        ExplainRequest? request = null;
        if (url.Length > 0 && !ExplainRequest.TryCreate(method, url, headers, out request))
            fields.AddError(new FieldError("/url", ErrorCodes.InvalidFormat, "Write an absolute http or https URL, such as http://shop.example.com/cart?full=1, or tls://, tcp:// or udp:// with host and port."));
        if (address is { Length: > 0 } && IPAddress.TryParse(address, out var parsed))
            address = parsed.ToString();
        else if (address is { Length: > 0 })
            fields.AddError(new FieldError("/address", ErrorCodes.InvalidFormat, "Write an IP address that a Gateway is bound to."));
        if (fields.Errors.Count > 0 || request is null)
            return new InvalidError(fields.Errors);
        return new ExplainDraft(request with { Viewer = viewer, Sni = sni, Address = address }, pool);
    }

    private static IEnumerable<ValidationError> ValidateHeaders(IReadOnlyDictionary<string, string> headers)
    {
        if (headers.Count > MaxHeaders)
            yield return new ValidationError("/headers", ErrorCodes.TooMany, $"At most {MaxHeaders} headers.");
    }
}
