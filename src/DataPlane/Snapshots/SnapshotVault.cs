using System.Security.Cryptography;
using System.Text;

namespace Gatehouse.DataPlane.Snapshots;

/// <summary>
/// A file that only its owner can read, encrypted with a key of its own and replaced as a whole: a crash leaves the old one or the new
/// one.
/// </summary>
internal sealed class SnapshotVault(string directory, string pool)
{
    private const int KeySize = 32;
    private const int NonceSize = 12;
    private const int TagSize = 16;
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private static readonly byte[] Magic = "GHLG1"u8.ToArray();

    private readonly string _file = Path.Combine(directory, "last-good.snapshot");
    private readonly string _keyFile = Path.Combine(directory, "snapshot.key");

    // What a file of another pool holds must not decrypt here.
    private byte[] AssociatedData => [.. Magic, .. Encoding.UTF8.GetBytes(pool)];

    /// <summary>Reads the content; null: there is none.</summary>
    /// <exception cref="CryptographicException">The file was altered, or belongs to another key or pool.</exception>
    public async Task<byte[]?> ReadAsync(CancellationToken cancellationToken)
    {
        if (!File.Exists(_file) || !File.Exists(_keyFile))
            return null;
        var sealedBytes = await File.ReadAllBytesAsync(_file, cancellationToken);
        var header = Magic.Length + NonceSize + TagSize;
        if (sealedBytes.Length < header || !sealedBytes.AsSpan().StartsWith(Magic))
            throw new InvalidDataException("The file is not a snapshot.");
        var content = new byte[sealedBytes.Length - header];
        using var aes = new AesGcm(await KeyAsync(cancellationToken), TagSize);
        aes.Decrypt(
            sealedBytes.AsSpan(Magic.Length, NonceSize), sealedBytes.AsSpan(header), sealedBytes.AsSpan(Magic.Length + NonceSize, TagSize), content, AssociatedData);
        return content;
    }

    /// <summary>Replaces the content.</summary>
    public async Task WriteAsync(ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(directory);
        var header = Magic.Length + NonceSize + TagSize;
        var sealedBytes = new byte[header + content.Length];
        Magic.CopyTo(sealedBytes, 0);
        RandomNumberGenerator.Fill(sealedBytes.AsSpan(Magic.Length, NonceSize));
        using (var aes = new AesGcm(await KeyAsync(cancellationToken), TagSize))
        {
            aes.Encrypt(
                sealedBytes.AsSpan(Magic.Length, NonceSize), content.Span, sealedBytes.AsSpan(header), sealedBytes.AsSpan(Magic.Length + NonceSize, TagSize), AssociatedData);
        }
        await ReplaceAsync(_file, sealedBytes, cancellationToken);
    }

    private async Task<byte[]> KeyAsync(CancellationToken cancellationToken)
    {
        if (File.Exists(_keyFile) && await File.ReadAllBytesAsync(_keyFile, cancellationToken) is { Length: KeySize } key)
            return key;
        var fresh = RandomNumberGenerator.GetBytes(KeySize);
        await ReplaceAsync(_keyFile, fresh, cancellationToken);
        return fresh;
    }

    private static async Task ReplaceAsync(string file, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        var fresh = file + ".new";
        File.Delete(fresh);
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = OwnerOnly;
        await using (var stream = new FileStream(fresh, options))
        {
            await stream.WriteAsync(content, cancellationToken);
            stream.Flush(flushToDisk: true);
        }
        File.Move(fresh, file, overwrite: true);
    }
}
