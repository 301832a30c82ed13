using System.Collections.Concurrent;
using Gatehouse.Contracts.Feed;
using Gatehouse.DataPlane.Routing;
using Gatehouse.DataPlane.Tests.Harness;
using Xunit;
using static Gatehouse.DataPlane.Tests.Harness.Tables;
using static Gatehouse.DataPlane.Tests.Harness.TlsTables;

namespace Gatehouse.DataPlane.Tests.Tls;

public sealed class ReplacementTests
{
    private const int Replacements = 20;
    private const int Clients = 4;

    [Fact]
    public async Task Certificate_ReplacedTwentyTimesUnderNewConnections_FailsNoneAndShowsTheNewest()
    {
        await using var backend = await TestBackend.StartAsync();
        var first = Numbered(0);
        var listener = Https("one", "shop.test", first);
        await using var gateway = await TlsTables.StartAsync(With([listener], [Backend("v1", backend.Port)], Host("shop.test", Rule([To("v1")]), listener.Id)), first);
        var (newest, failures, served) = (0, new ConcurrentQueue<string>(), 0);
        using var stop = new CancellationTokenSource();
        var clients = Enumerable.Range(0, Clients).Select(_ => Task.Run(async () =>
        {
            while (!stop.IsCancellationRequested)
            {
                var atLeast = Volatile.Read(ref newest);
                try
                {
                    await using var client = await gateway.ConnectAsync("shop.test");
                    var shown = int.Parse(client.Names[1].Split('.')[0][1..], System.Globalization.CultureInfo.InvariantCulture);
                    if (shown < atLeast)
                        failures.Enqueue($"certificate {shown} was shown after {atLeast}");
                    if (!(await client.GetAsync("shop.test")).StartsWith("HTTP/1.1 200", StringComparison.Ordinal))
                        failures.Enqueue("no answer");
                    Interlocked.Increment(ref served);
                }
                catch (Exception failure)
                {
                    failures.Enqueue(failure.ToString());
                }
            }
        })).ToArray();
        for (var i = 1; i <= Replacements; i++)
        {
            var before = Volatile.Read(ref served);
            var next = Numbered(i);
            Assert.Empty(gateway.Tables.Apply([new TableEdit(FeedEntry.Certificates, next.Entry.Key, next.Entry) { Secret = next.Secret }]));
            Volatile.Write(ref newest, i);
            for (var wait = 0; wait < 500 && Volatile.Read(ref served) < before + Clients && failures.IsEmpty; wait++)
                await Task.Delay(10);
        }
        await stop.CancelAsync();
        await Task.WhenAll(clients);
        Assert.Empty(failures);
        Assert.True(served > Replacements * Clients, $"only {served} connections");
        await using var last = await gateway.ConnectAsync("shop.test");
        Assert.Equal($"n{Replacements}.shop.test", last.Names[1]);
    }

    private static TestCertificate Numbered(int number) => TestCertificate.Of("shop", "shop.test", $"n{number}.shop.test");
}
