using Gatehouse.Gateway.Matching;
using Gatehouse.Gateway.Resources;

namespace Gatehouse.Gateway.Compilation.Order;

/// <summary>
/// Which match is asked first (https://gateway-api.sigs.k8s.io/reference/spec/#httprouterule, matches): exact path, longest prefix,
/// method, most headers, most query parameters; then the oldest route, <c>{namespace}/{name}</c>, the first rule, the first match.
/// Upstream leaves regular expressions to the implementation: ours come after exact and prefix paths of any length.
/// </summary>
internal static class MatchPrecedence
{
    /// <summary>Compares what the matches themselves say.</summary>
    public static int Compare(CompiledMatch left, CompiledMatch right)
    {
        var order = RankOf(left.PathType).CompareTo(RankOf(right.PathType));
        if (order == 0 && left.PathType == "PathPrefix")
            order = right.Path.Length.CompareTo(left.Path.Length);
        if (order == 0)
            order = (right.Method is not null).CompareTo(left.Method is not null);
        if (order == 0)
            order = (right.Headers?.Count ?? 0).CompareTo(left.Headers?.Count ?? 0);
        return order != 0 ? order : (right.Query?.Count ?? 0).CompareTo(left.Query?.Count ?? 0);
    }

    /// <summary>Compares matches of one route, or of routes of one kind whose rules are numbered through.</summary>
    public static Comparison<CompiledMatch> Within(string kind) => kind == ResourceKind.GrpcRoute ? CompareGrpc : CompareHttp;

    private static int CompareHttp(CompiledMatch left, CompiledMatch right) => Settle(Compare(left, right), left, right);

    private static int CompareGrpc(CompiledMatch left, CompiledMatch right) => Settle(GrpcPrecedence.Compare(left, right), left, right);

    private static int Settle(int order, CompiledMatch left, CompiledMatch right)
    {
        if (order == 0)
            order = left.Rule.CompareTo(right.Rule);
        return order != 0 ? order : left.Index.CompareTo(right.Index);
    }

    /// <summary>Compares routes whose matches are equal.</summary>
    public static int CompareRoutes(CompiledRoute left, CompiledRoute right)
    {
        var order = left.CreatedAt.CompareTo(right.CreatedAt);
        return order != 0 ? order : left.Key.CompareTo(right.Key);
    }

    private static int RankOf(string pathType) => pathType switch
    {
        "Exact" => 0,
        "PathPrefix" => 1,
        _ => 2,
    };
}
