using System.Text;
using Microsoft.Extensions.Logging;

namespace Gatehouse.Testing.Logging;

/// <summary>Keeps everything that is logged, scopes and exceptions included, to look for what must not be there.</summary>
public sealed class CapturedLog
{
    private readonly StringBuilder _text = new();

    /// <summary>All of it.</summary>
    public string Text
    {
        get
        {
            lock (_text)
                return _text.ToString();
        }
    }

    /// <summary>Takes all that this factory's loggers are told from now on.</summary>
    public void Attach(ILoggerFactory loggers)
    {
        ArgumentNullException.ThrowIfNull(loggers);
        loggers.AddProvider(new Sink(this));
    }

    private void Append(string line)
    {
        lock (_text)
            _text.AppendLine(line);
    }

    private sealed class Sink(CapturedLog log) : ILoggerProvider, ILogger
    {
        public ILogger CreateLogger(string categoryName) => this;

        public bool IsEnabled(LogLevel logLevel) => true;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull
        {
            log.Append($"{state}");
            return null;
        }

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            log.Append($"{formatter(state, exception)} {exception}");

        public void Dispose()
        {
        }
    }
}
