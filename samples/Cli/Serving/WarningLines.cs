using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Cli;

/// <summary>Tells of what the registry itself warns of.</summary>
internal sealed class WarningLines(Output output) : ILoggerFactory, ILogger
{
    private const string Hosting = "Microsoft.Extensions.Hosting.";

    public void AddProvider(ILoggerProvider provider)
    {
    }

    // What keeps a host from starting is thrown, and told there.
    public ILogger CreateLogger(string categoryName) => categoryName.StartsWith(Hosting, StringComparison.Ordinal) ? NullLogger.Instance : this;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => logLevel is >= LogLevel.Warning and not LogLevel.None;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (IsEnabled(logLevel))
        {
            string text = $"{formatter(state, exception)}{(exception is null ? "" : $": {exception.Message}")}";
            if (logLevel == LogLevel.Warning)
            {
                output.Progress($"warning: {text}");
            }
            else
            {
                output.Problem($"error: {text}");
            }
        }
    }

    public void Dispose()
    {
    }
}
