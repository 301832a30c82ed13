using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Gatehouse.Testing.Net;

namespace Gatehouse.Testing.Dns;

/// <summary>A question as it arrived.</summary>
/// <param name="Name">Its name, in the case in which it came.</param>
/// <param name="Type">Its type's number.</param>
/// <param name="IsTcp">Whether it came over TCP.</param>
/// <param name="HasEdns">Whether it had an additional record.</param>
/// <param name="Bytes">The whole message.</param>
/// <param name="Port">The port that it came from.</param>
public sealed record ScriptedQuestion(string Name, int Type, bool IsTcp, bool HasEdns, byte[] Bytes, int Port)
{
    /// <summary>An answer that echoes id and question.</summary>
    /// <param name="code">RCODE.</param>
    /// <param name="flags">Flags besides QR, RD and RA.</param>
    /// <param name="answers">Records of the answer section, each as bytes (<see cref="Record"/>).</param>
    public byte[] Answer(int code = 0, int flags = 0, params IEnumerable<byte[]> answers)
    {
        byte[][] records = [.. answers];
        byte[] head = [Bytes[0], Bytes[1], 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, .. Bytes.AsSpan(12, QuestionLength)];
        BinaryPrimitives.WriteUInt16BigEndian(head.AsSpan(2), (ushort)(0x8180 | flags | code));
        BinaryPrimitives.WriteUInt16BigEndian(head.AsSpan(6), (ushort)records.Length);
        return [.. head, .. records.SelectMany(static record => record)];
    }

    /// <summary>A record of class IN with a time to live of 300 seconds.</summary>
    public static byte[] Record(string name, int type, ReadOnlySpan<byte> data) =>
        [.. Wire(name), (byte)(type >> 8), (byte)type, 0, 1, 0, 0, 1, 44, (byte)(data.Length >> 8), (byte)data.Length, .. data];

    /// <summary>A CNAME record.</summary>
    public static byte[] Alias(string name, string target) => Record(name, 5, Wire(target));

    /// <summary>A TXT record of one string.</summary>
    public static byte[] Text(string name, string value) => Record(name, 16, [(byte)value.Length, .. Encoding.Latin1.GetBytes(value)]);

    /// <summary>A name as it is on the wire.</summary>
    public static byte[] Wire(string name) =>
        [.. name.Split('.', StringSplitOptions.RemoveEmptyEntries).SelectMany(static label => Encoding.Latin1.GetBytes(label).Prepend((byte)label.Length)), 0];

    /// <summary>Reads a question.</summary>
    public static ScriptedQuestion Read(byte[] bytes, bool isTcp, int port)
    {
        var (at, labels) = (12, new List<string>());
        for (; bytes[at] != 0; at += bytes[at] + 1)
            labels.Add(Encoding.Latin1.GetString(bytes, at + 1, bytes[at]));
        return new ScriptedQuestion(string.Join('.', labels), (bytes[at + 1] << 8) | bytes[at + 2], isTcp, bytes[11] > 0, bytes, port);
    }

    private int QuestionLength => Wire(Name).Length + 4;
}

/// <summary>A name server that does what it is told, mostly what no proper one does. UDP and TCP on one loopback port.</summary>
public sealed class ScriptedDnsServer : IAsyncDisposable
{
    private readonly CancellationTokenSource _ending = new();
    private readonly Func<ScriptedQuestion, IEnumerable<byte[]>> _script;
    private readonly Socket _udp = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
    private readonly TcpListener? _tcp;
    private readonly Task _running;

    private ScriptedDnsServer(Func<ScriptedQuestion, IEnumerable<byte[]>> script, bool withTcp)
    {
        _script = script;
        EndPoint = new IPEndPoint(IPAddress.Loopback, FreePort.Next());
        _udp.Bind(EndPoint);
        _tcp = withTcp ? new TcpListener(EndPoint) : null;
        _tcp?.Start();
        _running = Task.WhenAll(ServeUdpAsync(), ServeTcpAsync());
    }

    /// <summary>Where it listens.</summary>
    public IPEndPoint EndPoint { get; }

    /// <summary>What it was asked so far.</summary>
    public ConcurrentQueue<ScriptedQuestion> Questions { get; } = new();

    /// <summary>Starts a server.</summary>
    /// <param name="script">What to send for a question, in order; nothing: silence.</param>
    /// <param name="withTcp">Whether it listens on TCP too.</param>
    public static ScriptedDnsServer Start(Func<ScriptedQuestion, IEnumerable<byte[]>> script, bool withTcp = true) => new(script, withTcp);

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        await _ending.CancelAsync();
        _tcp?.Stop();
        _udp.Dispose();
        await _running;
        _ending.Dispose();
    }

    private async Task ServeUdpAsync()
    {
        var buffer = new byte[65_535];
        while (!_ending.IsCancellationRequested)
        {
            try
            {
                var received = await _udp.ReceiveFromAsync(buffer.AsMemory(), new IPEndPoint(IPAddress.Any, 0), _ending.Token);
                var question = ScriptedQuestion.Read(buffer[..received.ReceivedBytes], isTcp: false, ((IPEndPoint)received.RemoteEndPoint).Port);
                Questions.Enqueue(question);
                foreach (var answer in _script(question))
                    await _udp.SendToAsync(answer.AsMemory(), received.RemoteEndPoint, _ending.Token);
            }
            catch (Exception failure) when (failure is OperationCanceledException or SocketException or ObjectDisposedException)
            {
                // A client that is gone already, or the end.
            }
        }
    }

    private async Task ServeTcpAsync()
    {
        while (_tcp is not null && !_ending.IsCancellationRequested)
        {
            try
            {
                using var client = await _tcp.AcceptTcpClientAsync(_ending.Token);
                await ServeAsync(client.GetStream());
            }
            catch (Exception failure) when (failure is OperationCanceledException or SocketException or IOException or ObjectDisposedException)
            {
                // A client that is gone already, or the end.
            }
        }
    }

    private async Task ServeAsync(NetworkStream stream)
    {
        var length = new byte[2];
        await stream.ReadExactlyAsync(length, _ending.Token);
        var bytes = new byte[BinaryPrimitives.ReadUInt16BigEndian(length)];
        await stream.ReadExactlyAsync(bytes, _ending.Token);
        var question = ScriptedQuestion.Read(bytes, isTcp: true, 0);
        Questions.Enqueue(question);
        byte[][] answers = [.. _script(question)];
        if (answers.Length == 0)
            await stream.ReadAtLeastAsync(length, 1, throwOnEndOfStream: false, _ending.Token);
        foreach (var answer in answers)
        {
            BinaryPrimitives.WriteUInt16BigEndian(length, (ushort)answer.Length);
            await stream.WriteAsync((byte[])[.. length, .. answer], _ending.Token);
        }
    }
}
