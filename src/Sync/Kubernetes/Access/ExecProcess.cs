using System.ComponentModel;
using System.Diagnostics;

namespace Gatehouse.Sync.Kubernetes.Access;

/// <summary>Runs an exec plugin, bounded in time and output.</summary>
internal static class ExecProcess
{
    /// <summary>Variables of the worker that are none of a plugin's business: its database, its keys.</summary>
    private static readonly string[] Withheld = ["GATEHOUSE_", "ConnectionStrings_", "PGPASS"];

    /// <summary>What it prints.</summary>
    /// <exception cref="CredentialException">It failed. What it printed is not part of the message: it may hold secrets.</exception>
    public static async Task<byte[]> RunAsync(ExecPlugin plugin, KubernetesClientOptions options, CancellationToken cancellationToken)
    {
        using var process = Start(plugin, await plugin.DescribeAsync(cancellationToken));
        using var timeout = new CancellationTokenSource(options.ExecTimeout, options.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        try
        {
            process.StandardInput.Close();
            var errors = DrainAsync(process.StandardError.BaseStream, either.Token);
            var output = await ReadAsync(process.StandardOutput.BaseStream, options.ExecOutputBytes, plugin.Place, either.Token);
            await errors;
            await process.WaitForExitAsync(either.Token);
            return process.ExitCode == 0
                ? output
                : throw new CredentialException($"{plugin.Place} ended with code {process.ExitCode}: run it by hand on the worker's machine, as the worker's user, to see why.");
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new CredentialException($"{plugin.Place} did not end within {options.ExecTimeout.TotalSeconds:0.#} s.");
        }
        finally
        {
            Kill(process);
        }
    }

    private static Process Start(ExecPlugin plugin, string description)
    {
        var information = new ProcessStartInfo(Locate(plugin), plugin.Arguments) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        foreach (var name in information.Environment.Keys.Where(name => Withheld.Any(start => name.StartsWith(start, StringComparison.OrdinalIgnoreCase))).ToList())
            information.Environment.Remove(name);
        foreach (var (name, value) in plugin.Environment)
            information.Environment[name] = value;
        information.Environment["KUBERNETES_EXEC_INFO"] = description;
        try
        {
            return Process.Start(information)!;
        }
        catch (Exception exception) when (exception is Win32Exception or InvalidOperationException)
        {
            throw NotRun(plugin, exception);
        }
    }

    /// <summary>A name alone is looked for in PATH and nowhere else; the runtime would begin with the directory of the worker itself.</summary>
    private static string Locate(ExecPlugin plugin)
    {
        if (Path.IsPathRooted(plugin.Command))
            return plugin.Command;
        return (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Where(Path.IsPathRooted)
            .Select(directory => Path.Combine(directory, plugin.Command)).FirstOrDefault(File.Exists) ?? throw NotRun(plugin, null);
    }

    private static CredentialException NotRun(ExecPlugin plugin, Exception? why) =>
        new($"The command of {plugin.Place} cannot be run: install it on the worker's machine, in PATH and executable for the worker's user.", why);

    private static async Task<byte[]> ReadAsync(Stream stream, int limit, string place, CancellationToken cancellationToken)
    {
        using var read = new MemoryStream();
        var buffer = new byte[4096];
        while (await stream.ReadAsync(buffer, cancellationToken) is > 0 and var count)
        {
            if (read.Length + count > limit)
                throw new CredentialException($"{place} printed more than {limit} bytes.");
            read.Write(buffer, 0, count);
        }
        return read.ToArray();
    }

    /// <summary>Nobody reads its complaints, but a full pipe would stop it.</summary>
    private static async Task DrainAsync(Stream stream, CancellationToken cancellationToken)
    {
        var buffer = new byte[4096];
        while (await stream.ReadAsync(buffer, cancellationToken) > 0)
        {
            // Dropped.
        }
    }

    private static void Kill(Process process)
    {
        try
        {
            if (!process.HasExited)
                process.Kill(entireProcessTree: true);
        }
        catch (Exception exception) when (exception is InvalidOperationException or Win32Exception)
        {
            // It ended by itself meanwhile.
        }
    }
}
