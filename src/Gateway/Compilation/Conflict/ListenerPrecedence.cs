using Gatehouse.Gateway.Compilation.Resolve;
using Gatehouse.Gateway.Resources;

namespace Gatehouse.Gateway.Compilation.Conflict;

/// <summary>
/// Who comes first where listeners meet: the platform's Gateways, then the oldest Gateway; below one Gateway its own listeners,
/// then ListenerSets by age and <c>{namespace}/{name}</c>
/// (https://gateway-api.sigs.k8s.io/reference/spec/#listenerset, "listener precedence"). A total order.
/// </summary>
internal sealed class ListenerPrecedence : IComparer<ListenerState?>
{
    public static ListenerPrecedence Order { get; } = new();

    public int Compare(ListenerState? left, ListenerState? right)
    {
        if (ReferenceEquals(left, right))
            return 0;
        var bySource = CompareSources(left!.Model, right!.Model);
        if (bySource != 0)
            return bySource;
        var byIndex = left.Model.Index.CompareTo(right.Model.Index);
        return byIndex != 0 ? byIndex : string.CompareOrdinal(left.Model.Id, right.Model.Id);
    }

    private static int CompareSources(ListenerModel left, ListenerModel right)
    {
        var order = right.Gateway.IsPlatform.CompareTo(left.Gateway.IsPlatform);
        if (order == 0)
            order = left.Gateway.CreatedAt.CompareTo(right.Gateway.CreatedAt);
        if (order == 0)
            order = left.Gateway.Key.CompareTo(right.Gateway.Key);
        if (order == 0)
            order = IsOwn(right).CompareTo(IsOwn(left));
        if (order == 0)
            order = left.SourceCreatedAt.CompareTo(right.SourceCreatedAt);
        return order != 0 ? order : left.Source.CompareTo(right.Source);
    }

    private static bool IsOwn(ListenerModel listener) => listener.Source.Kind == ResourceKind.Gateway;
}
