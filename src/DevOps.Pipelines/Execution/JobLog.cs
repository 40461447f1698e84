using System.Collections.Immutable;

namespace DevOps.Pipelines;

/// <summary>The last lines that a job wrote, within the bounds of the run.</summary>
internal sealed class JobLog(RunOptions options)
{
    private readonly Queue<LogLine> _lines = new();
    private long _length;

    internal ImmutableArray<LogLine> Lines
    {
        get
        {
            lock (_lines)
            {
                return [.. _lines];
            }
        }
    }

    internal void Add(LogLine line)
    {
        lock (_lines)
        {
            _lines.Enqueue(line);
            _length += line.Text.Length;
            while (_lines.Count > options.MaxLogLines || (_length > options.MaxLogLength && _lines.Count > 1))
            {
                _length -= _lines.Dequeue().Text.Length;
            }
        }
    }
}
