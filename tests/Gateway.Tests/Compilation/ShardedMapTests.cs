using Gatehouse.Gateway.Compilation.Tables;
using Xunit;

namespace Gatehouse.Gateway.Tests.Compilation;

public sealed class ShardedMapTests
{
    [Fact]
    public void View_LaterChanges_ShowsWhatWasThere()
    {
        var random = new Random(3);
        var map = new ShardedMap<string, int>();
        var model = new Dictionary<string, int>();
        var views = new List<(IReadOnlyDictionary<string, int> View, Dictionary<string, int> Model)>();
        for (var step = 0; step < 20_000; step++)
        {
            var key = $"k{random.Next(5_000)}";
            if (random.Next(3) == 0)
                Assert.Equal(model.Remove(key), map.Remove(key));
            else
                map.Set(key, model[key] = step);
            if (step % 2_500 == 0)
                views.Add((map.View(), new Dictionary<string, int>(model)));
        }
        Assert.Equal(model.Count, map.Count);
        foreach (var (view, expected) in views)
        {
            Assert.Equal(expected.Count, view.Count);
            Assert.Equal(expected.OrderBy(entry => entry.Key), view.OrderBy(entry => entry.Key));
            Assert.All(expected, entry => Assert.Equal(entry.Value, view[entry.Key]));
        }
        Assert.False(views[^1].View.ContainsKey("never"));
    }
}
