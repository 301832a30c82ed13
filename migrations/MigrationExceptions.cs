namespace Gatehouse.Migrations;

/// <summary>A database that cannot be migrated; the message says what to do, in one line.</summary>
public abstract class MigrationException : Exception
{
    /// <summary>Creates the exception.</summary>
    protected MigrationException(string message, Exception? inner = null)
        : base(message, inner)
    {
    }
}

/// <summary>A newer version of Gatehouse migrated the database.</summary>
public sealed class DatabaseIsNewerException : MigrationException
{
    /// <summary>Creates the exception.</summary>
    public DatabaseIsNewerException(string migration)
        : base($"The database belongs to a newer version of Gatehouse (migration {migration} is unknown here): start that version, or restore a backup from before its first start.") =>
        Migration = migration;

    /// <summary>The unknown migration.</summary>
    public string Migration { get; }
}

/// <summary>Roles are missing and the owner may not create them.</summary>
public sealed class RolesMissingException : MigrationException
{
    /// <summary>Creates the exception.</summary>
    public RolesMissingException(string sql, Exception inner)
        : base($"The database's owner may not create the roles that Gatehouse needs. As an administrator run: {sql}", inner) =>
        Sql = sql;

    /// <summary>What an administrator has to run.</summary>
    public string Sql { get; }
}

/// <summary>The owner may not set a login's password.</summary>
public sealed class PasswordNotSetException : MigrationException
{
    /// <summary>Creates the exception.</summary>
    public PasswordNotSetException(string role, Exception inner)
        : base($"The database's owner may not set the password of {role}: as an administrator run ALTER ROLE {role} PASSWORD '…', and give the migrator no password for it.", inner) =>
        Role = role;

    /// <summary>The login.</summary>
    public string Role { get; }
}
