using System.Text;

namespace DevOps.Pipelines;

/// <summary>Takes the lines of a process from both of its outputs: all to the log, the first of one for the result, the last of both for an error.</summary>
internal sealed class OutputCollector(int maxOutputLength, int lastLineCount, Action<LogSource, string> log)
{
    private readonly StringBuilder _output = new();
    private readonly Queue<string> _last = new();
    private readonly Lock _lock = new();
    private long _length;
    private bool _full;
    private bool _closed;

    internal string Output
    {
        get
        {
            lock (_lock)
            {
                return _output.ToString();
            }
        }
    }

    /// <summary>Gets how many characters came so far, ends of lines included.</summary>
    internal long Length => Interlocked.Read(ref _length);

    internal string LastLines
    {
        get
        {
            lock (_lock)
            {
                return string.Join('\n', _last);
            }
        }
    }

    /// <summary>Ends the taking: what comes after is of a helper that the process left behind, and is dropped.</summary>
    internal void Close()
    {
        lock (_lock)
        {
            _closed = true;
        }
    }

    internal void Add(LogSource source, string line, bool isEnd)
    {
        // The lock is held while the line is logged, so that after Close no line is on its way.
        lock (_lock)
        {
            if (_closed)
            {
                return;
            }

            Interlocked.Add(ref _length, line.Length + 1);
            _full |= source == LogSource.Output && _output.Length + line.Length >= maxOutputLength;
            if (source == LogSource.Output && !_full)
            {
                _output.Append(line);
                if (isEnd)
                {
                    _output.Append('\n');
                }
            }

            _last.Enqueue(line);
            if (_last.Count > lastLineCount)
            {
                _last.Dequeue();
            }

            log(source, line);
        }
    }
}
