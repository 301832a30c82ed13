namespace Gatehouse.Dns;

/// <summary>Bytes that are not the DNS message that they should be. The only exception that reading a message throws.</summary>
public sealed class DnsFormatException : FormatException
{
    /// <summary>Says nothing more.</summary>
    public DnsFormatException()
        : base("The message is malformed.")
    {
    }

    /// <summary>Says what is wrong.</summary>
    public DnsFormatException(string message)
        : base(message)
    {
    }

    /// <summary>Says what is wrong, and why.</summary>
    public DnsFormatException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
