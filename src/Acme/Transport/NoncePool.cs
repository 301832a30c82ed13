namespace Gatehouse.Acme.Transport;

/// <summary>Nonces that answers brought and no request has used (RFC 8555 section 6.5): the freshest goes first, the stalest is dropped.</summary>
internal sealed class NoncePool
{
    private const int Capacity = 32;
    private const int MaxLength = 512;

    private readonly Lock _gate = new();
    private readonly LinkedList<string> _nonces = [];

    /// <summary>Whether a header's value can be a nonce; any other is ignored.</summary>
    public static bool IsNonce(string? text) =>
        text is { Length: > 0 and <= MaxLength } && text.All(character => char.IsAsciiLetterOrDigit(character) || character is '-' or '_');

    public void Add(string? nonce)
    {
        if (nonce is null)
            return;
        lock (_gate)
        {
            _nonces.AddLast(nonce);
            if (_nonces.Count > Capacity)
                _nonces.RemoveFirst();
        }
    }

    public string? Take()
    {
        lock (_gate)
        {
            if (_nonces.Last is not { } freshest)
                return null;
            _nonces.RemoveLast();
            return freshest.Value;
        }
    }
}
