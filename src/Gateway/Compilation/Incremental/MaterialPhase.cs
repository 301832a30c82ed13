using Gatehouse.Gateway.Compilation.Inputs;
using Gatehouse.Gateway.Compilation.Resolve;
using Gatehouse.Gateway.Matching;
using Gatehouse.Gateway.Resources;

namespace Gatehouse.Gateway.Compilation.Incremental;

/// <summary>Parses Certificates and ConfigMaps before all that references them, and writes the entries of the certificates in use after it.</summary>
internal static class MaterialPhase
{
    public static void Resolve(CompilerState state, Work work)
    {
        foreach (var node in work.Certificates)
            Resolve(node, state, work);
        foreach (var node in work.ConfigMaps)
            Resolve(node, state, work);
    }

    /// <summary>Counts who uses a certificate in a pool; its entry is there while somebody does.</summary>
    /// <param name="pool">Pool.</param>
    /// <param name="key">The Certificate.</param>
    /// <param name="change">1 or -1.</param>
    /// <param name="state">State.</param>
    /// <param name="work">Work.</param>
    public static void Count(string pool, ResourceKey key, int change, CompilerState state, Work work)
    {
        if (!state.Certificates.TryGetValue(key, out var node))
            state.Certificates[key] = node = new CertificateNode(key);
        node.Uses[pool] = node.Uses.GetValueOrDefault(pool) + change;
        work.CertificateEntries.Add(node);
    }

    public static void WriteEntries(CompilerState state, Work work)
    {
        foreach (var node in work.CertificateEntries)
        {
            work.Statuses.Add(node.Key);
            foreach (var (pool, uses) in node.Uses.ToArray())
            {
                state.Pool(pool).SetCertificate(CertificateModel.EntryKeyOf(node.Key), uses > 0 ? EntryOf(node) : null);
                if (uses == 0)
                    node.Uses.Remove(pool);
            }
            if (node.Resource is null && node.Uses.Count == 0)
                state.Certificates.Remove(node.Key);
        }
    }

    private static void Resolve(CertificateNode node, CompilerState state, Work work)
    {
        work.Statuses.Add(node.Key);
        work.CertificateEntries.Add(node);
        var before = node.Model;
        node.Model = node.Resource is { } resource ? Phase.Compile(node, state, _ => MaterialResolver.Resolve(resource)) ?? before : null;
        if (node.Model is null ? before is null : node.Model.IsSame(before))
            return;
        work.Mark(state.Dependencies.ReadersOf(new Topic(TopicKind.Certificate, node.Key.Tenant, node.Key.Name)));
        EnterNames(node, before, state, work);
    }

    private static void EnterNames(CertificateNode node, CertificateModel? before, CompilerState state, Work work)
    {
        var tenant = node.Key.Tenant;
        foreach (var name in before?.DnsNames ?? [])
        {
            if (Several<CertificateNode>.Remove(state.CertificateNames.GetValueOrDefault((tenant, name)), node) is { } rest)
                state.CertificateNames[(tenant, name)] = rest;
            else
                state.CertificateNames.Remove((tenant, name));
            work.Mark(state.Dependencies.ReadersOf(new Topic(TopicKind.CertificateName, tenant, name)));
        }
        foreach (var name in node.Model?.DnsNames ?? [])
        {
            state.CertificateNames[(tenant, name)] = Several<CertificateNode>.Add(state.CertificateNames.GetValueOrDefault((tenant, name)), node);
            work.Mark(state.Dependencies.ReadersOf(new Topic(TopicKind.CertificateName, tenant, name)));
        }
    }

    private static void Resolve(ConfigMapNode node, CompilerState state, Work work)
    {
        work.Statuses.Add(node.Key);
        var before = node.Model;
        if (node.Resource is { } resource)
        {
            node.Model = Phase.Compile(node, state, _ => MaterialResolver.Resolve(resource)) ?? before;
        }
        else
        {
            node.Model = null;
            state.ConfigMaps.Remove(node.Key);
        }
        if (node.Model is null ? before is not null : !node.Model.IsSame(before))
            work.Mark(state.Dependencies.ReadersOf(new Topic(TopicKind.ConfigMap, node.Key.Tenant, node.Key.Name)));
    }

    private static CertificateEntry? EntryOf(CertificateNode node) => node.Model is { IsUsable: true } model
        ? new CertificateEntry { Key = model.EntryKey, ChainPem = model.ChainPem, KeyFingerprint = model.KeyFingerprint }
        : null;
}
