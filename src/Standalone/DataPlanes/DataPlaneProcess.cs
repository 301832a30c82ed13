using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using Gatehouse.Standalone.Instance;
using Gatehouse.Standalone.Options;
using Gatehouse.Standalone.Processes;
using Gatehouse.Standalone.Up;

namespace Gatehouse.Standalone.DataPlanes;

/// <summary>The data plane as a process of its own: it serves on while the control process is away.</summary>
internal sealed class DataPlaneProcess(DataDirectory data, UpOptions options, Secrets secrets, IReadOnlyList<Uri> controlSockets) : IDisposable
{
    /// <summary>The pool that the built-in class sends its Gateways to.</summary>
    public const string Pool = "default";

    /// <summary>The name that it reports under.</summary>
    public const string Replica = "standalone";

    private static readonly TimeSpan DrainPatience = TimeSpan.FromSeconds(40);

    private readonly HttpClient http = new() { Timeout = TimeSpan.FromSeconds(2) };

    /// <summary>The process as it runs now.</summary>
    public ProcessIdentity Process { get; private set; } = new(0, "");

    /// <summary>Whether it ran before we did.</summary>
    public bool IsAdopted { get; private set; }

    private Uri? Admin { get; set; }

    private string RecordFile => data.In("data-plane.pid.json");

    /// <summary>Goes on with what an earlier control process left running, if that was started in the same way and is well; starts a new one otherwise.</summary>
    public async Task AdoptOrStartAsync(CancellationToken cancellationToken)
    {
        if (ProcessRecord.ReadLive(RecordFile) is { } leftover)
        {
            if (leftover.Options == OptionsDigest && leftover.Admin is { } admin && await AnswersAsync(new Uri(admin), "livez", cancellationToken).ConfigureAwait(false))
            {
                Process = leftover.Process;
                Admin = new Uri(admin);
                IsAdopted = true;
                return;
            }
            await StopAsync(leftover.Process, force: false).ConfigureAwait(false);
        }
        foreach (var port in options.Publish)
            Ports.EnsureFree(IPAddress.Parse(options.Bind), port.Bound, "--publish");
        await StartAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Starts a new process.</summary>
    public async Task<ProcessIdentity> StartAsync(CancellationToken cancellationToken)
    {
        await Task.Run(() => SecretFile.Write(CredentialFile, Encoding.ASCII.GetBytes(secrets.DataPlaneCredential)), cancellationToken).ConfigureAwait(false);
        Admin = new Uri(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{Ports.FreeLoopbackPort()}"));
        var (program, arguments) = Command();
        Process = new DetachedProcess
        {
            Program = program,
            Arguments = [.. arguments, .. Arguments, "--admin", Admin.GetLeftPart(UriPartial.Authority)],
            Environment = Settings(),
            LogFile = data.LogOf("data-plane"),
        }.Start();
        new ProcessRecord { Process = Process, Options = OptionsDigest, Admin = Admin.ToString() }.Write(RecordFile);
        return Process;
    }

    /// <summary>Whether it serves what the control plane, or failing that its own last good snapshot, told it.</summary>
    public Task<bool> IsReadyAsync(CancellationToken cancellationToken) =>
        Admin is null ? Task.FromResult(false) : AnswersAsync(Admin, "readyz", cancellationToken);

    /// <summary>Lets it finish the requests that it has, then ends it.</summary>
    public static async Task StopAsync(ProcessIdentity process, bool force)
    {
        if (!force && process.Signal(Posix.Terminate) && await process.WaitForExitAsync(DrainPatience, CancellationToken.None).ConfigureAwait(false))
            return;
        process.Signal(Posix.Kill);
        await process.WaitForExitAsync(TimeSpan.FromSeconds(5), CancellationToken.None).ConfigureAwait(false);
    }

    public void Dispose() => http.Dispose();

    private string CredentialFile => Path.Combine(data.DataPlane, "credential");

    private List<string> Arguments =>
    [
        "--feed", Ports.FromHere(options.Api).GetLeftPart(UriPartial.Authority),
        "--credential-file", CredentialFile,
        "--pool", Pool,
        "--replica", Replica,
        "--publish", string.Join(',', options.Publish),
        "--bind", options.Bind,
        "--data-dir", data.DataPlane,
        "--backend-allow", string.Join(',', options.BackendAllow),
        "--deny-sockets", string.Join(',', controlSockets.Select(url => url.Authority)),
        .. options.NeutralCertificate ? ["--unknown-sni", "neutral"] : Array.Empty<string>(),
    ];

    private static string Assembly => Path.Combine(AppContext.BaseDirectory, "Gatehouse.DataPlane.dll");

    /// <summary>Says whether a running process is what we would start: the same arguments, the same build.</summary>
    private string OptionsDigest
    {
        get
        {
            var build = File.GetLastWriteTimeUtc(Assembly).Ticks.ToString(CultureInfo.InvariantCulture);
            return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\0', [.. Arguments, Assembly, build]))));
        }
    }

    // Published, it is a program; built, it is an assembly beside ours that the same dotnet runs.
    private static (string Program, string[] Arguments) Command() =>
        Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet"
            ? (Environment.ProcessPath!, ["exec", Assembly])
            : (Path.ChangeExtension(Assembly, null), []);

    private static Dictionary<string, string> Settings()
    {
        var settings = DetachedProcess.PlainEnvironment();
        // A third less work for each request; nothing in the data plane may block a socket's thread.
        settings["DOTNET_SYSTEM_NET_SOCKETS_INLINE_COMPLETIONS"] = "1";
        settings["DOTNET_gcServer"] = "0";
        settings["DOTNET_EnableDiagnostics"] = "0";
        return settings;
    }

    private async Task<bool> AnswersAsync(Uri admin, string path, CancellationToken cancellationToken)
    {
        try
        {
            using var response = await http.GetAsync(new Uri(admin, path), cancellationToken).ConfigureAwait(false);
            return response.IsSuccessStatusCode;
        }
        catch (Exception e) when (e is HttpRequestException || (e is TaskCanceledException && !cancellationToken.IsCancellationRequested))
        {
            return false;
        }
    }
}
