using Gatehouse.Gateway.Compilation.Resolved;
using Gatehouse.Gateway.Resources;

namespace Gatehouse.Gateway.Projection.Gateways;

/// <summary>What Hostnames ask for that Gateway API has no place for: it is told, and what guards something keeps the Hostname out of the cluster.</summary>
internal static class HostnameOptions
{
    /// <summary>Whether a source may lie in the cluster; what it loses there is told.</summary>
    public static bool Admit(ResolvedSource source, ProjectionRun run)
    {
        if (source.Source is not Resource<HostnameSpec> { Spec: var spec })
            return true;
        if (spec.Tls?.ClientValidation is not null)
        {
            Tell(ProblemSeverity.Refused, "tls.clientValidation cannot be had for a single name", "the Hostname is not there: without it, everybody would be let in. Use a Gateway of its own with tls.frontend");
            return false;
        }
        if (spec.Tls?.MinimumVersion is "1.3")
            Tell(ProblemSeverity.Approximate, "tls.minimumVersion has no place in Gateway API", "the controller's own setting counts. Ask the cluster's administrator for it");
        if (spec.Hsts is not null)
            Tell(ProblemSeverity.Approximate, "hsts has no place in Gateway API", "answers do not have it. Set Strict-Transport-Security with a ResponseHeaderModifier filter in the routes");
        return true;

        void Tell(ProblemSeverity severity, string what, string instead) =>
            run.Report(source.Key, severity, ProjectionReasons.NotExpressible, $"{what}, so in cluster `{run.Cluster.Name}` {instead}.");
    }
}
