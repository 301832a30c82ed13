using System.Globalization;
using System.Text.Json;
using Gatehouse.Gateway.Matching;

namespace Gatehouse.Benchmarks.Proxies;

/// <summary>Starts the proxies that are compared, and the server behind them. Their configuration lies in a directory of its own.</summary>
internal sealed class Peers : IDisposable
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("gatehouse-bench-");
    private readonly List<MeasuredProcess> _processes = [];

    private static readonly Dictionary<string, string> Inline = new()
    {
        ["DOTNET_SYSTEM_NET_SOCKETS_INLINE_COMPLETIONS"] = "1",
        ["DOTNET_gcServer"] = "0",
    };

    /// <summary>A server that answers with 100 bytes.</summary>
    public MeasuredProcess Backend() => Nginx("backend", Contest.LoadCore, _ => $"location / {{ default_type text/plain; return 200 '{new string('x', 100)}'; }}", "");

    public MeasuredProcess NginxProxy(int backend) => Nginx(
        "nginx", Contest.ProxyCore,
        _ => "location / { proxy_pass http://up; proxy_http_version 1.1; proxy_set_header Connection ''; proxy_set_header Host $host; proxy_set_header X-Forwarded-For $remote_addr; }",
        string.Create(CultureInfo.InvariantCulture, $"upstream up {{ server 127.0.0.1:{backend}; keepalive 64; }}"));

    /// <summary>Our data plane with a table of <paramref name="hosts"/> hosts.</summary>
    public MeasuredProcess Gatehouse(int backend, int hosts, string? name = null)
    {
        var file = Path.Combine(_directory.FullName, $"table-{hosts}.json");
        File.WriteAllBytes(file, JsonSerializer.SerializeToUtf8Bytes(Table(backend, hosts), MatchTableJson.Options));
        var port = MeasuredProcess.FreePort();
        return Add(MeasuredProcess.Start(
            name ?? "gatehouse", Contest.ProxyCore, port, Inline, "dotnet", "exec", "--runtimeconfig", Beside("Gatehouse.DataPlane.runtimeconfig.json"), Beside("Gatehouse.DataPlane.dll"),
            "--snapshot", file, "--publish", $"80:{port}", "--backend-allow", "127.0.0.0/8", "--access-log", "off"));
    }

    public MeasuredProcess PlainYarp(int backend, bool inline)
    {
        var port = MeasuredProcess.FreePort();
        return Add(MeasuredProcess.Start(
            inline ? "plain YARP, inline" : "plain YARP, defaults", Contest.ProxyCore, port, inline ? Inline : new Dictionary<string, string>(),
            "dotnet", "exec", Beside("Gatehouse.Benchmarks.dll"), "plain-yarp", $"{port}", $"{backend}", inline ? "inline" : "default"));
    }

    /// <summary>A wrk script that asks for random hosts.</summary>
    public string RandomHosts(int hosts)
    {
        var file = Path.Combine(_directory.FullName, $"hosts-{hosts}.lua");
        File.WriteAllText(file, $$"""request = function() return wrk.format("GET", "/", { Host = "h" .. math.random(0, {{hosts - 1}}) .. ".bench.test" }) end""");
        return file;
    }

    public void Dispose()
    {
        foreach (var process in _processes)
            process.Dispose();
        _directory.Delete(recursive: true);
    }

    private MeasuredProcess Nginx(string name, int core, Func<int, string> location, string upstream)
    {
        var port = MeasuredProcess.FreePort();
        var file = Path.Combine(_directory.FullName, $"{name}.conf");
        File.WriteAllText(file, string.Create(CultureInfo.InvariantCulture, $$"""
            daemon off; master_process off; pid {{file}}.pid; error_log /dev/null; worker_rlimit_nofile 4096;
            events { worker_connections 1024; }
            http {
              access_log off; keepalive_requests 1000000000; client_body_temp_path {{_directory.FullName}}/b; proxy_temp_path {{_directory.FullName}}/p;
              fastcgi_temp_path {{_directory.FullName}}/f; uwsgi_temp_path {{_directory.FullName}}/u; scgi_temp_path {{_directory.FullName}}/s;
              {{upstream}}
              server { listen 127.0.0.1:{{port}}; {{location(port)}} }
            }
            """));
        return Add(MeasuredProcess.Start(name, core, port, new Dictionary<string, string>(), "nginx", "-c", file));
    }

    private static MatchTable Table(int backend, int hosts)
    {
        var listener = new ListenerEntry { Id = "platform/Gateway/default/http", Tenant = "platform", Gateway = "platform/default", Port = 80, Protocol = "HTTP" };
        var entry = new BackendEntry
        {
            Key = "shop/Backend/web", Tenant = "shop", Kind = "Backend", Name = "web", Protocol = "http", LoadBalancing = "RoundRobin",
            Endpoints = [new EndpointEntry("127.0.0.1", backend)],
        };
        return new MatchTable
        {
            Listeners = new Dictionary<string, ListenerEntry> { [listener.Id] = listener },
            Backends = new Dictionary<string, BackendEntry> { [entry.Key] = entry },
            Hosts = Enumerable.Range(0, hosts).Select(i => Host(listener.Id, i, entry.Key)).ToDictionary(host => host.Key),
        };
    }

    private static HostEntry Host(string listener, int index, string backend) => new()
    {
        Listener = listener,
        Hostname = $"h{index}.bench.test",
        Rules = [new CompiledRule { Source = new RuleSource("HTTPRoute", "shop", $"r{index}", 0), Backends = [new WeightedBackend { Backend = backend, Weight = 1 }] }],
        Matches = [new CompiledMatch { Rule = 0, PathType = "PathPrefix", Path = "/" }],
    };

    private static string Beside(string file) => Path.Combine(AppContext.BaseDirectory, file);

    private MeasuredProcess Add(MeasuredProcess process)
    {
        _processes.Add(process);
        return process;
    }
}
