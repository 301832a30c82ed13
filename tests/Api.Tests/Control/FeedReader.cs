using System.Globalization;
using System.Text.Json;
using Gatehouse.Contracts.Feed;
using Gatehouse.Gateway.Compilation;
using Gatehouse.Gateway.Matching;

namespace Gatehouse.Api.Tests.Control;

/// <summary>Reads the feed as a data plane does: entries count once their commit came, and the hash must hold then.</summary>
public sealed class FeedReader : IAsyncDisposable
{
    private readonly Dictionary<(string Table, string Key), UInt128> _entries;
    private HttpResponseMessage? _response;
    private StreamReader? _lines;

    public FeedReader(FeedReader? before = null)
    {
        _entries = before is null ? [] : new(before._entries);
        Revision = before?.Revision ?? 0;
    }

    public long Revision { get; private set; }

    public int Count => _entries.Count;

    public int Lines { get; private set; }

    public int LongestLine { get; private set; }

    public string Hash => TableHash.Format(_entries.Values.Aggregate(UInt128.Zero, (sum, hash) => unchecked(sum + hash)));

    public bool Has(string table, string key) => _entries.ContainsKey((table, key));

    public async Task ConnectAsync(ControlProcess control, string? hash = null, string? schema = null)
    {
        var query = string.Create(CultureInfo.InvariantCulture, $"/internal/v1/feed?since={Revision}&hash={hash ?? Hash}&schema={schema ?? MatchTableJson.SchemaVersion.ToString(CultureInfo.InvariantCulture)}&compiler={Compiler.Version}");
        _response = await control.Client.GetAsync(query, HttpCompletionOption.ResponseHeadersRead);
        _response.EnsureSuccessStatusCode();
        _lines = new StreamReader(await _response.Content.ReadAsStreamAsync());
    }

    /// <summary>Reads until a commit and says what it was.</summary>
    public async Task<FeedChange> ReadChangeAsync(TimeSpan? timeout = null)
    {
        using var limit = new CancellationTokenSource(timeout ?? TimeSpan.FromSeconds(15));
        FeedFrame? begin = null;
        var entries = new List<FeedEntry>();
        while (true)
        {
            var frame = await ReadFrameAsync(limit.Token);
            switch (frame.Type)
            {
                case FeedFrame.Begin:
                    begin = frame;
                    break;
                case FeedFrame.Data:
                    entries.AddRange(frame.Entries!);
                    break;
                case FeedFrame.Commit:
                    Apply(begin!, entries, frame);
                    return new FeedChange(begin!.Snapshot == true, begin.Revision!.Value, frame.Revision!.Value, entries, frame.Explained);
            }
        }
    }

    /// <summary>Reads changes until a revision holds.</summary>
    public async Task<FeedChange> ReadUntilAsync(long revision)
    {
        FeedChange change;
        do
            change = await ReadChangeAsync();
        while (change.Revision < revision);
        return change;
    }

    public async Task<FeedFrame> ReadFrameAsync(CancellationToken cancellationToken)
    {
        var line = await _lines!.ReadLineAsync(cancellationToken) ?? throw new EndOfStreamException();
        Lines++;
        LongestLine = Math.Max(LongestLine, line.Length);
        return JsonSerializer.Deserialize<FeedFrame>(line, JsonSerializerOptions.Web)!;
    }

    public Acknowledgement Acknowledgement(string replica = "r1") => new()
    {
        Replica = replica,
        Pool = "default",
        Version = "1",
        StartedAt = DateTimeOffset.UnixEpoch,
        AppliedRevision = Revision,
        AppliedHash = Hash,
    };

    public ValueTask DisposeAsync()
    {
        _lines?.Dispose();
        _response?.Dispose();
        return ValueTask.CompletedTask;
    }

    private void Apply(FeedFrame begin, List<FeedEntry> entries, FeedFrame commit)
    {
        if (begin.Snapshot == true)
            _entries.Clear();
        foreach (var entry in entries)
        {
            if (entry.Value is { } value)
                _entries[(entry.Table, entry.Key)] = TableHash.Of(entry.Table, entry.Key, System.Text.Encoding.UTF8.GetBytes(value.GetRawText()));
            else
                _entries.Remove((entry.Table, entry.Key));
        }

        Xunit.Assert.Equal(commit.Hash, Hash);
        Xunit.Assert.Equal(commit.Count, Count);
        Revision = commit.Revision!.Value;
    }
}

/// <summary>A change that was read.</summary>
public sealed record FeedChange(bool Snapshot, long From, long Revision, IReadOnlyList<FeedEntry> Entries, bool? Explained);
