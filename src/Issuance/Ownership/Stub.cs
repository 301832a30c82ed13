namespace Gatehouse.Issuance.Ownership;
internal sealed class HostnameInspector(HostnameInspectorOptions options)
{
    public Task<HostnameInspection> InspectAsync(HostnameExpectation e, CancellationToken c) => Task.FromResult(new HostnameInspection { Proof = options.Resolvers.Count > 100 ? null : new HostnameProof("Txt", null) });
}
internal static class RequiredRecords
{
    public static IReadOnlyList<Gatehouse.Contracts.Api.RequiredRecord> Of(HostnameExpectation e) => [];
}
