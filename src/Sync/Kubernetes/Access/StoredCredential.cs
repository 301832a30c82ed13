using Gatehouse.ServiceDefaults;

namespace Gatehouse.Sync.Kubernetes.Access;

/// <summary>A token and a client certificate that are given or lie in files. Files are read again now and then; while one cannot be read, what was read before stays.</summary>
internal sealed class StoredCredential(TextSource? token, TextSource? certificate, TextSource? key, string place, KubernetesClientOptions options) : ICredentialSource
{
    private readonly SemaphoreSlim _gate = new(1);
    private volatile Credential? _current;
    private long _readAt;

    /// <summary>Whether there is a token.</summary>
    public bool HasToken => token is not null;

    private bool Changes => token is { IsFile: true } || certificate is { IsFile: true } || key is { IsFile: true };

    /// <inheritdoc />
    public async ValueTask<Credential> GetAsync(Credential? rejected, CancellationToken cancellationToken)
    {
        if (_current is { } current && !IsStale(current, rejected))
            return current;
        await _gate.WaitAsync(cancellationToken);
        try
        {
            if (_current is { } known && !IsStale(known, rejected))
                return known;
            return _current = await RenewAsync(_current, cancellationToken);
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <inheritdoc />
    public void Dispose() => _gate.Dispose();

    private bool IsStale(Credential current, Credential? rejected) =>
        Changes && (ReferenceEquals(current, rejected) || options.Time.GetElapsedTime(Volatile.Read(ref _readAt)) >= options.FileLifetime);

    private async Task<Credential> RenewAsync(Credential? previous, CancellationToken cancellationToken)
    {
        try
        {
            var read = new Credential(
                token is null ? null : Secret.OfNullable((await token.ReadAsync(cancellationToken)).Trim()),
                await ReadCertificateAsync(cancellationToken));
            return previous is not null && previous.IsSameAs(read) ? previous : read;
        }
        catch (CredentialException) when (previous is not null)
        {
            return previous;
        }
        finally
        {
            Volatile.Write(ref _readAt, options.Time.GetTimestamp());
        }
    }

    private async Task<ClientCertificate?> ReadCertificateAsync(CancellationToken cancellationToken)
    {
        if (certificate is null && key is null)
            return null;
        if (certificate is null || key is null)
            throw new CredentialException($"{place} has a client certificate without its key, or the reverse: give client-certificate and client-key.");
        var read = new ClientCertificate(await certificate.ReadAsync(cancellationToken), new Secret(await key.ReadAsync(cancellationToken)));
        ClientCertificates.Check(read, place);
        return read;
    }
}
