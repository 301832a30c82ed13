using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Gatehouse.ServiceDefaults;

namespace Gatehouse.Sync.Kubernetes.Access;

/// <summary>Credentials that a program prints. It runs once at a time, before they expire, and again when the server refuses them.</summary>
internal sealed class ExecCredential(ExecPlugin plugin, StoredCredential stored, KubernetesClientOptions options) : ICredentialSource
{
    /// <summary>After a failure it is not run again for so long: many requests may be waiting.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(5);

    private readonly SemaphoreSlim _gate = new(1);
    private volatile Printed? _current;
    private CredentialException? _failure;
    private long _failedAt;

    /// <inheritdoc />
    public async ValueTask<Credential> GetAsync(Credential? rejected, CancellationToken cancellationToken)
    {
        if (_current is { } current && !IsStale(current, rejected))
            return current.Credential;
        await _gate.WaitAsync(cancellationToken);
        try
        {
            if (_current is { } known && !IsStale(known, rejected))
                return known.Credential;
            if (_failure is { } failure && options.Time.GetElapsedTime(_failedAt) < Pause)
                throw new CredentialException(failure.Message, failure);
            return (_current = await RunAsync(cancellationToken)).Credential;
        }
        catch (CredentialException exception)
        {
            if (_failure is null || options.Time.GetElapsedTime(_failedAt) >= Pause)
                (_failure, _failedAt) = (exception, options.Time.GetTimestamp());
            throw;
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <inheritdoc />
    public void Dispose()
    {
        stored.Dispose();
        _gate.Dispose();
    }

    private bool IsStale(Printed current, Credential? rejected) =>
        ReferenceEquals(current.Credential, rejected) || (current.Expires is { } expires && options.Time.GetUtcNow() >= expires - options.ExpiryMargin);

    private async Task<Printed> RunAsync(CancellationToken cancellationToken)
    {
        // A client certificate of the kubeconfig stays in use beside a token that is printed.
        var beside = await stored.GetAsync(null, cancellationToken);
        var output = await ExecProcess.RunAsync(plugin, options, cancellationToken);
        return Read(output, beside.Certificate);
    }

    private Printed Read(byte[] output, ClientCertificate? beside)
    {
        var answer = Parse(output);
        if (TextOf(answer["kind"]) != "ExecCredential" || TextOf(answer["apiVersion"]) != plugin.ApiVersion)
            throw new CredentialException($"{plugin.Place} printed something else than an ExecCredential of {plugin.ApiVersion}.");
        var status = answer["status"] as JsonObject ?? throw new CredentialException($"{plugin.Place} printed an ExecCredential without status.");

        var token = Secret.OfNullable(TextOf(status["token"]));
        var (chain, key) = (TextOf(status["clientCertificateData"]), Secret.OfNullable(TextOf(status["clientKeyData"])));
        if (string.IsNullOrEmpty(chain) != (key is null))
            throw new CredentialException($"{plugin.Place} printed a client certificate without its key, or the reverse.");
        if (token is null && key is null)
            throw new CredentialException($"{plugin.Place} printed neither a token nor a client certificate.");
        var certificate = key is null ? beside : new ClientCertificate(chain!, key);
        if (key is not null)
            ClientCertificates.Check(certificate!, plugin.Place);
        return new Printed(new Credential(token, certificate), ExpiryOf(status));
    }

    private JsonObject Parse(byte[] output)
    {
        try
        {
            return JsonNode.Parse(output, null, new JsonDocumentOptions { AllowDuplicateProperties = false }) as JsonObject
                ?? throw new CredentialException($"{plugin.Place} printed no JSON object.");
        }
        catch (JsonException)
        {
            // The exception quotes what it met: that may be the token.
            throw new CredentialException($"{plugin.Place} printed no JSON.");
        }
    }

    private DateTimeOffset? ExpiryOf(JsonObject status)
    {
        if (TextOf(status["expirationTimestamp"]) is not { Length: > 0 } text)
            return null;
        return DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var expires)
            ? expires
            : throw new CredentialException($"{plugin.Place} printed an expirationTimestamp that is no time.");
    }

    private static string? TextOf(JsonNode? node) => node is JsonValue value && value.TryGetValue<string>(out var text) ? text : null;

    private sealed record Printed(Credential Credential, DateTimeOffset? Expires);
}
