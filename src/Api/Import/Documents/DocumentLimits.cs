namespace Gatehouse.Api.Import.Documents;

/// <summary>Bounds on what an import may hold; what is above them is refused before it costs more.</summary>
internal static class DocumentLimits
{
    /// <summary>Most bytes of a platform admin's import.</summary>
    public const int PlatformBytes = 32 * 1024 * 1024;

    /// <summary>Most bytes of a tenant's import.</summary>
    public const int TenantBytes = 4 * 1024 * 1024;

    /// <summary>Levels of lists and objects; upstream's deepest spec has 12.</summary>
    public const int Depth = 32;

    /// <summary>Documents, empty ones included.</summary>
    public const int Documents = 50_000;

    /// <summary>Objects, items of lists included.</summary>
    public const int Objects = 20_000;

    /// <summary>What aliases may add (<see cref="DocumentNode.Weight"/>): a few objects shared by many others, no bomb.</summary>
    public const long AliasWeight = 200_000;
}

/// <summary>A document that cannot be read, or is more than the limits allow.</summary>
internal sealed class DocumentException(string reason, int line, int column) : Exception(reason)
{
    public int Line => line;

    public int Column => column;
}
