using Gatehouse.Migrations;
using Npgsql;

// Runs the migrations against an external Postgres: GATEHOUSE_DATABASE_OWNER, GATEHOUSE_APP_PASSWORD, GATEHOUSE_COMPILER_PASSWORD.
var owner = Environment.GetEnvironmentVariable("GATEHOUSE_DATABASE_OWNER");
if (string.IsNullOrWhiteSpace(owner))
{
    await Console.Error.WriteLineAsync("Set GATEHOUSE_DATABASE_OWNER to the connection string of the login that owns the database.");
    return 2;
}

var passwords = new LoginPasswords(Environment.GetEnvironmentVariable("GATEHOUSE_APP_PASSWORD"), Environment.GetEnvironmentVariable("GATEHOUSE_COMPILER_PASSWORD"));
try
{
    var applied = await Migrator.MigrateAsync(owner, passwords);
    Console.WriteLine(applied.Count == 0 ? "The database is up to date." : $"Applied {string.Join(", ", applied)}.");
    return 0;
}
catch (MigrationException exception)
{
    await Console.Error.WriteLineAsync(exception.Message);
    return 3;
}
catch (NpgsqlException exception)
{
    await Console.Error.WriteLineAsync($"The database could not be migrated: {exception.Message}");
    return 4;
}
