using System.Buffers.Text;
using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using System.Text.RegularExpressions;
using Gatehouse.Testing.Acme;
using Gatehouse.Testing.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Gatehouse.EndToEnd.Certificates;

/// <summary>Where a request is held.</summary>
internal enum Held
{
    /// <summary>The authority has not got it yet.</summary>
    Before,

    /// <summary>The authority has done it, and its answer is kept back.</summary>
    After,
}

/// <summary>Stands before a certificate authority: counts what each name is asked for, and holds requests of one kind for one name.</summary>
internal sealed partial class AuthorityRelay : IAsyncDisposable
{
    public const string Account = "sign-me-up";
    public const string Order = "order-plz";
    public const string Challenge = "chalZ";
    public const string Finalize = "finalize-order";
    public const string Certificate = "certZ";

    private readonly int port = FreePort.Next();
    private readonly WebApplication app;
    private readonly HttpClient http;
    private readonly Uri authority;
    private readonly ConcurrentDictionary<string, string> names = new();
    private readonly ConcurrentDictionary<(string Kind, string Name), int> done = new();
    private readonly ConcurrentDictionary<(string Kind, string Name), Hold> holds = new();

    private AuthorityRelay(PebbleServer pebble)
    {
        http = pebble.CreateHttp();
        authority = pebble.DirectoryUrl;
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256);
        var alternatives = new SubjectAlternativeNameBuilder();
        alternatives.AddDnsName("localhost");
        request.CertificateExtensions.Add(alternatives.Build());
        var certificate = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(30));
        TrustedRoots = [X509CertificateLoader.LoadCertificate(certificate.RawData)];
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, port, listen => listen.UseHttps(certificate)));
        app = builder.Build();
        app.Run(RelayAsync);
    }

    public Uri DirectoryUrl => new(string.Create(CultureInfo.InvariantCulture, $"https://localhost:{port}/dir"));

    public X509Certificate2Collection TrustedRoots { get; }

    public static async Task<AuthorityRelay> StartAsync(PebbleServer pebble)
    {
        var relay = new AuthorityRelay(pebble);
        await relay.app.StartAsync();
        return relay;
    }

    /// <summary>How many requests of a kind the authority granted for a name; new accounts are nobody's.</summary>
    public int Count(string kind, string name = "") => done.GetValueOrDefault((kind, name));

    /// <summary>Holds requests of a kind for a name from now on.</summary>
    public void HoldAt(Held when, string kind, string name = "") => holds[(kind, name)] = new Hold(when);

    /// <summary>Waits until a request is held.</summary>
    public Task WaitUntilHeldAsync(string kind, string name = "", int seconds = 30) => holds[(kind, name)].Reached.Task.WaitAsync(TimeSpan.FromSeconds(seconds));

    /// <summary>Ends all that is held as the network does, and holds nothing more.</summary>
    public void Drop()
    {
        foreach (var key in holds.Keys)
        {
            if (holds.TryRemove(key, out var hold))
                hold.Release.TrySetResult(false);
        }
    }

    /// <summary>Lets go on what is held, and holds nothing more.</summary>
    public void Let(string kind, string name = "")
    {
        if (holds.TryRemove((kind, name), out var hold))
            hold.Release.TrySetResult(true);
    }

    public async ValueTask DisposeAsync()
    {
        Drop();
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(1));
        await app.StopAsync(patience.Token);
        await app.DisposeAsync();
        http.Dispose();
    }

    private async Task RelayAsync(HttpContext context)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body, context.RequestAborted);
        var path = context.Request.Path.Value!;
        var kind = path.Split('/')[1];
        var name = kind == Order ? OrderedName(body.ToArray()) : names.GetValueOrDefault(path, "");
        if (!await PassAsync(context, Held.Before, kind, name))
            return;
        using var request = new HttpRequestMessage(new HttpMethod(context.Request.Method), new Uri(authority, path));
        // The authority's addresses are then this relay's, and signatures cover them.
        request.Headers.Host = context.Request.Host.Value;
        request.Headers.TryAddWithoutValidation("User-Agent", context.Request.Headers.UserAgent.ToString());
        if (body.Length > 0)
        {
            request.Content = new ByteArrayContent(body.ToArray());
            request.Content.Headers.TryAddWithoutValidation("Content-Type", context.Request.ContentType);
        }
        HttpResponseMessage answer;
        try
        {
            answer = await http.SendAsync(request, CancellationToken.None);
        }
        catch (HttpRequestException)
        {
            context.Abort();
            return;
        }
        using (answer)
        {
            // A refused nonce is asked again at once.
            if (answer.IsSuccessStatusCode)
                done.AddOrUpdate((kind, name), 1, (_, before) => before + 1);
            var text = await answer.Content.ReadAsByteArrayAsync(CancellationToken.None);
            if (kind is not ("dir" or Account))
                Learn(name, answer.Headers.Location?.OriginalString + "\"" + System.Text.Encoding.Latin1.GetString(text));
            if (answer.IsSuccessStatusCode && !await PassAsync(context, Held.After, kind, name))
                return;
            context.Response.StatusCode = (int)answer.StatusCode;
            foreach (var (header, values) in answer.Headers.Concat(answer.Content.Headers).Where(header => header.Key is not ("Content-Length" or "Transfer-Encoding")))
                context.Response.Headers[header] = values.ToArray();
            await context.Response.Body.WriteAsync(text, context.RequestAborted);
        }
    }

    private async Task<bool> PassAsync(HttpContext context, Held when, string kind, string name)
    {
        if (!holds.TryGetValue((kind, name), out var hold) || hold.When != when)
            return true;
        hold.Reached.TrySetResult();
        var gone = Task.Delay(Timeout.Infinite, context.RequestAborted);
        if (await Task.WhenAny(hold.Release.Task, gone) == hold.Release.Task && await hold.Release.Task)
            return true;
        context.Abort();
        return false;
    }

    private void Learn(string name, string text)
    {
        if (name.Length == 0)
            return;
        foreach (var path in PathPattern().Matches(text).Select(match => match.Groups[1].Value))
            names.TryAdd(path, name);
    }

    private static string OrderedName(byte[] jws)
    {
        var payload = JsonSerializer.Deserialize<JsonElement>(jws).GetProperty("payload").GetString()!;
        return JsonSerializer.Deserialize<JsonElement>(Base64Url.DecodeFromChars(payload)).GetProperty("identifiers")[0].GetProperty("value").GetString()!;
    }

    [GeneratedRegex("https://localhost:[0-9]+(/[^\"]+)\"")]
    private static partial Regex PathPattern();

    private sealed class Hold(Held when)
    {
        public Held When => when;

        public TaskCompletionSource Reached { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public TaskCompletionSource<bool> Release { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
