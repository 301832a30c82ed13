using System.Globalization;
using Gatehouse.Standalone.Manifests;

namespace Gatehouse.Standalone.Checks;

/// <summary>Prints what is not well, a line each, and counts it.</summary>
internal static class CheckReport
{
    public static void Write(TextWriter output, IReadOnlyList<CheckedObject> objects, IReadOnlyList<Finding> findings)
    {
        foreach (var finding in findings)
        {
            var (item, condition) = (finding.Object, finding.Condition);
            var name = item.Tenant is null ? item.Name : $"{item.Tenant}/{item.Name}";
            var mark = finding.Severity == Severity.Warning ? "warning: " : "";
            output.WriteLine(Printing.OneLine($"{mark}{item.Kind} {name}: {condition.Type}={condition.Status} ({condition.Reason}): {condition.Message}"));
        }
        var bad = findings.Where(static finding => finding.Severity == Severity.Bad).Select(static finding => finding.Object).Distinct().Count();
        var warnings = findings.Count(static finding => finding.Severity == Severity.Warning);
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{objects.Count} checked, {bad} bad, {warnings} warning(s)"));
    }
}
