using Gatehouse.Contracts.Api;

namespace Gatehouse.Standalone.Manifests;

/// <summary>Prints verdicts as a table that a person reads: what needs doing stands below its object.</summary>
internal static class ImportReport
{
    private const int MaxName = 60;

    public static void Write(TextWriter output, IReadOnlyList<ImportedObject> objects)
    {
        var names = objects.Select(NameOf).ToList();
        var kindWidth = objects.Select(static entry => Printing.OneLine(entry.Kind).Length).Append(0).Max();
        var nameWidth = Math.Min(MaxName, names.Select(static name => name.Length).Append(0).Max());
        foreach (var (entry, name) in objects.Zip(names))
        {
            output.WriteLine($"{entry.Verdict,-11} {Printing.OneLine(entry.Kind).PadRight(kindWidth)}  {name.PadRight(nameWidth)}  {(entry.Action == "none" ? "" : entry.Action)}".TrimEnd());
            foreach (var message in entry.Messages)
                output.WriteLine($"            {Printing.OneLine(message)}");
        }
    }

    public static void WriteSummary(TextWriter output, ImportView view)
    {
        foreach (var pruned in view.Pruned)
            output.WriteLine($"pruned      {pruned.Kind} {pruned.Tenant}/{pruned.Name}");
        var summary = view.Summary;
        output.WriteLine();
        output.WriteLine($"{summary.Exact} exact, {summary.Approximate} approximate, {summary.Refused} refused, {summary.Ignored} ignored");
        output.WriteLine($"{summary.Created} created, {summary.Updated} updated, {summary.Unchanged} unchanged, {summary.Pruned} pruned{(view.DryRun ? " (dry run: nothing was changed)" : "")}");
    }

    private static string NameOf(ImportedObject entry) => Printing.OneLine(entry.Namespace is null ? entry.Name : $"{entry.Namespace}/{entry.Name}");
}
