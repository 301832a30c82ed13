using Npgsql;

namespace Gatehouse.Issuance;

/// <summary>Connections of the login <c>gatehouse_compiler</c>, which keeps the engine's books for all tenants.</summary>
internal sealed class IssuanceDatabase : IAsyncDisposable, IDisposable
{
    public IssuanceDatabase(string connectionString)
    {
        var builder = new NpgsqlDataSourceBuilder(connectionString);
        builder.ConnectionStringBuilder.ApplicationName = "gatehouse-issuance";
        builder.ConnectionStringBuilder.MaxPoolSize = 6;
        Source = builder.Build();
    }

    public NpgsqlDataSource Source { get; }

    public void Dispose() => Source.Dispose();

    public ValueTask DisposeAsync() => Source.DisposeAsync();
}
