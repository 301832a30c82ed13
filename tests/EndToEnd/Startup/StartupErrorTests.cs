using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Gatehouse.EndToEnd.Instances;
using Gatehouse.Testing.Net;
using Xunit;

namespace Gatehouse.EndToEnd.Startup;

/// <summary>What a user can mend is said in one line, with an exit code that is not zero.</summary>
public sealed class StartupErrorTests : IDisposable
{
    private readonly TemporaryDirectory directory = new();

    [Theory]
    [InlineData("--api", "ftp://127.0.0.1:1", "not a URL to listen on")]
    [InlineData("--portal", "http://example.com:5081", "not a URL to listen on")]
    [InlineData("--publish", "80:99999", "is not LISTENER-PORT:BOUND-PORT")]
    [InlineData("--publish", "80:8080,81:8080", "names a port twice")]
    [InlineData("--bind", "localhost", "is not an IP address")]
    [InlineData("--admin-token", "short", "16 to 256")]
    [InlineData("--base-domain", "Apps_localhost", "is not a DNS name")]
    [InlineData("--hostname-verification", "maybe", "neither required nor off")]
    [InlineData("--unknown-sni", "maybe", "neither refuse nor neutral")]
    [InlineData("--backend-allow", "10.0.0.0/99", "is not an address range")]
    [InlineData("--database", "no connection string", "is not a connection string")]
    [InlineData("--no-such-option", "1", "--no-such-option")]
    public async Task Up_WithABadOption_SaysWhichAndWhatIsRight(string option, string value, string expected) =>
        await AssertOneLineAsync([option, value], expected);

    [Theory]
    [InlineData("GATEHOUSE_API", "nowhere")]
    [InlineData("GATEHOUSE_PUBLISH", "80")]
    [InlineData("GATEHOUSE_HOSTNAME_VERIFICATION", "on")]
    public async Task Up_WithABadVariable_NamesTheVariable(string variable, string value)
    {
        var (code, _, errors) = await StandaloneRun.CompleteAsync(["up", "--data-dir", directory.In("data")], new Dictionary<string, string> { [variable] = value });

        Assert.NotEqual(0, code);
        Assert.Contains(variable, Assert.Single(Lines(errors)), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--api")]
    [InlineData("--portal")]
    [InlineData("--publish")]
    public async Task Up_WithAPortInUse_NamesPortAndOption(string option)
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var port = ((IPEndPoint)taken.LocalEndpoint).Port.ToString(CultureInfo.InvariantCulture);

        await AssertOneLineAsync([option, option == "--publish" ? $"80:{port}" : $"http://127.0.0.1:{port}"], $":{port} is in use", option);
    }

    [Fact]
    public async Task Up_WithADataDirectoryThatCannotBeWritten_SaysSo()
    {
        var (code, _, errors) = await StandaloneRun.CompleteAsync(["up", "--data-dir", "/proc/gatehouse"]);

        Assert.NotEqual(0, code);
        Assert.Contains("cannot write the data directory /proc/gatehouse", Assert.Single(Lines(errors)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Up_WithADatabaseThatIsAway_SaysWhere() =>
        await AssertOneLineAsync(["--database", $"Host=127.0.0.1;Port={FreePort.Next()};Username=u;Password=hidden-password;Database=d"], "cannot reach Postgres at 127.0.0.1", "--database");

    [Fact]
    public async Task Up_AsRootInAClosedDirectory_NamesTheDirectory()
    {
        if (Environment.UserName != "root")
            return;
        var closed = directory.In("closed");
        Directory.CreateDirectory(closed, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);

        await AssertOneLineAsync(["--data-dir", closed], $"cannot enter {closed}", "chmod o+x");
    }

    [Fact]
    public async Task Up_OnADataDirectoryOfAnotherMajorVersion_SaysWhichToInstall()
    {
        Directory.CreateDirectory(directory.In("data"), (UnixFileMode)0b111_001_001);
        Directory.CreateDirectory(directory.In("data/postgres"));
        await File.WriteAllTextAsync(directory.In("data/postgres/PG_VERSION"), "9\n");

        await AssertOneLineAsync([], "was made by PostgreSQL 9", "postgresql-9");
    }

    public void Dispose() => directory.Dispose();

    private async Task AssertOneLineAsync(string[] options, params string[] expected)
    {
        string[] free =
        [
            "up", "--data-dir", directory.In("data"), "--api", $"http://127.0.0.1:{FreePort.Next()}", "--portal", $"http://127.0.0.1:{FreePort.Next()}",
            "--publish", $"80:{FreePort.Next()}",
        ];
        var given = options.Where(option => option.StartsWith("--", StringComparison.Ordinal)).ToHashSet(StringComparer.Ordinal);
        var kept = free.Skip(1).Chunk(2).Where(pair => !given.Contains(pair[0])).SelectMany(pair => pair);
        var (code, _, errors) = await StandaloneRun.CompleteAsync([free[0], .. kept, .. options]);

        Assert.NotEqual(0, code);
        var line = Assert.Single(Lines(errors));
        Assert.All(expected, text => Assert.Contains(text, line, StringComparison.Ordinal));
        Assert.DoesNotContain("hidden-password", errors, StringComparison.Ordinal);
    }

    private static string[] Lines(string text) => text.Split('\n', StringSplitOptions.RemoveEmptyEntries);
}
