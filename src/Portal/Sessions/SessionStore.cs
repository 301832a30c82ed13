using System.Collections.Concurrent;
using System.Security.Claims;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.DataProtection;

namespace Gatehouse.Portal.Sessions;

/// <summary>
/// Keeps who is signed in on the server: the browser's cookie holds an opaque key and nothing else. Each session is one file, encrypted with the
/// portal's data-protection keys and named by the hash of its key, so a restart signs nobody out and a listing of the directory opens nothing.
/// </summary>
internal sealed class SessionStore(PortalHostOptions options, IDataProtectionProvider protection, TimeProvider clock) : ITicketStore
{
    private static readonly object Previous = new();
    private static readonly TimeSpan SweepInterval = TimeSpan.FromHours(1);
    private readonly DirectoryInfo directory = PrivateDirectory.Create(options.DataDirectory, "portal", "sessions");
    private readonly IDataProtector protector = protection.CreateProtector("Gatehouse.Portal.Sessions.v1");
    private readonly ConcurrentDictionary<string, AuthenticationTicket> open = new();
    private DateTimeOffset nextSweep;

    /// <summary>The API's session token, or null once the session has ended, in whichever tab or process that was.</summary>
    public async Task<string?> FindTokenAsync(ClaimsPrincipal user) =>
        user.FindFirstValue(PortalClaims.SessionKey) is { } key && await RetrieveAsync(key) is { } ticket
            ? ticket.Properties.GetTokenValue(PortalClaims.ApiToken)
            : null;

    public async Task<string> StoreAsync(AuthenticationTicket ticket)
    {
        var key = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32));
        await RenewAsync(key, ticket);
        SweepWhenDue();
        return key;
    }

    public async Task RenewAsync(string key, AuthenticationTicket ticket)
    {
        var identity = (ClaimsIdentity)ticket.Principal.Identity!;
        identity.TryRemoveClaim(identity.FindFirst(PortalClaims.SessionKey));
        identity.AddClaim(new Claim(PortalClaims.SessionKey, key));
        var file = FileOf(key);
        var partial = $"{file}.{Guid.NewGuid():n}";
        await File.WriteAllBytesAsync(partial, protector.Protect(TicketSerializer.Default.Serialize(ticket)));
        // The file's time is the session's end: sweeping needs no key and no decryption.
        File.SetLastWriteTimeUtc(partial, (ticket.Properties.ExpiresUtc ?? clock.GetUtcNow()).UtcDateTime);
        File.Move(partial, file, overwrite: true);
        open[key] = ticket;
    }

    public async Task<AuthenticationTicket?> RetrieveAsync(string key)
    {
        if (!open.TryGetValue(key, out var ticket))
        {
            ticket = await ReadAsync(FileOf(key));
            if (ticket is not null) open[key] = ticket;
        }
        if (ticket is null || ticket.Properties.ExpiresUtc > clock.GetUtcNow()) return ticket;
        await RemoveAsync(key);
        return null;
    }

    /// <summary>
    /// The sign-in page knows nobody: otherwise the cookie handler would keep the key of whoever is signed in, and who had planted that
    /// cookie in the browser would be signed in as the next user.
    /// </summary>
    public async Task<AuthenticationTicket?> RetrieveAsync(string key, HttpContext httpContext, CancellationToken cancellationToken)
    {
        var ticket = await RetrieveAsync(key);
        if (!httpContext.Request.Path.StartsWithSegments(SessionSetup.SignInPath, StringComparison.OrdinalIgnoreCase)) return ticket;
        httpContext.Items[Previous] = ticket?.Principal;
        return null;
    }

    /// <summary>Who is signed in, on the sign-in page; null: nobody.</summary>
    public static ClaimsPrincipal? PreviousOf(HttpContext http) => http.Items[Previous] as ClaimsPrincipal;

    public Task RemoveAsync(ClaimsPrincipal user) =>
        user.FindFirstValue(PortalClaims.SessionKey) is { } key ? RemoveAsync(key) : Task.CompletedTask;

    public Task RemoveAsync(string key)
    {
        open.TryRemove(key, out _);
        File.Delete(FileOf(key));
        return Task.CompletedTask;
    }

    private async Task<AuthenticationTicket?> ReadAsync(string file)
    {
        try
        {
            return TicketSerializer.Default.Deserialize(protector.Unprotect(await File.ReadAllBytesAsync(file)));
        }
        catch (Exception e) when (e is FileNotFoundException or CryptographicException)
        {
            // Never stored, signed out, or written with keys that are gone: in each case sign in again.
            return null;
        }
    }

    private void SweepWhenDue()
    {
        var now = clock.GetUtcNow();
        if (now < nextSweep) return;
        nextSweep = now + SweepInterval;
        foreach (var file in directory.EnumerateFiles().Where(f => f.LastWriteTimeUtc < now.UtcDateTime))
            file.Delete();
        foreach (var (key, _) in open.Where(s => s.Value.Properties.ExpiresUtc < now))
            open.TryRemove(key, out _);
    }

    private string FileOf(string key) =>
        Path.Combine(directory.FullName, Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(key))));
}
