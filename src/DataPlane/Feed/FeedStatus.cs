using Gatehouse.Contracts.Feed;

namespace Gatehouse.DataPlane.Feed;

/// <summary>What the feed client reports of itself; read by acknowledgements and by the admin socket.</summary>
internal sealed class FeedStatus
{
    private volatile Applied _applied = new(FeedPosition.None, []);
    private volatile string? _held;
    private volatile bool _isAccepted;
    private volatile bool _isConnected;

    /// <summary>Raised when something changed that the control plane should hear of.</summary>
    public event Action? Changed;

    public FeedPosition Position => _applied.Position;

    public IReadOnlyList<Refusal> Refusals => _applied.Refusals;

    /// <summary>A change that is held, in words; null: none.</summary>
    public string? Held => _held;

    /// <summary>Whether an operator accepted the change that is held.</summary>
    public bool IsAccepted => _isAccepted;

    public bool IsConnected
    {
        get => _isConnected;
        set => _isConnected = value;
    }

    public void Apply(FeedPosition position, IReadOnlyList<Refusal> refusals)
    {
        _applied = new Applied(position, refusals);
        _held = null;
        _isAccepted = false;
        Changed?.Invoke();
    }

    public void Hold(string reason)
    {
        var isNew = _held != reason;
        _held = reason;
        if (isNew)
            Changed?.Invoke();
    }

    /// <summary>Lets the change that is held be applied when it comes again.</summary>
    public void Accept() => _isAccepted = _held is not null;

    private sealed record Applied(FeedPosition Position, IReadOnlyList<Refusal> Refusals);
}
