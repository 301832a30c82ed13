using Gatehouse.EndToEnd.Instances;
using Gatehouse.Standalone;
using Gatehouse.Standalone.Postgres;
using Xunit;

namespace Gatehouse.EndToEnd.Postgres;

public sealed class PostgresChoiceTests
{
    private static readonly PostgresBinaries Fifteen = new("/usr/lib/postgresql/15/bin", 15);
    private static readonly PostgresBinaries Seventeen = new("/usr/lib/postgresql/17/bin", 17);

    [Theory]
    [InlineData("postgres (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)", 15)]
    [InlineData("postgres (PostgreSQL) 18beta1", 18)]
    [InlineData("bash: postgres: command not found", null)]
    public void Version_AsPrinted_GivesTheMajor(string printed, int? major) => Assert.Equal(major, PostgresBinaries.MajorOf(printed));

    [Fact]
    public void Choice_WithoutAPin_IsTheFirstFound() => Assert.Same(Seventeen, PostgresInstallation.Choose([Seventeen, Fifteen], null, "/data"));

    [Fact]
    public void Choice_WithAPin_IsThatMajor() => Assert.Same(Fifteen, PostgresInstallation.Choose([Seventeen, Fifteen], 15, "/data"));

    [Fact]
    public void Choice_WithAPinThatIsNotInstalled_SaysWhatToInstall()
    {
        var failure = Assert.Throws<StartupFailure>(() => PostgresInstallation.Choose([Seventeen], 15, "/data"));

        Assert.Contains("apt-get install postgresql-15", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Server_LinkedFromPath_IsFoundWhereItsToolsAre()
    {
        using var directory = new TemporaryDirectory();
        Directory.CreateDirectory(directory.In("real"));
        Directory.CreateDirectory(directory.In("path"));
        await WriteScriptAsync(directory.In("real/postgres"), "echo 'postgres (PostgreSQL) 16.1'");
        await WriteScriptAsync(directory.In("real/initdb"), "true");
        File.CreateSymbolicLink(directory.In("path/postgres"), directory.In("real/postgres"));
        Directory.CreateDirectory(directory.In("dangling"));
        File.CreateSymbolicLink(directory.In("dangling/postgres"), directory.In("gone"));

        var found = await PostgresBinaries.FindAsync([directory.In("dangling"), directory.In("path"), directory.In("real"), directory.In("missing")], CancellationToken.None);

        Assert.Equal(new PostgresBinaries(directory.In("real"), 16), Assert.Single(found));
    }

    [Fact]
    public void Socket_BelowALongPath_LiesElsewhere()
    {
        var longPath = "/tmp/" + new string('x', 100);

        var directory = PostgresSocket.DirectoryFor(longPath, out var isElsewhere);

        Assert.True(isElsewhere);
        Assert.True(PostgresSocket.Fits(directory));
        Assert.Equal("/tmp/short/run", PostgresSocket.DirectoryFor("/tmp/short", out _));
        // 107 bytes with the socket's own name, and not one more.
        Assert.True(PostgresSocket.Fits("/" + new string('x', 92)));
        Assert.False(PostgresSocket.Fits("/" + new string('x', 93)));
    }

    private static async Task WriteScriptAsync(string file, string command)
    {
        await File.WriteAllTextAsync(file, "#!/bin/sh\n" + command + "\n");
        File.SetUnixFileMode(file, (UnixFileMode)0b111_101_101);
    }
}
