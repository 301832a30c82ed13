using System.Diagnostics;

namespace Gatehouse.Testing.Acme;

/// <summary>A program that ends with this process, even if that is killed: a shell waits for the end of its standard input and stops it.</summary>
internal sealed class ChildProgram(string program, IReadOnlyList<string> arguments, IReadOnlyDictionary<string, string> environment, string log)
{
    private const string Script = "log=$1; shift; \"$@\" >>\"$log\" 2>&1 <&- & pid=$!; cat >/dev/null; kill $pid; wait $pid";

    private Process? _process;

    /// <summary>What it has written.</summary>
    public string Log => File.Exists(log) ? File.ReadAllText(log) : "";

    /// <summary>The program's path: what a variable names, or what lies beside that, or what the path has.</summary>
    /// <param name="name">Its name.</param>
    /// <exception cref="InvalidOperationException">It is not installed.</exception>
    public static string Find(string name)
    {
        var named = Environment.GetEnvironmentVariable("GATEHOUSE_TEST_PEBBLE");
        var folders = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':', StringSplitOptions.RemoveEmptyEntries);
        if (!string.IsNullOrEmpty(named))
            folders = [Path.GetDirectoryName(Path.GetFullPath(named))!, .. folders];
        return folders.Select(folder => Path.Combine(folder, name)).FirstOrDefault(File.Exists)
            ?? throw new InvalidOperationException($"{name} was not found: install Debian's package pebble (apt-get install pebble), or set GATEHOUSE_TEST_PEBBLE to the path of pebble.");
    }

    /// <summary>What a program says of its options.</summary>
    public static string Help(string program)
    {
        using var help = Process.Start(new ProcessStartInfo(program, ["-help"]) { RedirectStandardError = true })!;
        return help.StandardError.ReadToEnd();
    }

    public void Start()
    {
        var start = new ProcessStartInfo("sh", ["-c", Script, "sh", log, program, .. arguments]) { RedirectStandardInput = true };
        foreach (var (name, value) in environment)
            start.Environment[name] = value;
        _process = Process.Start(start)!;
    }

    public async Task StopAsync()
    {
        if (_process is not { } process)
            return;
        process.StandardInput.Close();
        await process.WaitForExitAsync();
        process.Dispose();
        _process = null;
    }
}
