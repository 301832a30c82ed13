using Gatehouse.Gateway.Matching;
using Gatehouse.Gateway.Resources;

namespace Gatehouse.Gateway.Compilation.Resolve;

/// <summary>How a Gateway wants client certificates validated on some of its ports, resolved.</summary>
/// <param name="Entry">What data planes do.</param>
/// <param name="Problem">The first reference that cannot be used, with the messages of all; null: none.</param>
/// <param name="IsRefused">Whether no reference can be used: "the implementation MUST also ensure the Accepted condition on the listener is set to False".</param>
internal sealed record ClientValidation(ClientValidationEntry Entry, ReferenceProblem? Problem, bool IsRefused);

/// <summary>Client certificate validation by port (https://gateway-api.sigs.k8s.io/reference/spec/#frontendtlsconfig).</summary>
/// <param name="Default">For ports that <paramref name="PerPort"/> does not name; null: none.</param>
/// <param name="PerPort">"Once set this configuration overrides the default configuration", also by null.</param>
/// <param name="IsInsecure">Whether some port takes connections without a valid certificate.</param>
internal sealed record ClientValidationByPort(ClientValidation? Default, IReadOnlyDictionary<int, ClientValidation?> PerPort, bool IsInsecure)
{
    private const string InsecureFallback = "AllowInsecureFallback";

    public static ClientValidationByPort None { get; } = new(null, new Dictionary<int, ClientValidation?>(), false);

    public ClientValidation? Of(int port) => PerPort.TryGetValue(port, out var own) ? own : Default;

    public bool IsSame(ClientValidationByPort other) =>
        ReferenceEquals(this, other)
        || (Equals(Default, other.Default) && IsInsecure == other.IsInsecure && PerPort.Count == other.PerPort.Count
            && PerPort.All(entry => other.PerPort.TryGetValue(entry.Key, out var same) && Equals(entry.Value, same)));

    public static ClientValidationByPort Resolve(Resource<GatewaySpec> gateway, Incremental.Reads reads)
    {
        if (gateway.Spec.Tls?.Frontend is not { } frontend)
            return None;
        var perPort = new Dictionary<int, ClientValidation?>();
        foreach (var entry in frontend.PerPort ?? [])
            perPort.TryAdd(entry.Port, Resolve(entry.Tls.Validation, gateway.Key, reads));
        var modes = (frontend.PerPort ?? []).Select(entry => entry.Tls.Validation).Append(frontend.Default.Validation);
        return new ClientValidationByPort(Resolve(frontend.Default.Validation, gateway.Key, reads), perPort, modes.Any(validation => validation?.Mode == InsecureFallback));
    }

    /// <summary>Resolves the validation that an object asks for; null: it asks for none.</summary>
    public static ClientValidation? Resolve(FrontendTlsValidation? validation, ResourceKey from, Incremental.Reads reads)
    {
        if (validation is null)
            return null;
        var results = validation.CaCertificateRefs
            .Select(reference => CertificateReferences.Authorities(reference, from, Conditions.Reasons.InvalidCaCertificateRef, Conditions.Reasons.InvalidCaCertificateKind, reads))
            .ToArray();
        var problems = results.Select(result => result.Problem).OfType<ReferenceProblem>().ToArray();
        var authorities = string.Concat(results.Select(result => result.Authorities?.CaPem));
        return new ClientValidation(
            new ClientValidationEntry(authorities, validation.Mode == InsecureFallback),
            problems.Length == 0 ? null : new ReferenceProblem(problems[0].Reason, string.Join("; ", problems.Select(problem => problem.Message))),
            problems.Length == results.Length);
    }
}
