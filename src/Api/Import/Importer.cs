using Gatehouse.Api.Access;
using Gatehouse.Api.Certificates;
using Gatehouse.Api.Errors;
using Gatehouse.Api.Resources;
using Gatehouse.Contracts.Api;
using Gatehouse.Persistence;

namespace Gatehouse.Api.Import;

/// <summary>Runs imports.</summary>
internal sealed class Importer(Writes.Writes writes, RequestAccess access, IEnumerable<IKindRules> rules, CertificateWrites certificates)
{
    private readonly ImportRules _rules = new(rules.ToDictionary(static rule => rule.Kind, StringComparer.Ordinal), certificates);

    /// <summary>Imports; on a race with another writer everything runs again from what is stored then.</summary>
    public Task<Result<ImportView>> RunAsync(HttpContext context, ImportSet set, ImportScope scope, ImportQuery query) =>
        writes.RunAsync(context, access.Tenant.Id, Run(context, set, scope, query));

    /// <summary>Says what an import would do, and changes nothing whatever the request says.</summary>
    public Task<Result<ImportView>> TryAsync(HttpContext context, ImportSet set, ImportScope scope, ImportQuery query) =>
        writes.TryAsync(context, access.Tenant.Id, Run(context, set, scope, query));

    private Func<WriteTransaction, CancellationToken, Task<Result<ImportView>>> Run(HttpContext context, ImportSet set, ImportScope scope, ImportQuery query) =>
        (transaction, cancellationToken) => new ImportRun(set, scope, query, access, _rules, context.Request).RunAsync(transaction, cancellationToken);
}

/// <summary>What kinds ask for.</summary>
/// <param name="Kinds">Rules by kind.</param>
/// <param name="Certificates">Where private keys go.</param>
internal sealed record ImportRules(IReadOnlyDictionary<string, IKindRules> Kinds, CertificateWrites Certificates);
