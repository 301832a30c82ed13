using System.Net.Sockets;

namespace Gatehouse.Dns.Exchanges;

/// <summary>Bounds one try in time, and puts what may go wrong with it into an outcome.</summary>
internal static class Patience
{
    /// <summary>Runs a try; what cancels it from outside goes through.</summary>
    public static async Task<(byte[]? Bytes, DnsOutcome Failure)> WithinAsync(TimeSpan timeout, TimeProvider time, Func<CancellationToken, Task<byte[]?>> send, CancellationToken cancellationToken)
    {
        using var patience = new CancellationTokenSource(timeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, patience.Token);
        try
        {
            return (await send(either.Token), DnsOutcome.Malformed);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return (null, DnsOutcome.TimedOut);
        }
        catch (Exception failure) when (failure is SocketException || failure.InnerException is SocketException)
        {
            return (null, DnsOutcome.Unreachable);
        }
        catch (IOException)
        {
            return (null, DnsOutcome.Malformed);
        }
    }
}
