using Gatehouse.Persistence.Clusters;

namespace Gatehouse.Control.Clusters;

/// <summary>What NOTIFY says of clusters. Hints: whoever waits looks again after a while all the same.</summary>
public sealed class ClusterSignals
{
    /// <summary>Channel that says that a worker stored reports.</summary>
    internal const string ReportChannel = "gatehouse_cluster_report";

    /// <summary>A ring just before a wait may tell of what came after the last look.</summary>
    private static readonly TimeSpan Recent = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan Breath = TimeSpan.FromMilliseconds(50);

    private readonly TimeProvider _clock;
    private readonly ChangeBell _reports = new();
    private readonly ChangeBell _tasks = new();
    private readonly ChangeBell _answers = new();
    private long _taskRungAt = long.MinValue;

    internal ClusterSignals(TimeProvider clock) => _clock = clock;

    /// <summary>Ends when a task was answered. Take it before looking.</summary>
    public Task NextAnswer => _answers.Next;

    /// <summary>Ends when reports were stored. Take it before looking.</summary>
    internal Task NextReport => _reports.Next;

    /// <summary>Channels to listen on.</summary>
    internal static IReadOnlyList<string> Channels { get; } = [ReportChannel, ClusterTasks.TaskChannel, ClusterTasks.AnswerChannel];

    /// <summary>Takes a notification; false: it is about something else.</summary>
    internal bool Take(string channel)
    {
        switch (channel)
        {
            case ReportChannel:
                _reports.Ring();
                return true;
            case ClusterTasks.TaskChannel:
                Interlocked.Exchange(ref _taskRungAt, _clock.GetTimestamp());
                _tasks.Ring();
                return true;
            case ClusterTasks.AnswerChannel:
                _answers.Ring();
                return true;
            default:
                return false;
        }
    }

    /// <summary>Ends all waits: what happened before LISTEN was not heard.</summary>
    internal void TakeAll()
    {
        foreach (var channel in Channels)
            Take(channel);
    }

    /// <summary>Ends when there may be tasks, at the latest after the given time.</summary>
    internal async Task WaitForTasksAsync(TimeSpan longest, CancellationToken cancellationToken)
    {
        var next = _tasks.Next;
        var rungAt = Interlocked.Read(ref _taskRungAt);
        if (rungAt != long.MinValue && _clock.GetElapsedTime(rungAt) < Recent)
        {
            await Task.Delay(longest < Breath ? longest : Breath, _clock, cancellationToken);
            return;
        }
        await WaitAsync(next, longest, cancellationToken);
    }

    /// <summary>Waits for a ring, at most for a time.</summary>
    internal async Task WaitAsync(Task next, TimeSpan longest, CancellationToken cancellationToken)
    {
        try
        {
            await next.WaitAsync(longest, _clock, cancellationToken);
        }
        catch (TimeoutException)
        {
            // The caller looks again.
        }
    }
}
