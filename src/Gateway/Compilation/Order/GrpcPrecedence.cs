using Gatehouse.Gateway.Compilation.Normalize;
using Gatehouse.Gateway.Matching;

namespace Gatehouse.Gateway.Compilation.Order;

/// <summary>
/// Which match of a GRPCRoute is asked first (https://gateway-api.sigs.k8s.io/reference/spec/#grpcrouterule, matches): most characters in
/// the service, most characters in the method, most headers; then as everywhere age, name, place. Regular expressions have no
/// characters to count and come last, as those of paths do.
/// </summary>
internal static class GrpcPrecedence
{
    /// <summary>Compares what the matches themselves say.</summary>
    public static int Compare(CompiledMatch left, CompiledMatch right)
    {
        var (leftService, leftMethod, leftRank) = LengthsOf(left);
        var (rightService, rightMethod, rightRank) = LengthsOf(right);
        var order = leftRank.CompareTo(rightRank);
        if (order == 0)
            order = rightService.CompareTo(leftService);
        if (order == 0)
            order = rightMethod.CompareTo(leftMethod);
        return order != 0 ? order : (right.Headers?.Count ?? 0).CompareTo(left.Headers?.Count ?? 0);
    }

    private static (int Service, int Method, int Rank) LengthsOf(CompiledMatch match)
    {
        var path = match.Path;
        switch (match.PathType)
        {
            case MatchNormalizer.Exact:
                var slash = path.IndexOf('/', 1);
                return (slash - 1, path.Length - slash - 1, 0);
            case MatchNormalizer.Prefix:
                return (path.Length - 1, 0, 0);
            default:
                return path.StartsWith(GrpcMatchNormalizer.AnyServicePath, StringComparison.Ordinal)
                    ? (0, path.Length - GrpcMatchNormalizer.AnyServicePath.Length, 0)
                    : (0, 0, 1);
        }
    }
}
