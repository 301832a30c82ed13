using System.Diagnostics;

namespace Gatehouse.Api.Errors;

/// <summary>The id that links an answer, an audit event and the logs.</summary>
internal static class TraceId
{
    public static string Of(HttpContext context) => Activity.Current?.TraceId.ToHexString() ?? context.TraceIdentifier;
}
