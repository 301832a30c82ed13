namespace Gatehouse.Migrations;

/// <summary>The SQL files that migrations run; embedded in the assembly.</summary>
internal static class SqlFile
{
    /// <summary>Text of <c>Sql/NAME.sql</c>.</summary>
    public static string Read(string name)
    {
        using var stream = typeof(SqlFile).Assembly.GetManifestResourceStream($"{name}.sql")
            ?? throw new InvalidOperationException($"Sql/{name}.sql is not embedded.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
