using System.Runtime.InteropServices;

namespace Gatehouse.Standalone.Up;

/// <summary>Ctrl-C, SIGTERM and a closed terminal: the first asks for a clean stop, the second for one at once.</summary>
internal sealed class StopSignals : IDisposable
{
    private readonly CancellationTokenSource first = new();
    private readonly CancellationTokenSource second = new();
    private readonly List<PosixSignalRegistration> registrations;

    public StopSignals() => registrations =
    [
        PosixSignalRegistration.Create(PosixSignal.SIGINT, Receive),
        PosixSignalRegistration.Create(PosixSignal.SIGTERM, Receive),
        PosixSignalRegistration.Create(PosixSignal.SIGHUP, Receive),
    ];

    public CancellationToken Requested => first.Token;

    public CancellationToken Forced => second.Token;

    public void Dispose()
    {
        registrations.ForEach(registration => registration.Dispose());
        first.Dispose();
        second.Dispose();
    }

    private void Receive(PosixSignalContext context)
    {
        context.Cancel = true;
        // Callbacks of a cancellation run where it is made: not on the thread that takes signals.
        var next = first.IsCancellationRequested ? second : first;
        ThreadPool.UnsafeQueueUserWorkItem(static source => source.Cancel(), next, preferLocal: false);
    }
}
