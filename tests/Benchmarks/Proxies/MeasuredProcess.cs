using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Gatehouse.Benchmarks.Proxies;

/// <summary>A process that serves on a port and whose CPU time can be read.</summary>
internal sealed class MeasuredProcess : IDisposable
{
    // USER_HZ, which Linux fixes for /proc.
    private const double TicksPerSecond = 100;

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    private readonly Process _process;

    private MeasuredProcess(string name, int port, Process process)
    {
        Name = name;
        Port = port;
        _process = process;
    }

    public string Name { get; }

    public int Port { get; }

    /// <summary>Starts a process on one core and waits until its port answers.</summary>
    public static MeasuredProcess Start(string name, int core, int port, IReadOnlyDictionary<string, string> environment, params string[] command) =>
        Start(name, core, port, environment, TimeSpan.FromSeconds(30), null, command);

    /// <summary>Starts a process on one core and waits until its port answers.</summary>
    public static MeasuredProcess Start(
        string name, int core, int port, IReadOnlyDictionary<string, string> environment, TimeSpan patience, Action<string>? onLine, params string[] command)
    {
        var start = new ProcessStartInfo("taskset", ["-c", core.ToString(CultureInfo.InvariantCulture), .. command]) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var (key, value) in environment)
            start.Environment[key] = value;
        var process = Process.Start(start)!;
        process.OutputDataReceived += (_, line) => onLine?.Invoke(line.Data ?? "");
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        var measured = new MeasuredProcess(name, port, process);
        for (var i = 0; i < patience / Pause; i++)
        {
            if (process.HasExited)
                throw new InvalidOperationException($"{name} ended with {process.ExitCode}");
            if (Answers(port))
                return measured;
            Thread.Sleep(Pause);
        }
        measured.Dispose();
        throw new TimeoutException($"{name} does not answer on port {port}");
    }

    /// <summary>Processor time used so far, in seconds.</summary>
    public double CpuSeconds()
    {
        var stat = File.ReadAllText($"/proc/{_process.Id}/stat");
        var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
        return (long.Parse(fields[11], CultureInfo.InvariantCulture) + long.Parse(fields[12], CultureInfo.InvariantCulture)) / TicksPerSecond;
    }

    /// <summary>Resident memory in megabytes.</summary>
    public double MemoryMb()
    {
        _process.Refresh();
        return _process.WorkingSet64 / 1048576.0;
    }

    public void Dispose()
    {
        if (!_process.HasExited)
            _process.Kill();
        _process.WaitForExit();
        _process.Dispose();
    }

    public static int FreePort()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)socket.LocalEndPoint!).Port;
    }

    private static bool Answers(int port)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.Connect(IPAddress.Loopback, port);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
