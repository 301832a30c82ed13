using Gatehouse.Sync.Clusters;

namespace Gatehouse.Sync.Writing;

/// <summary>What waits to be written: small changes and repairs before bulk, then in the order in which kinds need each other. Used by one thread.</summary>
internal sealed class WriteQueue(TimeProvider time)
{
    private readonly PriorityQueue<Ticket, (bool IsBulk, int Order, long Number)> _ready = new();
    private readonly PriorityQueue<Ticket, long> _later = new();
    private long _number;

    /// <summary>Objects that wait, those that wait for a time included.</summary>
    public int Count { get; private set; }

    /// <summary>How long until something that waits for a time is due; null: nothing does.</summary>
    public TimeSpan? UntilDue
    {
        get
        {
            while (_later.TryPeek(out var ticket, out var due))
            {
                if (ticket.IsValid)
                    return TimeSpan.FromSeconds((double)(due - time.GetTimestamp()) / time.TimestampFrequency);
                _later.Dequeue();
            }
            return null;
        }
    }

    /// <summary>Queues an object, in place of where it waited before.</summary>
    public void Add(ObjectEntry entry, int order, bool isBulk, TimeSpan delay)
    {
        Remove(entry);
        Count++;
        entry.Ticket = ++_number;
        var ticket = new Ticket(entry, _number, order, isBulk);
        if (delay > TimeSpan.Zero)
            _later.Enqueue(ticket, time.GetTimestamp() + (long)(delay.TotalSeconds * time.TimestampFrequency));
        else
            _ready.Enqueue(ticket, (isBulk, order, _number));
    }

    public void Remove(ObjectEntry entry)
    {
        if (entry.Ticket == 0)
            return;
        entry.Ticket = 0;
        Count--;
    }

    /// <summary>Order of the object that is next; null: none is ready.</summary>
    public int? NextOrder
    {
        get
        {
            while (UntilDue is { } due && due <= TimeSpan.Zero)
            {
                var ticket = _later.Dequeue();
                _ready.Enqueue(ticket, (ticket.IsBulk, ticket.Order, ticket.Number));
            }
            while (_ready.TryPeek(out var ticket, out _))
            {
                if (ticket.IsValid)
                    return ticket.Order;
                _ready.Dequeue();
            }
            return null;
        }
    }

    /// <summary>Takes the object that is next; null: none is ready.</summary>
    public ObjectEntry? Take()
    {
        if (NextOrder is null)
            return null;
        var entry = _ready.Dequeue().Entry;
        Remove(entry);
        return entry;
    }

    private sealed record Ticket(ObjectEntry Entry, long Number, int Order, bool IsBulk)
    {
        public bool IsValid => Entry.Ticket == Number;
    }
}
