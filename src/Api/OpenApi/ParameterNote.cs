namespace Gatehouse.Api.OpenApi;

/// <summary>A query parameter or header that a handler reads by itself, so that a wrong value gets our error.</summary>
/// <param name="Name">Name.</param>
/// <param name="Place">Where it stands.</param>
/// <param name="Type">string, integer or boolean.</param>
/// <param name="Description">What it does.</param>
/// <param name="Example">A value.</param>
internal sealed record ParameterNote(string Name, ParameterPlace Place, string Type, string Description, string Example);

/// <summary>Where a parameter stands.</summary>
internal enum ParameterPlace
{
    Query,
    Header,
}
