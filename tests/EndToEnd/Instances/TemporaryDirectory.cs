namespace Gatehouse.EndToEnd.Instances;

/// <summary>A directory that goes with the test. Other accounts may enter it, as Postgres must when the tests run as root.</summary>
internal sealed class TemporaryDirectory : IDisposable
{
    public TemporaryDirectory()
    {
        Path = System.IO.Path.Combine("/tmp", "gh-" + Guid.NewGuid().ToString("N")[..10]);
        Directory.CreateDirectory(Path, (UnixFileMode)0b111_001_001);
    }

    public string Path { get; }

    public string In(string name) => System.IO.Path.Combine(Path, name);

    public void Dispose()
    {
        try
        {
            Directory.Delete(Path, recursive: true);
        }
        catch (IOException)
        {
            // What a killed process still writes is left to the system's own cleaning of /tmp.
        }
    }
}
