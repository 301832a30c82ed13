using System.Buffers;
using System.Net.Sockets;

namespace Gatehouse.DataPlane.Streams;

/// <summary>Carries bytes both ways between a client and a backend until both have said all, one of them breaks, or it is ended.</summary>
internal sealed class Relay(IStreamEnd client, IStreamEnd backend, StreamRecord record, TimeProvider clock)
{
    private const int BufferSize = 16 * 1024;

    /// <summary>For transfers that fill the first.</summary>
    private const int LargeBufferSize = 64 * 1024;

    private long _lastActive = clock.GetTimestamp();
    private StreamFault? _ended;

    /// <summary>For how long nothing has moved.</summary>
    public TimeSpan Idle => clock.GetElapsedTime(Volatile.Read(ref _lastActive));

    /// <summary>Carries; returns why it ended, null: both sides have said all.</summary>
    /// <param name="first">What the client has sent already.</param>
    public async Task<StreamFault?> RunAsync(ReadOnlyMemory<byte> first)
    {
        var up = PumpAsync(client, backend, first, fromClient: true);
        var down = PumpAsync(backend, client, default, fromClient: false);
        await Task.WhenAll(up, down);
        var fault = Volatile.Read(ref _ended);
        client.Close(reset: fault is not null);
        backend.Close(reset: fault is not null);
        return fault;
    }

    /// <summary>Ends it now; the first reason counts.</summary>
    public void End(StreamFault reason)
    {
        Interlocked.CompareExchange(ref _ended, reason, null);
        client.Close(reset: true);
        backend.Close(reset: true);
    }

    private async Task PumpAsync(IStreamEnd from, IStreamEnd to, ReadOnlyMemory<byte> first, bool fromClient)
    {
        byte[]? buffer = null;
        var reading = false;
        try
        {
            if (!first.IsEmpty)
            {
                await to.SendAsync(first);
                record.Count(first.Length, fromClient);
            }
            while (true)
            {
                reading = true;
                if (buffer is null)
                {
                    // A silent connection holds no buffer.
                    await from.ReceiveAsync(Memory<byte>.Empty);
                    buffer = ArrayPool<byte>.Shared.Rent(BufferSize);
                }
                var count = await from.ReceiveAsync(buffer);
                reading = false;
                if (count == 0)
                {
                    await to.FinishAsync();
                    return;
                }
                Volatile.Write(ref _lastActive, clock.GetTimestamp());
                await to.SendAsync(buffer.AsMemory(0, count));
                record.Count(count, fromClient);
                buffer = Next(buffer, count);
            }
        }
        catch (Exception failure) when (failure is SocketException or IOException or ObjectDisposedException or InvalidOperationException)
        {
            // What the other side still has to say has nowhere to go.
            End(reading == fromClient ? StreamFault.ClientGone : StreamFault.BackendGone);
        }
        finally
        {
            if (buffer is not null)
                ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static byte[]? Next(byte[] buffer, int count)
    {
        if (count == buffer.Length && count >= LargeBufferSize)
            return buffer;
        ArrayPool<byte>.Shared.Return(buffer);
        return count == buffer.Length ? ArrayPool<byte>.Shared.Rent(LargeBufferSize) : null;
    }
}
