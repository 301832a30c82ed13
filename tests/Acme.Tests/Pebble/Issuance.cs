using System.Security.Cryptography.X509Certificates;
using Gatehouse.Testing.Acme;
using Xunit;

namespace Gatehouse.Acme.Tests.Pebble;

/// <summary>An account with a pebble, and the steps from names to a certificate.</summary>
internal sealed class Issuance : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly PebbleServer _pebble;

    public Issuance(PebbleServer pebble)
    {
        _pebble = pebble;
        Http = AcmeHttp.Create(pebble.TrustedRoots);
        Key = AcmeKey.Generate();
        Client = new AcmeClient(Http, pebble.DirectoryUrl, Key);
    }

    public HttpClient Http { get; }

    public AcmeKey Key { get; }

    public AcmeClient Client { get; }

    public static async Task<Issuance> StartAsync(PebbleServer pebble)
    {
        var issuance = new Issuance(pebble);
        await issuance.Client.EnsureAccountAsync(["mailto:ops@example.com"], null);
        return issuance;
    }

    /// <summary>Answers every pending authorization by one type of challenge.</summary>
    public async Task AuthorizeAsync(AcmeOrder order, string type)
    {
        foreach (var url in order.Authorizations)
        {
            var authorization = await Client.GetAuthorizationAsync(url);
            if (authorization.Status is AcmeAuthorizationStatus.Valid)
                continue;
            var challenge = authorization.Challenge(type)!;
            if (type is AcmeChallengeTypes.Dns01)
                await _pebble.Challenges.AddTextAsync($"_acme-challenge.{authorization.Name}", Client.Key.Dns01Value(challenge.Token));
            else if (type is AcmeChallengeTypes.TlsAlpn01)
                await _pebble.Challenges.AddTlsAlpn01Async(authorization.Name, Client.Key.KeyAuthorization(challenge.Token));
            else
                await _pebble.Challenges.AddHttp01Async(challenge.Token, Client.Key.KeyAuthorization(challenge.Token));
            await Client.RespondAsync(challenge);
            var valid = await Client.WaitForAuthorizationAsync(url, Patience);
            Assert.Equal(AcmeAuthorizationStatus.Valid, valid.Status);
        }
    }

    /// <summary>All of it.</summary>
    public async Task<Issued> IssueAsync(
        string[] names, string type = AcmeChallengeTypes.Http01, CertificateKeyKind kind = CertificateKeyKind.EcdsaP256, string? replaces = null, string? root = null)
    {
        var order = await Client.NewOrderAsync(names, replaces);
        await AuthorizeAsync(order, type);
        order = await Client.WaitForOrderAsync(order.Url, [AcmeOrderStatus.Ready], Patience);
        var key = CertificateKey.Create(kind);
        await Client.FinalizeAsync(order, key.Csr(names));
        order = await Client.WaitForOrderAsync(order.Url, [AcmeOrderStatus.Valid], Patience);
        return new Issued(await Client.DownloadAsync(order.Certificate!, root), key);
    }

    public void Dispose()
    {
        Http.Dispose();
        Client.Key.Dispose();
        Key.Dispose();
    }
}

/// <summary>A certificate and its key.</summary>
internal sealed record Issued(AcmeChain Chain, CertificateKey Key)
{
    public X509Certificate2 Leaf { get; } = X509Certificate2.CreateFromPem(Chain.Pem);

    public IReadOnlyList<string> Names => [.. Leaf.Extensions.OfType<X509SubjectAlternativeNameExtension>().Single().EnumerateDnsNames().Order(StringComparer.Ordinal)];

    /// <summary>Whether a client that trusts only a root takes the chain.</summary>
    public bool IsTrustedBy(X509Certificate2 root)
    {
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.CustomTrustStore.Add(root);
        chain.ChainPolicy.ExtraStore.ImportFromPem(Chain.Pem);
        return chain.Build(Leaf);
    }
}
