using Gatehouse.Gateway.Matching;
using Xunit;

namespace Gatehouse.Gateway.Tests.Matching;

public sealed class ListenerIndexTests
{
    private static readonly SocketKey Default80 = new("", 80);

    [Theory]
    [InlineData("a.b.example.com", "exact")]
    [InlineData("c.b.example.com", "long")]
    [InlineData("d.c.b.example.com", "long")]
    [InlineData("b.example.com", "short")]
    [InlineData("example.com", "any")]
    [InlineData("other.test", "any")]
    public void Listener_ByHostname_MostSpecificWins(string host, string expected)
    {
        var index = IndexOf(
            Listener("any", null), Listener("short", "*.example.com"), Listener("long", "*.b.example.com"), Listener("exact", "a.b.example.com"));
        Assert.True(index.TryFind(Default80, host, out var listener));
        Assert.Equal(expected, listener.Entry.Id);
    }

    [Fact]
    public void Listener_OnOtherSocket_IsNotFound()
    {
        var index = IndexOf(Listener("own", null) with { Addresses = ["10.0.0.1"] }, Listener("tls", null) with { Port = 443 });
        Assert.False(index.TryFind(Default80, "a.test", out _));
        Assert.True(index.TryFind(new SocketKey("10.0.0.1", 80), "a.test", out var own));
        Assert.Equal("own", own.Entry.Id);
        Assert.True(index.TryFind(new SocketKey("", 443), "a.test", out _));
    }

    [Fact]
    public void Hosts_OfListener_AreWalkedFromExactToAny()
    {
        var builder = ListenerIndex.Empty<string>().ToBuilder();
        builder.SetHost("l", "*", "any");
        builder.SetHost("l", "*.example.com", "wildcard");
        builder.SetHost("l", "a.example.com", "exact");
        builder.SetListener(Listener("l", null));
        Assert.True(builder.Build().TryFind(Default80, "a.example.com", out var listener));
        var seen = new List<string>();
        foreach (var host in listener.Hosts.Candidates("a.example.com"))
            seen.Add(host);
        Assert.Equal(["exact", "wildcard", "any"], seen);
    }

    [Fact]
    public void Index_Changed_LeavesTheOldOneAsItWas()
    {
        var old = IndexOf(Listener("a", "a.test"), Listener("b", "b.test"));
        var change = old.ToBuilder();
        change.RemoveListener("a");
        change.SetListener(Listener("b", "c.test"));
        var changed = change.Build();
        Assert.True(old.TryFind(Default80, "a.test", out _) && old.TryFind(Default80, "b.test", out _));
        Assert.False(changed.TryFind(Default80, "a.test", out _) || changed.TryFind(Default80, "b.test", out _));
        Assert.True(changed.TryFind(Default80, "c.test", out _));
    }

    [Fact]
    public void Listener_RemovedAndBack_KeepsItsHosts()
    {
        var start = IndexOf(Listener("a", "a.test")).ToBuilder();
        start.SetHost("a", "a.test", "host");
        var without = start.Build().ToBuilder();
        without.RemoveListener("a");
        var gone = without.Build();
        Assert.Empty(gone.Sockets);
        var back = gone.ToBuilder();
        back.SetListener(Listener("a", "a.test"));
        Assert.True(back.Build().TryFind(Default80, "a.test", out var listener));
        Assert.True(listener.Hosts.TryFind("a.test", out _));
    }

    /// <summary>A long history of random changes leads to the same index as building the result at once.</summary>
    [Fact]
    public void Index_AfterRandomChanges_EqualsFreshOne()
    {
        var random = new Random(3);
        var model = new Dictionary<string, ListenerEntry>();
        var index = ListenerIndex.Empty<string>();
        for (var round = 0; round < 300; round++)
        {
            var builder = index.ToBuilder();
            for (var i = random.Next(1, 30); i > 0; i--)
            {
                var id = $"l{random.Next(400)}";
                if (random.Next(3) == 0)
                {
                    builder.RemoveListener(id);
                    model.Remove(id);
                }
                else
                    builder.SetListener(model[id] = Listener(id, random.Next(4) switch { 0 => null, 1 => $"*.{random.Next(9)}.test", _ => $"{random.Next(500)}.{random.Next(9)}.test" }));
            }
            index = builder.Build();
        }
        var fresh = IndexOf([.. model.Values]);
        for (var i = 0; i < 5_000; i++)
        {
            var host = $"{random.Next(500)}.{random.Next(9)}.test";
            fresh.TryFind(Default80, host, out var expected);
            index.TryFind(Default80, host, out var actual);
            Assert.Equal(expected?.Entry.Id, actual?.Entry.Id);
        }
        Assert.Equal(model.Count, index.Listeners.Count());
    }

    private static ListenerIndex<string> IndexOf(params ListenerEntry[] listeners)
    {
        var builder = ListenerIndex.Empty<string>().ToBuilder();
        foreach (var listener in listeners)
            builder.SetListener(listener);
        return builder.Build();
    }

    private static ListenerEntry Listener(string id, string? hostname) =>
        new() { Id = id, Tenant = "shop", Gateway = "shop/main", Port = 80, Protocol = "HTTP", Hostname = hostname };
}
