using System.Net.Quic;
using Gatehouse.Contracts.Feed;

namespace Gatehouse.DataPlane.Hosting;

/// <summary>Says whether this process serves HTTP/3 (RFC 9114), which needs the platform's msquic.</summary>
internal static class Http3Support
{
    public static Http3Report Report { get; } = new(Supported: false, IsLibraryThere()
        ? "the msquic library is installed, but this version serves HTTP/1.1 and HTTP/2 alone"
        : "the msquic library is not installed");

    private static bool IsLibraryThere() => (OperatingSystem.IsLinux() || OperatingSystem.IsMacOS() || OperatingSystem.IsWindows()) && QuicListener.IsSupported;
}
