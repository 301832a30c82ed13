using System.Collections.Frozen;
using Gatehouse.Gateway.Compilation;
using Gatehouse.Gateway.Status;
using Xunit;

namespace Gatehouse.Gateway.Tests.Compilation;

/// <summary>Whatever the order and grouping of changes, the result is that of a fresh compile, and the deltas add up to it.</summary>
public sealed class IncrementalCompilerPropertyTests
{
    private const int Steps = 60;

    [Fact]
    public void Apply_RandomChanges_EqualsFullCompile()
    {
        for (var seed = 0; seed < 60; seed++)
        {
            var options = new CompilerOptions
            {
                HostnameVerification = seed % 3 != 0,
                Capabilities = TargetCapabilities.DataPlane with { Protocols = seed % 2 == 0 ? TargetCapabilities.DataPlane.Protocols : FrozenSet.Create("HTTP") },
            };
            var world = new RandomWorld(seed);
            var compiler = new IncrementalCompiler(options);
            for (var step = 0; step < Steps; step++)
            {
                compiler.Apply([.. Enumerable.Range(0, 1 + (step % 3)).Select(_ => world.Next())]);
                if (step % 7 == 0 || step == Steps - 1)
                    AssertSame(Compiler.Compile(world.Present, options), compiler.Snapshot, $"seed {seed}, step {step}");
            }
        }
    }

    [Fact]
    public void Compile_PermutedInputs_GivesTheSame()
    {
        for (var seed = 0; seed < 40; seed++)
        {
            var world = Grown(1000 + seed);
            var shuffled = world.Present.ToArray();
            new Random(seed).Shuffle(shuffled);
            AssertSame(Compiler.Compile(world.Present, new CompilerOptions()), Compiler.Compile(shuffled, new CompilerOptions()), $"seed {seed}");
        }
    }

    [Fact]
    public void Apply_Deltas_AddUpToTheSnapshot()
    {
        for (var seed = 0; seed < 40; seed++)
        {
            var world = new RandomWorld(2000 + seed);
            var compiler = new IncrementalCompiler(new CompilerOptions { HostnameVerification = false });
            var mirror = new Mirror();
            for (var step = 0; step < Steps; step++)
            {
                mirror.Apply(compiler.Apply([world.Next()]));
                mirror.AssertEquals(compiler.Snapshot);
            }
        }
    }

    [Fact]
    public void Snapshot_LaterChanges_DoNotShow()
    {
        var world = Grown(7);
        var compiler = new IncrementalCompiler(new CompilerOptions());
        compiler.Apply([.. world.Present]);
        var held = compiler.Snapshot;
        var before = SnapshotJson.Write(held);
        for (var step = 0; step < Steps; step++)
            compiler.Apply([world.Next()]);
        Assert.Equal(before, SnapshotJson.Write(held));
        Assert.NotEqual(before, SnapshotJson.Write(compiler.Snapshot));
    }

    [Fact]
    public void Apply_SameObjectsAgain_ChangesNothing()
    {
        var world = Grown(11);
        var compiler = new IncrementalCompiler(new CompilerOptions());
        compiler.Apply([.. world.Present]);
        var delta = compiler.Apply([.. world.Present]);
        Assert.Empty(delta.Pools);
        Assert.Empty(delta.ChangedStatuses);
        Assert.Empty(delta.RemovedStatuses);
    }

    private static RandomWorld Grown(int seed)
    {
        var world = new RandomWorld(seed);
        for (var step = 0; step < Steps * 2; step++)
            world.Next();
        return world;
    }

    private static void AssertSame(Snapshot expected, Snapshot actual, string where)
    {
        Assert.True(SnapshotJson.Write(expected) == SnapshotJson.Write(actual), where + "\n" + FirstDifference(SnapshotJson.Write(expected), SnapshotJson.Write(actual)));
        Assert.Equal(expected.Pools.ToDictionary(pool => pool.Key, pool => pool.Value.Hash), actual.Pools.ToDictionary(pool => pool.Key, pool => pool.Value.Hash));
    }

    private static string FirstDifference(string expected, string actual)
    {
        var at = 0;
        while (at < Math.Min(expected.Length, actual.Length) && expected[at] == actual[at])
            at++;
        string Around(string text) => text[Math.Max(0, at - 600)..Math.Min(text.Length, at + 300)];
        return $"expected … {Around(expected)}\nactual … {Around(actual)}";
    }

    /// <summary>Keeps what a reader of the deltas would keep.</summary>
    private sealed class Mirror
    {
        private readonly Dictionary<string, Dictionary<(string Table, string Key), (byte[] Payload, UInt128 Hash)>> _pools = [];
        private readonly Dictionary<string, ResourceStatus> _statuses = [];

        public void Apply(CompileDelta delta)
        {
            foreach (var (pool, changes) in delta.Pools)
            {
                if (!_pools.TryGetValue(pool, out var entries))
                    _pools[pool] = entries = [];
                foreach (var change in changes)
                {
                    if (change.Payload.IsEmpty)
                        Assert.True(entries.Remove((change.Table, change.Key)));
                    else
                        entries[(change.Table, change.Key)] = (change.Payload.ToArray(), change.Hash);
                }
            }
            foreach (var status in delta.ChangedStatuses)
                _statuses[status.Key.ToString()] = status;
            foreach (var key in delta.RemovedStatuses)
                Assert.True(_statuses.Remove(key.ToString()));
        }

        public void AssertEquals(Snapshot snapshot)
        {
            foreach (var (name, pool) in snapshot.Pools)
            {
                var entries = _pools.GetValueOrDefault(name, []);
                Assert.Equal(pool.Count, entries.Count);
                var hash = UInt128.Zero;
                foreach (var ((table, key), entry) in entries)
                {
                    Assert.Equal(TableHash.Of(table, key, entry.Payload), entry.Hash);
                    hash = unchecked(hash + entry.Hash);
                }
                Assert.Equal(pool.Hash, hash);
                foreach (var host in pool.Table.Hosts.Values)
                    Assert.Equal(TableHash.Payload(host), entries[(TableHash.Hosts, host.Key)].Payload);
            }
            Assert.Equal(snapshot.Statuses.Count, _statuses.Count);
            foreach (var status in snapshot.Statuses.Values)
                Assert.Same(status, _statuses[status.Key.ToString()]);
        }
    }
}
