using Gatehouse.Gateway.Compilation.Incremental;
using Gatehouse.Gateway.Matching;
using Gatehouse.Gateway.Resources;

namespace Gatehouse.Gateway.Compilation.Resolve;

/// <summary>Resolves and compiles what takes traffic, of either kind, with the policy that applies to it.</summary>
internal static class BackendEntries
{
    public static BackendModel Resolve(Resource resource, Reads reads) => resource switch
    {
        Resource<BackendSpec> backend => BackendCompiler.Resolve(backend, reads),
        Resource<ServiceSpec> service => ServiceCompiler.Resolve(service),
        _ => throw new ArgumentException($"{resource.Key} takes no traffic.", nameof(resource)),
    };

    /// <summary>The entry of a backend at one of its ports.</summary>
    public static BackendEntry Compile(Resource resource, BackendModel model, BackendTarget target)
    {
        var entry = resource switch
        {
            Resource<BackendSpec> backend => BackendCompiler.Compile(backend, model, target),
            Resource<ServiceSpec> service => ServiceCompiler.Compile(service, model, target),
            _ => throw new ArgumentException($"{resource.Key} takes no traffic.", nameof(resource)),
        };
        if (model.PolicyFor(target) is not { } policy)
            return entry;
        // Routes send nothing there either; without endpoints not even a health check is.
        return policy.Accepted.IsTrue
            ? entry with { Protocol = Secured(entry.Protocol), Tls = policy.Tls }
            : entry with { Endpoints = [], ActiveCheck = null };
    }

    private static string Secured(string protocol) => protocol switch
    {
        "http" => "https",
        "tcp" => "tls",
        _ => protocol,
    };
}
