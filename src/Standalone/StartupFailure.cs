namespace Gatehouse.Standalone;

/// <summary>Something that the person who started Gatehouse can mend; the message is one line and says how.</summary>
internal sealed class StartupFailure : Exception
{
    public StartupFailure(string message)
        : base(OneLine(message))
    {
    }

    public StartupFailure(string message, Exception inner)
        : base(OneLine(message), inner)
    {
    }

    private static string OneLine(string message) => string.Join(' ', message.Split(['\r', '\n'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));
}
