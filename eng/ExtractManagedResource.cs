// An MSBuild task (compiled by RoslynCodeTaskFactory from BlazorWebJs.targets; part of no project).
using System;
using System.Collections.Generic;
using System.IO;
using System.Security.Cryptography;
using Microsoft.Build.Framework;
using Microsoft.Build.Utilities;

/// <summary>Saves the managed resource of an assembly that has a given SHA-256; the assembly is read as data, never loaded.</summary>
public class ExtractManagedResource : Task
{
    private const int CliHeaderDirectory = 14;
    private const int SectionHeaderSize = 40;

    private byte[] image = new byte[0];

    [Required]
    public string Assembly { get; set; } = "";

    [Required]
    public string Sha256 { get; set; } = "";

    [Required]
    public string Destination { get; set; } = "";

    public override bool Execute()
    {
        image = File.ReadAllBytes(Assembly);
        foreach (var resource in Resources())
        {
            if (!string.Equals(Hash(resource), Sha256, StringComparison.OrdinalIgnoreCase)) continue;
            Directory.CreateDirectory(Path.GetDirectoryName(Destination));
            using (var output = File.Create(Destination)) output.Write(resource.Array, resource.Offset, resource.Count);
            return true;
        }
        Log.LogError("{0} holds no resource with SHA-256 {1}.", Assembly, Sha256);
        return false;
    }

    /// <summary>ECMA-335 II.24.2.4: the CLI header points at [u32 length][bytes], each 8-aligned.</summary>
    private IEnumerable<ArraySegment<byte>> Resources()
    {
        int cliHeader = FileOffset(Int32(OptionalHeader + DataDirectories + 8 * CliHeaderDirectory));
        int start = FileOffset(Int32(cliHeader + 24));
        int end = start + Int32(cliHeader + 28);
        for (int at = start; at + 4 <= end;)
        {
            int length = Int32(at);
            yield return new ArraySegment<byte>(image, at + 4, length);
            at = start + ((at - start + 4 + length + 7) & ~7);
        }
    }

    private int CoffHeader { get { return Int32(0x3c) + 4; } }

    private int OptionalHeader { get { return CoffHeader + 20; } }

    private int DataDirectories { get { return UInt16(OptionalHeader) == 0x20b ? 112 : 96; } }

    private int FileOffset(int address)
    {
        int section = OptionalHeader + UInt16(CoffHeader + 16);
        for (int left = UInt16(CoffHeader + 2); left > 0; left--, section += SectionHeaderSize)
        {
            int virtualAddress = Int32(section + 12);
            if (address >= virtualAddress && address < virtualAddress + Int32(section + 16))
                return address - virtualAddress + Int32(section + 20);
        }
        throw new BadImageFormatException("An address lies outside every section.", Assembly);
    }

    private static string Hash(ArraySegment<byte> bytes)
    {
        using (var sha = SHA256.Create())
            return BitConverter.ToString(sha.ComputeHash(bytes.Array, bytes.Offset, bytes.Count)).Replace("-", "");
    }

    private int Int32(int at) { return BitConverter.ToInt32(image, at); }

    private int UInt16(int at) { return BitConverter.ToUInt16(image, at); }
}
